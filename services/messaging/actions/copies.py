"""The part of messaging in the copy of somebody's data: where one is reached, what one accepts, what one was sent."""

from chassis.copies import Section, section
from chassis.labels import _
from events.identity import CopyAsked
from services.messaging import access
from services.messaging.config import MessagingWork

CONTACT = {"first_name": _("Prénom"), "last_name": _("Nom"), "email": _("Adresse e-mail"), "phone": _("Téléphone")}
CONSENTS = {"purpose": _("Sujet"), "channel": _("Moyen"), "given": _("Accepté"), "told_at": _("Le")}
THREADS = {"motif_label": _("Motif"), "object": _("Objet"), "state": _("Situation"), "opened_at": _("Ouverte le")}
DIGEST = {"frequency": _("Rythme"), "chosen_at": _("Choisi le")}
MESSAGES = {"at": _("Le"), "author": _("De"), "text": _("Message")}
NOTICES = {
    "template": _("Message"),
    "channel": _("Moyen"),
    "state": _("Situation"),
    "created_at": _("Écrit le"),
    "handed_over_at": _("Parti le"),
    "read_at": _("Lu le"),
}


def gather(work: MessagingWork, asked: CopyAsked) -> list[Section]:
    """What messaging holds of who asks; codes and links are forgotten as soon as they have left."""
    contact = access.contact(work, asked.reference)
    return [
        section("contact", _("Où nous vous écrivons"), CONTACT, [contact] if contact else []),
        section("consents", _("Ce que vous acceptez"), CONSENTS, access.consents_of(work, asked.reference)),
        section("digest", _("Votre résumé par e-mail"), DIGEST, access.digests_of(work, asked.account_id)),
        section("threads", _("Vos conversations"), THREADS, access.threads_of(work, asked.reference)),
        section("messages", _("Leurs messages"), MESSAGES, access.messages_of(work, asked.reference)),
        section("notices", _("Ce que nous vous avons écrit"), NOTICES, access.notices_to(work, asked.reference)),
    ]
