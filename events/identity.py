"""What identity tells: accounts, and the codes and links that messaging hands over."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from events.copies import CopyPart
from events.fact import Fact, Sealed

Channel = Literal["email", "sms", "post"]
AccountKind = Literal["member", "employer", "caseworker", "applicant"]
CodePurpose = Literal["activation", "second_factor", "return", "contact_change"]
RearmedBy = Literal["link", "terminal"]
FactorChange = Literal["totp_added", "totp_removed", "recovery_used"]


class AccountActivated(Fact, frozen=True, kw_only=True):
    """Somebody proved who they are and chose a password (S0:62-100, S1:57-90).

    ``reference`` names what the account opens: ``person:<id>`` for a member, ``company:<siren>`` for an employer, ``invitation:<id>`` for
    somebody invited (``activation_id`` is then that id), ``account:<id>`` for a caseworker.
    """

    name = "identity.account_activated.v1"
    account_id: UUID
    kind: AccountKind
    activation_id: UUID
    reference: str
    first_name: Sealed
    last_name: Sealed
    email: Sealed
    phone: Sealed | None = None

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class PhoneEnrolled(Fact, frozen=True, kw_only=True):
    """A phone became the second factor of an account: its e-mail, which was there before, is told (ASVS 6.3.7).

    ``reference`` names whom the account stands for: ``person:<id>`` for a member, else ``account:<id>``. Sensitive acts wait until
    ``hold_until``; ``phone`` is masked but for its last two digits.
    """

    name = "identity.phone_enrolled.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    phone: Sealed
    hold_until: datetime

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class ContactChanged(Fact, frozen=True, kw_only=True):
    """The e-mail or the phone of an account is another one, proved by a code (S0:275-281). The ``former`` one is told (ASVS 6.3.7).

    ``objection`` is the token by which whoever reads the former mailbox undoes it; ``objected``: it was just undone; ``phone_removed``: the
    account had no phone before what was undone, and has none now. Sensitive acts wait until ``hold_until``.
    """

    name = "identity.contact_changed.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    what: Literal["email", "phone"]
    email: Sealed
    hold_until: datetime
    phone: Sealed | None = None
    former: Sealed | None = None
    objection: Sealed | None = None
    objected: bool = False
    phone_removed: bool = False

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Something that stays of a deleted account: what, until when as people read it, and the legal text."""

    what: str
    until: str
    source: str


class AccountDeleted(Fact, frozen=True, kw_only=True):
    """Somebody deleted their account (S2:30): nothing opens with it any more. ``email`` receives the receipt, then is forgotten.

    ``reference`` names whom the account stood for: ``person:<id>`` for a member, else ``account:<id>``.
    """

    name = "identity.account_deleted.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    erased: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class ConsentChanged(Fact, frozen=True, kw_only=True):
    """Somebody accepts, or no longer accepts, to be written to about ``purpose`` by ``channel`` (S0:134).

    Codes and what the law or the contract make us say always go, whatever was answered.
    """

    name = "identity.consent_changed.v1"
    account_id: UUID
    reference: str
    purpose: str
    channel: Channel
    given: bool

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class CopyAsked(Fact, frozen=True, kw_only=True):
    """Somebody wants a copy of all their data (RGPD art. 15 and 20): each service tells its part.

    ``reference`` names whom the account stands for: ``person:<id>`` for a member, else ``account:<id>``.
    """

    name = "identity.copy_asked.v1"
    copy_id: UUID
    account_id: UUID
    kind: AccountKind
    reference: str

    @property
    def subject(self) -> str:
        return f"copy:{self.copy_id}"


class CopyReady(Fact, frozen=True, kw_only=True):
    """The archive that somebody asked for can be downloaded until ``expires_at``."""

    name = "identity.copy_ready.v1"
    copy_id: UUID
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    expires_at: datetime

    @property
    def subject(self) -> str:
        return f"copy:{self.copy_id}"


class IdentityPart(CopyPart, frozen=True, kw_only=True):
    """What identity holds of who asks: account, sessions, devices, consents."""

    name = "identity.copy_part.v1"


