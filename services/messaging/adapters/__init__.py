"""The outside, real and fake: words (Jinja), letters (ReportLab), SMTP, Twilio, the printer's folder, and the demo's catcher."""

from services.messaging.actions.ports import Adapters, Courier, Parcel
from services.messaging.adapters.caught import CaughtCourier
from services.messaging.adapters.composer import Composer
from services.messaging.adapters.mail import SmtpMailer
from services.messaging.adapters.post import LocalPost
from services.messaging.adapters.sms import TwilioSms
from services.messaging.config import MessagingSettings


def make_adapters(settings: MessagingSettings) -> Adapters:
    """The couriers that ``delivery`` asks for, and the words they carry."""
    couriers = CATCHERS if settings.delivery == "caught" else _real(settings)
    return Adapters(composer=Composer(settings.public_url), couriers=couriers)


CATCHERS: dict[str, Courier] = {"email": CaughtCourier(), "sms": CaughtCourier(), "post": CaughtCourier()}


def _real(settings: MessagingSettings) -> dict[str, Courier]:
    return {"email": SmtpMailer(settings), "sms": TwilioSms(settings), "post": LocalPost(settings.letters)}


__all__ = ["Adapters", "Composer", "Courier", "LocalPost", "Parcel", "SmtpMailer", "TwilioSms", "make_adapters"]
