"""SMS by Twilio's Messages API, reached at an address of our choosing: the library has no setting for its host."""

import logging
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from services.messaging.actions.ports import Parcel
from services.messaging.config import MessagingSettings, MessagingWork
from services.messaging.errors import NotCarried, Refused, Unreachable

TOO_MANY = timedelta(seconds=30)
OURS_TO_FIX = {401, 403, 404}
"""Statuses that speak of our account, not of the message: an operator repairs them, the message waits."""


class TwilioSms:
    """Sends through one Twilio account. The library weighs 50 MB: it is loaded with the first SMS, not with the service."""

    joins = False

    def __init__(self, settings: MessagingSettings) -> None:
        self._settings = settings

    def carry(self, work: MessagingWork, parcel: Parcel) -> str:
        sent = self._ask(lambda client: client.messages.create(to=parcel.to, from_=parcel.sender, body=parcel.text), doubtful=True)
        return str(sent.sid)

    def already(self, parcel: Parcel, since: datetime) -> str | None:
        found = self._ask(
            lambda client: client.messages.list(to=parcel.to, date_sent_after=since.astimezone(UTC), limit=20), doubtful=False
        )
        return next((str(message.sid) for message in found if message.body == parcel.text), None)

    @cached_property
    def _client(self) -> Any:
        from twilio.rest import Client

        logging.getLogger("twilio").setLevel(logging.WARNING)  # its debug lines quote numbers and texts
        asked = self._settings
        return Client(asked.twilio_account, asked.twilio_token, http_client=_redirected(asked.twilio_url, asked.twilio_timeout))

    def _ask(self, question: Any, *, doubtful: bool) -> Any:
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return question(self._client)
        except TwilioRestException as error:
            raise _told(error.status, error.code, doubtful=doubtful) from None  # its text quotes the number
        except (RequestException, TwilioException, ValueError):
            raise Unreachable("twilio_away", doubtful=doubtful) from None


def _redirected(base: str, timeout: float) -> Any:
    """Twilio's HTTP client, speaking to ``base`` (scheme and host) with a bounded wait and no retries of its own."""
    from twilio.http.http_client import TwilioHttpClient

    scheme, host = urlsplit(base)[:2]

    class RedirectedClient(TwilioHttpClient):
        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            path = urlsplit(url)._replace(scheme=scheme, netloc=host)
            return super().request(method, urlunsplit(path), *args, **kwargs)

    return RedirectedClient(pool_connections=True, timeout=timeout, max_retries=0)


def _told(status: int, code: int, *, doubtful: bool) -> NotCarried:
    if status == 429:
        return Unreachable("twilio_busy", wait=TOO_MANY)
    if status >= 500:
        return Unreachable("twilio_failing", doubtful=doubtful)
    if status in OURS_TO_FIX:
        return Unreachable(f"twilio_{code}")
    return Refused(f"twilio_{code}")
