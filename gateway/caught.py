"""``/_inbox``: the mails, SMS and letters that the demo keeps instead of sending, with their codes. Not there unless asked for."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
import pyotp
from flask import Blueprint, Response, abort, jsonify, render_template, request

from chassis.work import PARIS
from gateway import words
from gateway.house import house

door = Blueprint("caught", __name__, url_prefix="/_inbox")

OWNER = "messaging"
LONGEST_ID = 60
SHOWN = 200
CHANNELS = {"email": "E-mail", "sms": "SMS", "post": "Lettre"}


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """A demo account, as the file of logins lists it; ``totp`` is the secret of its second factor (base32)."""

    role: str
    email: str
    password: str
    space: str = ""
    brand: str = "hcr"
    totp: str = ""

    @property
    def code(self) -> str:
        """The second factor's code at this instant."""
        return pyotp.TOTP(self.totp).now() if self.totp else ""


@door.before_request
def _only_in_the_demo() -> None:
    if not house().settings.show_caught:
        abort(404)


@door.get("")
def inbox() -> str:
    """The box, newest first."""
    return render_template("inbox.html", messages=messages(), logins=logins(), channels=CHANNELS)


@door.get("/list")
def listing() -> str:
    """The list alone, which the page's script puts in the place of the one it shows."""
    return render_template("_messages.html", messages=messages(), logins=logins(), channels=CHANNELS)


@door.get("/messages.json")
def messages_json() -> Response:
    """The same, for programs: ``{"items": [{id, channel, to, subject, text, code, link, pdf, at}]}``."""
    return jsonify(items=messages())


@door.get("/<caught_id>.pdf")
def letter(caught_id: str) -> Response:
    """A letter, shown in the browser, or saved with ``?save``."""
    if len(caught_id) > LONGEST_ID or OWNER not in house().services:
        abort(404)
    answer = house().ask_inside(OWNER, f"/_/caught/{quote(caught_id, safe='')}/attachment.pdf")
    if answer.status != 200:
        abort(404)
    disposition = "attachment" if "save" in request.args else "inline"
    headers = {"Content-Disposition": f'{disposition}; filename="lettre-{quote(caught_id)}.pdf"'}
    return Response(answer.body, mimetype="application/pdf", headers=headers)


def messages() -> list[dict[str, Any]]:
    """What messaging kept, newest first, each letter with the address of its PDF here."""
    items = house().ask_inside(OWNER, f"/_/caught?limit={SHOWN}").json()["items"] if OWNER in house().services else []
    return [item | {"pdf": f"/_inbox/{item['id']}.pdf" if item.get("pdf") else None} for item in sorted(items, key=_age, reverse=True)]


def logins() -> list[Login]:
    """The demo accounts, when the file that lists them is there already."""
    file = house().settings.logins
    return msgspec.json.decode(file.read_bytes(), type=list[Login]) if file and file.exists() else []


@door.app_template_filter("clock")
def clock(instant: str) -> str:
    """The time of day in Paris, from an ISO instant."""
    return datetime.fromisoformat(instant).astimezone(PARIS).strftime("%H:%M:%S")


door.add_app_template_filter(words.unfolded)
door.add_app_template_filter(words.telephone)


def _age(item: dict[str, Any]) -> tuple[str, Any]:
    return str(item.get("at", "")), item["id"]
