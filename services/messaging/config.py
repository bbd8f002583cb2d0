"""What messaging is told at start: how it delivers, and the ``[messaging]`` table of each brand."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec

from chassis.config import BadConfiguration, Settings
from chassis.work import Work

CAUGHT_IN_PRODUCTION = "Le réglage « delivery: caught » garde les messages au lieu de les envoyer : il est refusé en production."
CLEAR_LINKS = "Le réglage « public_url » écrit des liens personnels : en production, il commence par « https:// »."
MISSING = "Le réglage « {name} » est vide : « delivery: real » en a besoin."
NEEDED = ("smtp_host", "twilio_account", "twilio_token")


class MessagingSettings(Settings, frozen=True, kw_only=True):
    """``public_url`` makes the links people receive; ``{space}`` and ``{brand}`` are replaced. Timeouts are in seconds.

    ``twilio_url`` is where the Messages API is reached: a test points it at its own server, an operator at a proxy.
    """

    delivery: Literal["caught", "real"] = "caught"
    public_url: str = "http://{space}.{brand}.localhost:8080"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_timeout: float = 10.0
    twilio_account: str = ""
    twilio_token: str = ""
    twilio_url: str = "https://api.twilio.com"
    twilio_timeout: float = 10.0
    letters: Path = Path(".affilia/letters")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode == "production":
            self._refuse_demonstration()
        if self.delivery == "real":
            self._require_couriers()

    def _refuse_demonstration(self) -> None:
        if self.delivery == "caught":
            raise BadConfiguration(CAUGHT_IN_PRODUCTION)
        if not self.public_url.startswith("https://"):
            raise BadConfiguration(CLEAR_LINKS)

    def _require_couriers(self) -> None:
        for name in NEEDED:
            if not getattr(self, name):
                raise BadConfiguration(MISSING.format(name=name))


class MessagingWording(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a brand calls its own places, and what it asks for."""

    member_space: str
    employer_space: str
    affiliation_subject: str
    portability_proof: str


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What does at once what somebody would write about: its ``page``, the ``api`` operation behind it, and ``why`` it is better than a
    message. ``payroll`` keeps it for companies that emit DSN, or for those that do not (S1:312-314)."""

    label: str
    why: str
    page: Annotated[str, msgspec.Meta(pattern=r"^/[a-z0-9/-]*$")]
    api: Annotated[str, msgspec.Meta(pattern=r"^(GET|POST) /api/[a-z0-9/-]+$")]
    payroll: Literal["any", "dsn", "no_dsn"] = "any"


class Motif(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody may write about (S1:327-340, S0:247): an answer is promised within ``days`` working days. ``about_employee``: the
    message may say of whom; ``offers`` are shown before it."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    space: Literal["assure", "entreprise"]
    group: str
    label: str
    days: Annotated[int, msgspec.Meta(ge=1)]
    about_employee: bool = False
    offers: tuple[Offer, ...] = ()


class DigestRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the digest of what changed leaves: at ``hour`` in Paris, the weekly one on ISO ``weekday`` (1 is Monday)."""

    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 7
    weekday: Annotated[int, msgspec.Meta(ge=1, le=7)] = 1


class MessagingBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[messaging]`` table. ``postal_return`` is the sender's address on letters, one line each, the name first; a message carries
    ``most_documents`` (S1:342)."""

    signature: str
    postal_return: tuple[str, ...]
    wording: MessagingWording
    motifs: tuple[Motif, ...] = ()
    most_documents: Annotated[int, msgspec.Meta(ge=1)] = 6
    digest: DigestRule = DigestRule()

    def motif(self, space: str, key: str) -> Motif | None:
        """What a key means in a space."""
        return next((motif for motif in self.motifs if (motif.space, motif.key) == (space, key)), None)


MessagingWork: TypeAlias = Work[MessagingBrand]
