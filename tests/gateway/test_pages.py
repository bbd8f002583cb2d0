"""What people see at the edge: the start page, refusals explained, the API page, and the protections around every answer."""

import re

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import Client

from affilia import keys
from chassis.config import BadConfiguration
from chassis.testing import BRANDS, Bench
from gateway import config, reasons
from gateway.config import Settings
from gateway.embedded import Platform
from gateway.shield import PAGE_POLICY, PROTECTION
from tests.gateway.issuer import Issuer

FRONT = {"Host": "localhost:8080"}
PAGES = [
    "/",
    "/problemes/",
    "/problemes/introuvable",
    "/problemes/colis-trop-lourd",
    "/api/docs",
    "/_inbox",
    "/nulle-part",
    "/acces",
    "/acces/jeton-de-claire",
    "/acces/mot-de-passe/jeton-de-claire",
    "/acces/opposition/jeton-de-claire",
    "/producteurs",
]
OTHERS = [
    "/api/openapi.json",
    "/healthz",
    "/readyz",
    "/brand.css",
    "/static/house.css",
    "/static/nothing",
    "/_inbox/messages.json",
    "/_inbox/x.pdf",
    "/_feed/key",
    "/_feed/nowhere",
    "/api/parcels/parcels",
    "/api/nowhere",
    "/api/parcels/_/ready",
]


def test_the_start_page_links_every_space_of_every_brand_on_the_visitors_port(visit: Client):
    page = visit.get("/", headers=FRONT).text
    for brand in config.brands(BRANDS).values():
        assert f'data-brand="{brand.identity.key}"' in page
        for space in brand.own.spaces:
            assert f'href="//{space.host}:8080/"' in page


@pytest.mark.parametrize(("host", "section"), [("assure.harmonie", "Mes remboursements"), ("assure.hcr", "Accueil")])
def test_a_space_says_where_a_sign_in_lands(visit: Client, host: str, section: str):
    """S4:59, S0:139."""
    assert f"vous arrivez sur « {section} »" in visit.get("/", headers={"Host": f"{host}.localhost:8080"}).text


def test_each_space_speaks_in_the_name_of_its_brand(visit: Client):
    page = visit.get("/", headers={"Host": "entreprise.klesia-pro.localhost"}).text
    assert '<html lang="fr" data-brand="klesia-pro">' in page
    assert "Espace Entreprise" in page
    assert "HCR" not in page


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "HEAD", "PROPFIND"])
def test_every_answer_carries_every_protection(visit: Client, path: str, method: str):
    answer = visit.open(path, method=method, headers=FRONT, buffered=True)
    assert answer.status_code < 500, answer.text
    assert PROTECTION.keys() <= set(answer.headers.keys())
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert len(answer.headers.getlist("Content-Security-Policy")) == 1


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_script_and_no_style_of_its_own(visit: Client, path: str):
    answer = visit.get(path, headers=FRONT)
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == PAGE_POLICY
    assert '<meta charset="utf-8">' in answer.text
    assert not re.search(r"<style|\bstyle=|\bon\w+=|javascript:|<script(?![^>]*\bsrc=)", answer.text)
    assert not re.search(r"""(?:src|href)="https?:""", answer.text), "everything a page loads is ours"


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_loads_is_there(visit: Client, path: str):
    for asset in re.findall(r'(?:src|href)="(/(?:static|brand)[^"]+)"', visit.get(path, headers=FRONT).text):
        assert visit.get(asset, headers=FRONT, buffered=True).status_code == 200, asset


def test_the_brands_colours_are_one_stylesheet_kept_for_a_year(visit: Client):
    answer = visit.get("/brand.css?v=1", headers=FRONT)
    assert '[data-brand="hcr"] { --brand-ink: #ffffff; --brand-soft: #e6f1f5; --accent: #c2410c; --brand: #0b4f6c; }' in answer.text
    assert "immutable" in answer.headers["Cache-Control"]