class MobileReplayed(Fact, frozen=True, kw_only=True):
    """A refresh token of a mobile application came twice: its session was ended, and its owner is told."""

    name = "identity.mobile_replayed.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    session_id: UUID

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class AccountAsked(Fact, frozen=True, kw_only=True):
    """Somebody filled the form that opens a space (S2:7): members says whose it is, if it is anybody's. ``birth_on`` is an ISO date."""

    name = "identity.account_asked.v1"
    opening_id: UUID
    first_name: Sealed
    last_name: Sealed
    birth_on: Sealed
    contract_number: Sealed

    @property
    def subject(self) -> str:
        return f"opening:{self.opening_id}"


class PasswordLinkIssued(Fact, frozen=True, kw_only=True):
    """A link to choose another password (S2:43), to hand over before ``expires_at``, never after."""

    name = "identity.password_link_issued.v1"
    link_id: UUID
    account_id: UUID
    kind: AccountKind
    to: Sealed
    first_name: Sealed
    token: Sealed
    expires_at: datetime

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class PasswordChanged(Fact, frozen=True, kw_only=True):
    """The password of an account is another: by a link when it was forgotten, or by whoever knew it. Its owner is told.

    ``reference`` names whom the account stands for: ``person:<id>`` for a member, else ``account:<id>``.
    """

    name = "identity.password_changed.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    how: Literal["reset", "changed"]
    changed_at: datetime

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class SecondFactorChanged(Fact, frozen=True, kw_only=True):
    """An authenticator application was added to an account or removed from it, or one of its recovery codes used. Its owner is told.

    ``reference`` names whom the account stands for: ``person:<id>`` for a member, else ``account:<id>``.
    """

    name = "identity.second_factor_changed.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    change: FactorChange
    changed_at: datetime

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class ProviderTied(Fact, frozen=True, kw_only=True):
    """Another house (OpenID Connect) opens an account from now on: its owner is told (ASVS 6.3.7).

    ``label`` is how the brand calls that house. ``reference``: ``person:<id>`` for a member, else ``account:<id>``.
    """

    name = "identity.provider_tied.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    label: str
    tied_at: datetime

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class AccessRearmed(Fact, frozen=True, kw_only=True):
    """A caseworker comes in again with a new password and a new application, as she had lost one of them. She is told.

    ``by`` says how: the link that a colleague had sent, or an operator's terminal.
    """

    name = "identity.access_rearmed.v1"
    account_id: UUID
    kind: AccountKind
    reference: str
    email: Sealed
    by: RearmedBy
    rearmed_at: datetime

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class CodeIssued(Fact, frozen=True, kw_only=True):
    """A one-time code to hand over before ``expires_at``, never after."""

    name = "identity.code_issued.v1"
    code_id: UUID
    purpose: CodePurpose
    kind: AccountKind
    channel: Channel
    to: Sealed
    code: Sealed
    expires_at: datetime

    @property
    def subject(self) -> str:
        return f"code:{self.code_id}"


class LinkIssued(Fact, frozen=True, kw_only=True):
    """A personal link to an affiliation form, with the code that a letter prints beside it (S1:210-216).

    ``to`` is an e-mail address, or a postal address whose lines are separated by line feeds.
    """

    name = "identity.link_issued.v1"
    link_id: UUID
    affiliation_id: UUID
    channel: Channel
    to: Sealed
    token: Sealed
    first_name: Sealed
    last_name: Sealed
    establishment_name: str
    expires_at: datetime
    reminder: bool = False

    @property
    def subject(self) -> str:
        return f"affiliation:{self.affiliation_id}"


class InvitationIssued(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """A link to hand over to somebody invited: to companies (S1:141: the first few of ``companies`` are named), or as a caseworker.

    ``renews``: to a caseworker who had lost what she came in with.
    """

    name = "identity.invitation_issued.v1"
    invitation_id: UUID
    kind: AccountKind
    to: Sealed
    token: Sealed
    first_name: Sealed
    company_names: tuple[str, ...] = ()
    companies: int = 0
    inviter: Sealed | None = None
    renews: bool = False
    issued_at: datetime
    expires_at: datetime

    @property
    def subject(self) -> str:
        return f"invitation:{self.invitation_id}"
