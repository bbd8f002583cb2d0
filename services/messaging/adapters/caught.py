"""The demo's catcher: keeps what would have left, in the transaction that hands it over."""

import base64
from datetime import datetime

from chassis import ids
from services.messaging.actions.ports import Parcel
from services.messaging.config import MessagingWork
from services.messaging.models import Caught


class CaughtCourier:
    """Mail, SMS and letters alike end in the ``caught`` table; ``/_inbox`` shows them."""

    joins = True

    def carry(self, work: MessagingWork, parcel: Parcel) -> str:
        content = {
            "to": parcel.to,
            "subject": parcel.subject,
            "text": parcel.text,
            "html": parcel.html or None,
            "link": parcel.link,
            "code": parcel.code,
        }
        pdf = base64.b64encode(parcel.pdf).decode() if parcel.pdf else None
        message = Caught(id=ids.uuid7(), channel=parcel.channel, brand=parcel.brand, at=work.now, content=content, pdf=pdf)
        work.session.add(message)
        return f"caught:{message.id}"

    def already(self, parcel: Parcel, since: datetime) -> str | None:
        return None  # what was caught was committed together with its notice
