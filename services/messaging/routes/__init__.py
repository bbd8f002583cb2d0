"""The HTTP doors: the bell, the mailbox, and the demo's caught messages behind the edge's secret."""

from services.messaging.routes.bell import bell, inside
from services.messaging.routes.threads import desk, mailbox, mine

DOORS = (bell, inside, mailbox, mine, desk)
