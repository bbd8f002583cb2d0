"""Pure rules: when to try again, how long to wait for a contact, which words a change of rights calls for, what an SMS can say, how what
changed is told, when a digest leaves."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from chassis.labels import _

Channel = Literal["email", "sms", "post"]
Variant = Literal["ended", "pending", "portability", "reopened", "kept"]

MAX_ATTEMPTS = 12
LONGEST_WAIT = timedelta(minutes=5)
CONTACT_PATIENCE = timedelta(days=3)
"""How long a notice waits for somebody we do not know yet: facts of two publishers cross within seconds, a restore within hours."""

KEPT_YEARS = 5
"""How long conversations and what was written stay after an account is deleted: what its receipt says (Code civil, art. 2224)."""

BELL = frozenset({
    "welcome", "phone_enrolled", "password_changed", "second_factor_changed", "provider_tied", "mobile_replayed",
    "copy_ready", "right_gained", "contact_restored", "answered",
    "rights_opened", "rights_ended", "rights_pending", "rights_portability", "rights_reopened", "rights_kept",
    "portability_received", "portability_proof_refused", "portability_refused", "portability_proof_due",
    "reimbursed", "reimbursement_corrected",
    "company_rights_ended", "company_rights_pending", "company_rights_portability", "company_rights_reopened", "company_rights_kept",
})  # fmt: skip
"""Templates that also ring the bell in the portals; the others carry a code or a link, and forget it once handed over."""

CODE_TEMPLATES: dict[Channel, str] = {"email": "code", "sms": "code", "post": "activation_letter"}
LINK_TEMPLATES: dict[tuple[Channel, bool], str] = {
    ("email", False): "affiliation_link",
    ("email", True): "affiliation_reminder",
    ("post", False): "affiliation_letter",
    ("post", True): "affiliation_letter",
}
"""By channel, and by whether it is a reminder (S1:249)."""

INVITATION_PAGE = "acces/invitation"
INVITATION_TEMPLATES: dict[tuple[str, bool], str] = {
    ("employer", False): "invitation",
    ("caseworker", False): "caseworker_invitation",
    ("caseworker", True): "caseworker_rearmed",
}
"""By who is invited, and by whether it gives a lost access back."""
DIGEST = "digest"
DIGEST_PAGE = "changements"
PURPOSES = {"follow_up": "follow_up"}
"""Templates that leave only for who accepts their purpose by their channel (S0:134). The others are codes, or what the law or the contract
make us say."""

THREAD_STATES = ("asked", "answered", "closed")
AUTHORS = ("member", "employer", "caseworker")

CHANGES = {
    "affiliation_sent": _("Formulaire d'affiliation envoyé"),
    "affiliation_finalised": _("Affiliation finalisée par le salarié"),
    "affiliation_abandoned": _("Affiliation abandonnée"),
    "affiliation_undelivered": _("Envoi non remis au salarié"),
    "rights_opened": _("Droits ouverts"),
    "rights_ended": _("Radiation"),
    "rights_pending": _("Fin de contrat, portabilité en attente de justificatif"),
    "rights_portability": _("Portabilité accordée"),
    "rights_reopened": _("Droits rouverts"),
    "rights_kept": _("Droits maintenus"),
}
"""What may change for the employees of a company (S1:244-249, S1:312), as its list calls it."""
DETAILS = {
    "medium": "{}",
    "starts_on": _("À compter du {}."),
    "ends_on": _("Dernier jour couvert : {}."),
    "former_end": _("Il était annoncé au {}."),
    "portability_months": _("{} mois possibles."),
    "portability_ends_on": _("Portabilité jusqu'au {} au plus."),
    "reason": "{}",
}
"""What is said of a change, in this order, of what is known of it."""
CHANNELS: dict[str, str] = {"email": _("E-mail"), "sms": _("SMS"), "post": _("Courrier postal")}
REFUSALS = {
    "address_refused": _("L'adresse n'existe pas, ou refuse nos messages."),
    "mail_refused": _("La messagerie du destinataire refuse ce message."),
    "unwritable_header": _("L'adresse ne peut pas être écrite dans un e-mail."),
    "no_address": _("Aucune adresse n'est connue."),
    "too_many_attempts": _("Le transporteur n'a pas répondu, essai après essai."),
}
REFUSED = _("Le transporteur a refusé ce message.")
MEDIA = {"email": _("Envoyé par e-mail."), "post": _("Envoyé par courrier postal.")}
UNDELIVERED = {"email": _("L'e-mail a été refusé."), "post": _("La lettre est revenue."), "sms": _("Le SMS a été refusé.")}
CHANGES_KEPT = timedelta(days=400)
"""A change is shown for a year and a month; the rights themselves are members'."""

