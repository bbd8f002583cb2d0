"""Every message of every brand, in words: nothing undefined, nothing remote, nothing that escapes."""

import html
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.config import read_brands
from chassis.testing import BRANDS
from services.messaging import rules
from services.messaging.adapters.composer import Composer, day, until
from services.messaging.config import MessagingBrand
from services.messaging.errors import Refused
from services.messaging.models import Notice

COMPOSER = Composer("https://{space}.{brand}.exemple.fr")
OURS = read_brands(BRANDS, "messaging", MessagingBrand)
WORD = re.compile(r"[^\W\d_]{4,}")
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
IN_TEN_MINUTES, IN_A_MONTH = ((NOW + wait).isoformat() for wait in (timedelta(minutes=10), timedelta(days=30)))

CODE = {"purpose": "activation", "code": "482913", "expires_at": IN_TEN_MINUTES, "first_name": ""}
LINK = {
    "token": "jeton", "first_name": "Dominique", "last_name": "ESSAI", "establishment": "RESTAURANT FICTIF", "expires_at": IN_A_MONTH,
    "reminder": False,
}  # fmt: skip
CHANGE = {
    "first_name": "Dominique", "establishment": "RESTAURANT FICTIF", "employee": None, "reason": "Rupture.", "source": "dsn",
    "ends_on": "2026-06-30", "portability_months": 6, "portability_ends_on": "2026-12-31", "former_end": "2026-07-02",
}  # fmt: skip
NOTHING_KNOWN = dict.fromkeys(CHANGE) | {
    "first_name": "",
    "establishment": "SIRET 123 456 782 00010",
    "reason": "Motif inconnu.",
    "source": "caseworker",
}
CONTACT = {"token": "jeton", "page": "acces/opposition", "hold_until": IN_A_MONTH}
OPENED = {"first_name": "", "establishment": "RESTAURANT FICTIF", "contract_label": "BASE", "starts_on": "2026-02-01"}
INVITED = {
    "token": "jeton", "first_name": "Paul", "company_names": ["SOCIETE FICTIVE", "AUTRE MAISON"], "others": 5, "inviter": "Lucie MARTIN",
    "expires_at": IN_A_MONTH,
}  # fmt: skip
GAINED = {"first_name": "Lucie", "who": "Paul ESSAI", "role": "user", "pending": False, "company_name": "SOCIETE FICTIVE"}
RIGHTS = [f"{whose}rights_{variant}" for whose in ("", "company_") for variant in ("ended", "pending", "portability", "reopened", "kept")]
ANSWERED = {"first_name": "", "reason": "Attestation illisible."}
FACTOR = {"changed_at": IN_TEN_MINUTES}
MAILS = [
    *(("code", CODE | {"purpose": purpose}) for purpose in ("activation", "second_factor", "return", "contact_change")),
    ("affiliation_link", LINK), ("affiliation_reminder", LINK), ("welcome", {"first_name": "Nadia"}),
    ("phone_enrolled", {"phone": "•• •• •• •• 66"}), ("rights_opened", OPENED), ("mobile_replayed", {}),
    ("copy_ready", {"expires_at": IN_A_MONTH}),
    ("portability_proof_due", {"first_name": "Dominique", "establishment": "RESTAURANT FICTIF", "until": "2026-11-09"}),
    ("account_deleted", {"erased": ["votre téléphone"], "kept": ["Vos droits : 5 ans (article 2224)"]}),
    *(("contact_changed", CONTACT | {"what": what}) for what in ("email", "phone")),
    *(("contact_restored", CONTACT | {"what": what}) for what in ("email", "phone")),
    ("invitation", INVITED), ("invitation", INVITED | {"company_names": ["SOCIETE FICTIVE"], "others": 0, "inviter": None}),
    ("answered", {"first_name": "Nadia", "motif": "Autre demande"}),
    ("reimbursed", {"first_name": "Dominique"}), ("reimbursement_corrected", {"first_name": "Dominique"}),
    ("caseworker_rearmed", INVITED), *(("access_rearmed", {"by": by, "rearmed_at": IN_TEN_MINUTES}) for by in ("link", "terminal")),
    ("caseworker_invitation", INVITED), ("right_gained", GAINED), ("right_gained", GAINED | {"pending": True, "who": None}),
    ("password_link", {"token": "jeton", "first_name": "Dominique", "expires_at": IN_TEN_MINUTES}),
    *(("second_factor_changed", FACTOR | {"change": change}) for change in ("totp_added", "totp_removed", "recovery_used")),
    ("provider_tied", {"label": "Continuer avec Exemple", "tied_at": IN_TEN_MINUTES}),
    *(("password_changed", {"how": how, "changed_at": IN_TEN_MINUTES}) for how in ("reset", "changed")),
    *((f"portability_{answer}", ANSWERED) for answer in ("received", "proof_refused", "refused")),
    ("digest", {"first_name": "Nadia", "total": 3, "rows": [["Radiation", "3"]], "frequency": "daily", "page": "changements"}),
    *((template, CHANGE) for template in RIGHTS), *((template, NOTHING_KNOWN) for template in RIGHTS),
]  # fmt: skip


