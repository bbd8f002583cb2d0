"""What people may be written to about, by which channel: only what they accept (S0:134; RGPD art. 6-1-a and 7).

Codes, security warnings and what the law or the contract make us say are in no line of this table: they always go.
"""

from chassis.labels import _

PURPOSES = {
    "follow_up": _("Le suivi de vos droits et de vos démarches, en plus de l'e-mail"),
    "services": _("Les services et la prévention compris dans votre contrat"),
    "satisfaction": _("Les enquêtes de satisfaction"),
}
CHANNELS = {"email": _("E-mail"), "sms": _("SMS"), "post": _("Courrier")}
QUESTIONS: dict[str, tuple[str, ...]] = {
    "follow_up": ("sms",),
    "services": ("email", "sms", "post"),
    "satisfaction": ("email", "sms"),
}
"""Which channels are asked about for each purpose; without an answer, nothing is sent."""


def is_asked(purpose: str, channel: str) -> bool:
    """Whether there is such a question."""
    return channel in QUESTIONS.get(purpose, ())
