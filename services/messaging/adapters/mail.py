"""E-mail by SMTP: one text and HTML pair, a Message-ID that stays the same however often it is tried."""

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from services.messaging.actions.ports import Parcel
from services.messaging.config import MessagingSettings, MessagingWork
from services.messaging.errors import NotCarried, Refused, Unreachable


class SmtpMailer:
    """Hands mails to one SMTP server, a connection each, every wait bounded by ``smtp_timeout``."""

    joins = False

    def __init__(self, settings: MessagingSettings) -> None:
        self._settings = settings

    def carry(self, work: MessagingWork, parcel: Parcel) -> str:
        message = letter_of(parcel, work.now)
        try:
            with self._connect() as server:
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise _told(error) from None  # its text quotes the address
        return str(message["Message-ID"])

    def already(self, parcel: Parcel, since: datetime) -> str | None:
        return None  # SMTP cannot be asked; the same Message-ID lets mailboxes fold the double

    def _connect(self) -> smtplib.SMTP:
        asked = self._settings
        if asked.smtp_tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(asked.smtp_host, asked.smtp_port, timeout=asked.smtp_timeout, context=_trust())
        else:
            server = smtplib.SMTP(asked.smtp_host, asked.smtp_port, timeout=asked.smtp_timeout)
        try:
            return self._signed_in(server)
        except BaseException:
            server.close()
            raise

    def _signed_in(self, server: smtplib.SMTP) -> smtplib.SMTP:
        if self._settings.smtp_tls == "starttls":
            server.starttls(context=_trust())
        if self._settings.smtp_user:
            server.login(self._settings.smtp_user, self._settings.smtp_password)
        return server


def letter_of(parcel: Parcel, now: datetime) -> EmailMessage:
    """The MIME message of a parcel. Raises ``Refused`` when a header cannot hold what it was given (a line break in an address)."""
    message = EmailMessage()
    try:
        message["Subject"] = parcel.subject
        message["From"] = Address(parcel.sender_name, addr_spec=parcel.sender)
        message["To"] = Address(addr_spec=parcel.to)
    except ValueError as error:
        raise Refused("unwritable_header") from error
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{parcel.id}@{parcel.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answer, please
    message["Content-Language"] = "fr"
    message.set_content(parcel.text)
    message.add_alternative(parcel.html, subtype="html")
    return message


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _told(error: Exception) -> NotCarried:
    """A server's no, in our words: 5xx about this mail is for ever; our own sign-in, 4xx and silence are for now."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Unreachable("smtp_sign_in")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _ in error.recipients.values()}
        return Refused("address_refused") if min(codes) >= 500 else Unreachable("smtp_busy")
    if isinstance(error, smtplib.SMTPResponseException):
        return Refused("mail_refused") if error.smtp_code >= 500 else Unreachable("smtp_busy")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Unreachable("smtp_without_tls")
    return Unreachable("smtp_away", doubtful=True)