def compose(template, values, brand="hcr", channel="email", space="assure", address="claire.martin@exemple.fr"):
    notice = Notice(id=uuid.uuid4(), template=template, channel=channel, brand=brand, space=space)
    return COMPOSER.parcel(notice, OURS[brand], values | {"now": NOW}, address)


@pytest.mark.parametrize("brand", OURS)
@pytest.mark.parametrize(("template", "values"), MAILS, ids=[name for name, _ in MAILS])
def test_every_mail_says_the_same_in_text_and_in_html_for_every_brand(brand, template, values):
    space = "entreprise" if template.startswith("company") else "assure"
    mail = compose(template, values, brand, space=space)
    bare = html.unescape(" ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", mail.html, flags=re.DOTALL).split()))
    assert mail.sender_name in bare
    assert OURS[brand].identity.colours["brand"] in mail.html
    assert "None" not in mail.text
    assert "\n\n\n" not in mail.text
    assert set(WORD.findall(mail.text.partition("\n--\n")[0])) <= set(WORD.findall(bare))
    assert not re.search(r"<(script|img|link|iframe)|url\(|@import|src=", mail.html)


def test_every_template_is_covered_here():
    ours = {path.stem for path in (Path(rules.__file__).parent / "templates" / "fr").glob("*.j2")}
    assert ours == {template for template, _ in MAILS} | {"affiliation_letter", "activation_letter", "follow_up"}
    assert ours >= rules.BELL


@pytest.mark.parametrize("brand", OURS)
@pytest.mark.parametrize("purpose", ["activation", "second_factor", "return", "contact_change"])
@pytest.mark.parametrize("expires_at", [IN_TEN_MINUTES, IN_A_MONTH])
def test_every_code_fits_one_sms(brand, purpose, expires_at):
    sms = compose("code", CODE | {"purpose": purpose, "expires_at": expires_at}, brand, "sms", address="+33639980001")
    assert rules.fits_one_sms(sms.text), sms.text
    assert "482 913" in sms.text


def test_a_name_with_markup_stays_a_name():
    mail = compose("affiliation_link", LINK | {"first_name": "<b>Zoé</b>", "establishment": "L'ÎLE & <script>alert(1)</script>"})
    assert "<script>" not in mail.html
    assert "&lt;b&gt;Zoé" in mail.html
    assert "L’ÎLE & <script>" in mail.text


def test_words_that_miss_a_value_are_refused_rather_than_sent_with_a_hole():
    with pytest.raises(Refused, match="unwritable_UndefinedError"):
        compose("rights_opened", {"first_name": "Zoé"})


def test_dates_and_delays_read_as_people_say_them():
    assert day("2026-07-01") == "1er juillet 2026"
    assert day("2026-06-30T22:30:00+00:00") == "1er juillet 2026"  # half past midnight in Paris
    assert until("2026-07-01T12:05:00+00:00", NOW) == "jusqu'à 14h05"
    assert until("2026-07-02T00:00:00+00:00", NOW) == "jusqu'au 2 juillet 2026"