FREQUENCIES = {"daily": _("Chaque jour"), "weekly": _("Chaque semaine"), "never": _("Jamais")}

VARIANTS: dict[str, Variant] = {"ended": "ended", "portability_pending": "pending", "portability": "portability"}
ENDINGS = frozenset({"ended", "portability_pending"})
"""What a fact says of rights that stop at ``ends_on``."""
WELCOMED = frozenset({"member", "employer"})
PARIS = ZoneInfo("Europe/Paris")
SPACES: dict[str, str] = {"employer": "entreprise", "caseworker": "conseil"}
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic alphabet of GSM 03.38: one character outside it and an SMS holds 70 characters instead of 160."""
SMS_LENGTH = 160
TYPED = {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "œ": "oe", "Œ": "OE"}
"""What a telephone keyboard types instead."""


def back_off(attempts: int) -> timedelta:
    """How long to wait before the next try: 2 s, then three times longer each time, at most five minutes."""
    return min(timedelta(seconds=2 * 3 ** min(attempts - 1, 8)), LONGEST_WAIT)


def kept_until(deleted_on: date) -> date:
    """The day on which what was said to a deleted account goes; the last of February for a 29th that is not there."""
    try:
        return deleted_on.replace(year=deleted_on.year + KEPT_YEARS)
    except ValueError:
        return deleted_on.replace(year=deleted_on.year + KEPT_YEARS, day=28)


def is_over(expires_at: datetime | None, now: datetime) -> bool:
    """Whether it is too late to hand a notice over: an expired code is never sent."""
    return expires_at is not None and expires_at <= now


def variant(status: str, before: Variant | None) -> Variant:
    """Which words tell a change of rights, ``before`` being what the person was last told of the same rights.

    Open rights were either closed before (S1:306, an end that the payroll cancels) or never stopped (62.016, the cover is kept).
    """
    if status in VARIANTS:
        return VARIANTS[status]
    return "kept" if before in (None, "reopened", "kept") else "reopened"


def former_end(said: Mapping[str, Any], before: Mapping[str, Any] | None) -> str | None:
    """The end (ISO) that somebody was told before, when an end told now replaces it (S1:306, a payroll that is cancelled and replaced)."""
    if before is None or not {said["status"], before.get("status")} <= ENDINGS:
        return None
    told, now = before["ends_on"], said["ends_on"]
    return told if told and now and told != now else None


def space_of(kind: str) -> str:
    """The portal of an account kind: ``assure`` unless the kind has its own."""
    return SPACES.get(kind, "assure")


def fits_one_sms(text: str) -> bool:
    """Whether a text goes out as one SMS of 160 characters."""
    return len(text) <= SMS_LENGTH and GSM7.issuperset(text)


def as_sms(text: str) -> str:
    """The text in the GSM alphabet: ``ê`` becomes ``e``, a no-break space a space, a curly apostrophe a straight one."""
    return "".join(character if character in GSM7 else _in_gsm7(character) for character in text)


def _in_gsm7(character: str) -> str:
    bare = unicodedata.normalize("NFKD", TYPED.get(character, character))
    return "".join(c for c in bare if c in GSM7) or ("" if unicodedata.combining(character) else "?")


def in_groups(code: str) -> str:
    """A code as it is easiest to copy: digits in threes (``123 456``), longer codes in fours (``AB12-CD34``), dashes kept as given."""
    if "-" in code or len(code) < 6:
        return code
    size, glue = (3, " ") if code.isdigit() and len(code) <= 6 else (4, "-")
    return glue.join(code[start : start + size] for start in range(0, len(code), size))


def working_day(start: date, days: int) -> date:
    """The day that comes ``days`` working days (Monday to Friday) after ``start``."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def detail(content: Mapping[str, Any]) -> str:
    """What is known of a change, as sentences: « Dernier jour couvert : 30/06/2026. Démission. »"""
    return " ".join(sentence.format(_written(content[key])) for key, sentence in DETAILS.items() if content.get(key))


def _written(value: Any) -> str:
    """A date (ISO) as people write it, the rest as it is."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}" if isinstance(value, str) else str(value)
    except ValueError:
        return str(value)


def next_digest(frequency: str, today: date, *, hour: int, weekday: int) -> datetime | None:
    """When the next digest leaves, after ``today``: at ``hour`` in Paris, each day or each ISO ``weekday`` (1 is Monday), or never."""
    if frequency == "never":
        return None
    days = 1 if frequency == "daily" else (weekday - today.isoweekday() - 1) % 7 + 1
    return datetime.combine(today + timedelta(days=days), time(hour), PARIS).astimezone(UTC)
