"""Acts on a whole company that wait for a second person."""

from chassis.four_eyes import Act
from services.employers.models.base import Base


class PendingAct(Act, Base):
    """What a caseworker asks to do to a company; ``subject`` is ``company:<siren>``."""

    @property
    def siren(self) -> str:
        return self.subject.removeprefix("company:")