ASSURE, TOKEN = {"Host": "assure.hcr.localhost:8080"}, "K7PM-3XQ9-TR4V"


def test_the_link_of_a_mail_leads_claire_to_a_page_that_uses_nothing_up(
    visit: Client, bench: Bench, issuer: Issuer, capsys: pytest.CaptureFixture[str]
):
    for method in ("GET", "HEAD", "GET"):
        page = visit.open(f"/acces/{TOKEN}", method=method, headers=ASSURE)
        assert (page.status_code, page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (200, "no-referrer", "no-store")
    assert "bulletin d'affiliation HCR Bien-Être" in page.text
    assert "POST /api/identity/access\n" in page.text
    assert (issuer.asked, bench.audited()) == ([], [])
    assert TOKEN not in page.text + "".join(capsys.readouterr())


@pytest.mark.parametrize("path", ["/acces", "/acces/"])
def test_a_letter_leads_dominique_to_the_page_that_says_how_the_code_opens_the_form(visit: Client, issuer: Issuer, path: str):
    page = visit.get(path, headers=ASSURE)
    assert (page.status_code, page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (200, "no-referrer", "no-store")
    assert "Le code de votre lettre ouvre votre bulletin d'affiliation HCR Bien-Être" in page.text
    assert 'POST /api/identity/access\n{"token": "votre code"}' in page.text
    assert issuer.asked == []


@pytest.mark.parametrize("host", ["entreprise.hcr", "conseil.hcr", "entreprise.klesia-pro"])
def test_a_letters_page_is_in_the_members_space_alone(visit: Client, host: str):
    refused = visit.get("/acces", headers={"Host": f"{host}.localhost"})
    assert (refused.status_code, refused.headers["Referrer-Policy"]) == (404, "no-referrer")


@pytest.mark.parametrize(
    ("host", "method", "status"), [("entreprise.hcr", "GET", 404), ("assure.hcr", "POST", 405), ("conseil.hcr", "GET", 404)]
)
def test_a_link_opens_only_in_the_members_space_and_is_never_passed_on(visit: Client, host: str, method: str, status: int):
    refused = visit.open(f"/acces/{TOKEN}", method=method, headers={"Host": f"{host}.localhost"})
    assert (refused.status_code, refused.headers["Referrer-Policy"]) == (status, "no-referrer")
    assert TOKEN not in refused.text


@pytest.mark.parametrize(("space", "asked"), [("entreprise", False), ("conseil", True)])
def test_an_invitation_leads_to_a_page_that_uses_nothing_up(visit: Client, issuer: Issuer, space: str, asked: bool):
    """S1:141; caseworkers are also told of the code of their application."""
    page = visit.get(f"/acces/invitation/{TOKEN}", headers={"Host": f"{space}.hcr.localhost"})
    assert (page.status_code, page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (200, "no-referrer", "no-store")
    assert "POST /api/identity/invitations/acceptance" in page.text
    assert ("application d'authentification" in page.text) is asked
    assert issuer.asked == []
    assert TOKEN not in page.text
    assert visit.get(f"/acces/invitation/{TOKEN}", headers=ASSURE).status_code == 404


@pytest.mark.parametrize("space", ["assure", "entreprise", "conseil"])
def test_it_was_not_me_leads_to_a_page_that_uses_nothing_up(visit: Client, issuer: Issuer, space: str):
    """The link that a former address receives when an e-mail or a phone changes (S0:275-281)."""
    page = visit.get(f"/acces/opposition/{TOKEN}", headers={"Host": f"{space}.hcr.localhost"})
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "POST /api/identity/objections" in page.text
    assert issuer.asked == []
    assert TOKEN not in page.text


def test_people_get_a_page_and_programs_a_problem(visit: Client):
    lost, refused = visit.get("/nulle-part", headers=FRONT), visit.get("/api/nulle-part", headers=FRONT)
    assert (lost.status_code, lost.mimetype) == (404, "text/html")
    assert "Revenir à l'accueil" in lost.text
    assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")


def test_a_page_that_is_only_read_says_so(visit: Client):
    answer = visit.post("/", headers=FRONT)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert "GET" in answer.headers["Allow"]


def test_every_problem_type_has_its_page(visit: Client):
    listed = re.findall(r'href="/problemes/([^"]+)"', visit.get("/problemes/", headers=FRONT).text)
    assert {"session-terminee", "lot-refuse", "cle-deja-utilisee", "methode-refusee"} <= set(listed)
    for slug in listed:
        page = visit.get(f"/problemes/{slug}", headers=FRONT)
        assert page.status_code == 200
        assert "Statut HTTP" in page.text


def test_each_status_that_we_answer_has_its_advice():
    assert {reason.status for reason in reasons.collect(()).values()} - reasons.ADVICE.keys() <= {406, 414}


def test_a_problem_type_says_the_same_whichever_service_answers_it():
    ways: dict[str, set[tuple[int, str]]] = {}
    for service in keys.SERVICES:
        for kind in reasons.defined(f"services.{service}.errors"):
            ways.setdefault(kind.slug, set()).add((kind.status, kind.title))
    assert {slug: said for slug, said in ways.items() if len(said) > 1} == {}


def test_ready_is_the_worst_of_the_services(visit: Client):
    answer = visit.get("/readyz", headers=FRONT)
    assert (answer.status_code, answer.json["status"], answer.json["rung"]) == (200, "ready", "embedded")
    assert answer.json["services"] == {"parcels": {"status": "ready"}}


def test_the_merged_description_is_valid_and_names_are_the_platforms(visit: Client):
    document = visit.get("/api/openapi.json", headers=FRONT).json
    OpenAPIV31SpecValidator(document).validate()
    assert {"ParcelsNewParcel", "ParcelsParcelAnswer", "Problem"} <= document["components"]["schemas"].keys()
    assert "Error" not in document["components"]["schemas"]
    post = document["paths"]["/api/parcels/parcels"]["post"]
    assert post["operationId"] == "parcels_parcels_post"
    assert post["security"] == [{"session": []}, {"cookie": []}]
    assert post["responses"]["409"] == {"$ref": "#/components/responses/Problem409"}
    assert not [path for path in document["paths"] if "/_/" in path]


def test_the_inbox_is_not_there_unless_asked_for(visit: Client, bench: Bench, settings: Settings):
    assert visit.get("/_inbox", headers=FRONT).status_code == 200
    shut = Platform({"parcels": bench.running}, msgspec.structs.replace(settings, show_caught=False))
    for path in ("/_inbox", "/_inbox/list", "/_inbox/messages.json", "/_inbox/x.pdf"):
        assert Client(shut.wsgi).get(path, headers=FRONT).status_code == 404


def test_production_refuses_to_show_codes(settings: Settings):
    with pytest.raises(BadConfiguration, match="_inbox"):
        msgspec.structs.replace(settings, mode="production")


BRAND = """
[brand]
key = "pale"
name = "Pâle"
legal_name = "Pâle"
sender_email = "x@pale.example"
sms_sender = "Pale"
colours = {{ {colours} }}
"""


@pytest.mark.parametrize(
    ("colours", "said"),
    [
        ('brand = "#ffcc00"', "contraste"),
        ('brand = "red"', "#0b4f6c"),
        ('brand = "#0b4f6c", "x; }" = "#000000"', "n'est pas une couleur"),
        ('accent = "#0b4f6c"', "manque"),
    ],
)
def test_a_colour_that_nobody_could_read_stops_the_start(tmp_path, colours: str, said: str):
    (tmp_path / "pale.toml").write_text(BRAND.format(colours=colours), encoding="utf-8")
    with pytest.raises(BadConfiguration, match=said):
        config.brands(tmp_path)
