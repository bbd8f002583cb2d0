"""What an administrator of the platform asks, and another one must approve."""

import uuid

from chassis.four_eyes import Act
from services.identity.models.base import Base


class PendingAct(Act, Base):
    """An administrator's access, to be given back; ``subject`` is ``account:<id>``."""

    @property
    def account_id(self) -> uuid.UUID:
        return uuid.UUID(self.subject.removeprefix("account:"))
