"""The HTTP doors: the bell, what changed, the mailbox, and the demo's caught messages behind the edge's secret."""

from services.messaging.routes.bell import bell, inside, returns
from services.messaging.routes.changes import news
from services.messaging.routes.threads import desk, mailbox, mine

DOORS = (bell, inside, returns, news, mailbox, mine, desk)
