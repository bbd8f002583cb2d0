"""The demo's messages as a newcomer sees them."""

from typing import Any

import pyotp
import pytest
from flask import Flask

from gateway import caught, config, edge
from gateway.config import Settings

SMS = {"id": "1", "channel": "sms", "brand": "hcr", "to": "+33639980001", "subject": "", "text": "Votre code : 482 913.", "code": "482913"}
MAIL = SMS | {"channel": "email", "to": "claire@exemple.fr", "subject": "Votre code", "link": "http://assure.hcr.localhost:8080/acces/x"}


@pytest.fixture
def app(settings: Settings) -> Flask:
    return edge.create(settings, config.brands(settings.brands), None, {})  # type: ignore[arg-type]  # the list alone asks no service


def shown(app: Flask, *messages: dict[str, Any], logins: tuple[caught.Login, ...] = ()) -> str:
    words = {"messages": messages, "logins": logins, "channels": caught.CHANNELS, "brands": {}}
    return app.jinja_env.get_template("_messages.html").render(words)


def test_an_sms_says_whose_telephone_rang_and_stands_open(app: Flask):
    page = shown(app, SMS)
    assert "<h2>SMS au 06 39 98 00 01</h2>" in page
    assert "<details open>" in page


def test_a_mail_shows_its_code_and_its_link_before_its_folded_text(app: Flask):
    page = shown(app, MAIL)
    assert page.index('data-copy="482913"') < page.index(f'href="{MAIL["link"]}"') < page.index("<details>") < page.index("482 913")


def test_the_code_of_camille_is_named(app: Flask):
    camille = caught.Login(role="conseiller", email="camille@exemple.fr", password="x", totp=pyotp.random_base32())
    lucie = caught.Login(role="employeur", email="lucie@exemple.fr", password="x")
    assert shown(app, logins=(camille, lucie)).count("Code du moment") == 1
