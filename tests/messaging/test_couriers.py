"""Real carriers on the loopback: an SMTP server, a small Twilio, the printer's folder."""

import socket
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest
from aiosmtpd.controller import Controller

from chassis.config import BadConfiguration
from services.messaging.actions.ports import Parcel
from services.messaging.adapters import LocalPost, SmtpMailer, TwilioSms
from services.messaging.config import MessagingSettings
from services.messaging.errors import Refused, Unreachable
from tests.messaging.twilio_server import twilio

MAIL = Parcel(
    id=uuid.UUID("01900000-0000-7000-8000-000000000001"), channel="email", brand="hcr", sender="ne-pas-repondre@hcr.example",
    sender_name="HCR Bien-Être", to="claire.martin@exemple.fr", subject="Votre accès « santé »",
    text="Bonjour Zoé,\n", html="<p>Bonjour Zoé,</p>",
)  # fmt: skip
SMS = replace(MAIL, channel="sms", sender="HCRBienEtre", to="+33639980001", text="HCR : 482 913 est votre code.", html="")
LETTER = replace(MAIL, channel="post", pdf=b"%PDF-1.4 essai")


class Box:
    """An SMTP server's mind: it keeps mails, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.mails, self.answers = [], []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 Message accepted"


def settings(keys, **changes):
    plain = {"smtp_host": "127.0.0.1", "smtp_tls": "none", "smtp_timeout": 2.0, "twilio_account": "AC0123", "twilio_token": "secret"}
    return MessagingSettings(mode="test", database_url="", brands=Path("."), keys=keys, delivery="real", **plain | changes)


@contextmanager
def mailbox():
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Moment:
    """What a courier asks of a work: the time."""

    now = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_a_mail_arrives_whole_in_text_and_html_with_accents(keys):
    with mailbox() as (box, port):
        reference = SmtpMailer(settings(keys, smtp_port=port)).carry(Moment, MAIL)
    [(to, mail)] = box.mails
    assert to == ["claire.martin@exemple.fr"]
    assert mail["Message-ID"] == reference == f"<{MAIL.id}@hcr.example>"
    assert (mail["Subject"], mail["From"]) == ("Votre accès « santé »", "HCR Bien-Être <ne-pas-repondre@hcr.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().strip() == "Bonjour Zoé,"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Bonjour Zoé,</p>"


@pytest.mark.parametrize(
    ("answer", "refusal", "reason"),
    [("550 no such user", Refused, "address_refused"), ("451 try again later", Unreachable, "smtp_busy")],
)
def test_what_the_mail_server_says_decides_whether_to_try_again(keys, answer, refusal, reason):
    with mailbox() as (box, port):
        box.answers.append(answer)
        with pytest.raises(refusal, match=reason):
            SmtpMailer(settings(keys, smtp_port=port)).carry(Moment, MAIL)
    assert box.mails == []


def test_no_mail_server_at_all_is_for_now_and_says_that_it_may_have_left(keys):
    with pytest.raises(Unreachable, match="smtp_away") as caught:
        SmtpMailer(settings(keys, smtp_port=_free_port())).carry(Moment, MAIL)
    assert caught.value.doubtful


def test_a_server_without_tls_gets_no_mail_when_tls_is_asked(keys):
    with mailbox() as (box, port), pytest.raises(Unreachable, match="smtp_without_tls"):
        SmtpMailer(settings(keys, smtp_port=port, smtp_tls="starttls")).carry(Moment, MAIL)
    assert box.mails == []


def test_our_own_wrong_password_does_not_lose_the_mail(keys):
    with mailbox() as (_box, port), pytest.raises(Unreachable, match="smtp_"):
        SmtpMailer(settings(keys, smtp_port=port, smtp_user="nous", smtp_password="faux")).carry(Moment, MAIL)


@pytest.mark.parametrize("address", ["claire@exemple.fr\nBcc: tous@exemple.fr", "pas une adresse"])
def test_an_address_cannot_bring_a_header_along(keys, address):
    with mailbox() as (box, port), pytest.raises(Refused, match="unwritable_header"):
        SmtpMailer(settings(keys, smtp_port=port)).carry(Moment, replace(MAIL, to=address))
    assert box.mails == []


def test_an_sms_goes_through_the_server_of_our_choosing(keys):
    with twilio() as server:
        reference = TwilioSms(settings(keys, twilio_url=server.url)).carry(Moment, SMS)
    assert [(m["sid"], m["to"], m["from"], m["body"]) for m in server.sent] == [(reference, SMS.to, "HCRBienEtre", SMS.text)]


@pytest.mark.parametrize(
    ("code", "refusal", "reason", "doubtful"),
    [
        (21211, Refused, "twilio_21211", None),
        (20429, Unreachable, "twilio_busy", False),
        (20003, Unreachable, "twilio_20003", False),
        (20500, Unreachable, "twilio_failing", True),
    ],
)
def test_each_error_of_twilio_is_for_ever_or_for_now_and_never_quotes_the_number(keys, code, refusal, reason, doubtful):
    with twilio() as server:
        server.next_errors.append(code)
        sms = TwilioSms(settings(keys, twilio_url=server.url))
        with pytest.raises(refusal) as caught:
            sms.carry(Moment, SMS)
    assert caught.value.reason == reason
    assert getattr(caught.value, "doubtful", None) == doubtful
    assert "33639980001" not in repr(caught.value)
    if code == 20429:
        assert caught.value.wait >= timedelta(seconds=30)


def test_a_twilio_that_takes_the_sms_and_says_nothing_is_asked_before_any_second_one(keys):
    with twilio() as server:
        server.swallows = 0.5
        sms = TwilioSms(settings(keys, twilio_url=server.url, twilio_timeout=0.2))
        with pytest.raises(Unreachable, match="twilio_away") as caught:
            sms.carry(Moment, SMS)
        assert caught.value.doubtful
        assert sms.already(SMS, Moment.now) == server.sent[0]["sid"]
        assert sms.already(replace(SMS, text="autre code"), Moment.now) is None


def test_a_letter_is_in_the_folder_whole_and_once(tmp_path):
    folder = LocalPost(tmp_path / "letters")
    assert folder.already(LETTER, Moment.now) is None
    assert folder.carry(Moment, LETTER) == f"{LETTER.id}.pdf"
    assert folder.already(LETTER, Moment.now) == f"{LETTER.id}.pdf"
    assert [path.read_bytes() for path in (tmp_path / "letters").iterdir()] == [LETTER.pdf]


def test_a_folder_that_cannot_be_written_is_for_now(tmp_path):
    (tmp_path / "letters").write_text("a file where a folder should be")
    with pytest.raises(Unreachable, match="folder_unwritable"):
        LocalPost(tmp_path / "letters").carry(Moment, LETTER)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mode": "production", "delivery": "caught"}, "caught"),
        ({"mode": "production", "delivery": "real", "public_url": "http://x"}, "https://"),
        ({"mode": "test", "delivery": "real", "smtp_host": ""}, "smtp_host"),
        ({"mode": "test", "delivery": "real", "twilio_token": ""}, "twilio_token"),
    ],
)
def test_a_dangerous_or_incomplete_setting_stops_the_process_with_a_sentence(keys, changes, said):
    production = msgspec.structs.replace(keys, vault={"v1": "x"}, events={"e1": "x"}, feed={"f1": "x"}, jwks={})
    plain = {"smtp_host": "h", "twilio_account": "AC", "twilio_token": "t", "public_url": "https://{space}.{brand}.fr"} | changes
    with pytest.raises(BadConfiguration, match=said):
        MessagingSettings(database_url="", brands=Path("."), keys=production, **plain)
