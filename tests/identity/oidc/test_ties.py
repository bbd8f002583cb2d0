"""Coming in through another house (OpenID Connect): tied once with one's password, then opened by its word (ASVS 10.1, 10.2, 10.5)."""

import json
import uuid

import pyotp
import pytest
from sqlalchemy import text

from chassis.testing import Bench
from events.identity import CodeIssued, CopyAsked, IdentityPart, ProviderTied
from services.identity.actions import create_caseworker, upkeep
from tests.identity.clock import let_time_pass
from tests.identity.oidc.provider import STRONG, Provider, Traveller
from tests.identity.people import BETTER, GOOD, Visitor, actor_of, employer, person, problem, signed_in


@pytest.fixture
def alix(bench: Bench, provider: Provider) -> Traveller:
    """Alix keeps a company's space; the provider knows her by her professional address."""
    activation_id = uuid.uuid4()
    bench.tell(employer(activation_id))
    provider.person = {"sub": "sub-d-alix", "email": "RH@Exemple.FR", "email_verified": True}
    visitor = Traveller(bench, space="entreprise", email="rh@exemple.fr", provider=provider)
    proof = visitor.prove(activation_id, visitor.last_code()).json["proof"]
    assert visitor.choose(activation_id, proof, "Bourrasque-2042").status_code in (200, 201, 204)
    return visitor


def test_what_a_space_offers_is_told_and_the_others_offer_nothing(bench: Bench):
    assert Visitor(bench).door.get("/oidc").json == {"label": "Continuer avec Exemple"}
    elsewhere = Visitor(bench, brand="klesia-pro")
    assert elsewhere.door.get("/oidc").json == {"label": None}
    assert problem(elsewhere.post("/oidc/authorizations")) == (409, "fournisseur-non-propose")
    assert problem(elsewhere.post("/oidc/callbacks", state="x", code="x", ticket="x")) == (409, "retour-refuse")


def test_the_first_time_the_password_and_the_second_factor_tie_then_the_provider_opens_alone_on_a_trusted_browser(
    bench: Bench, dominique: Traveller
):
    first = dominique.travel()
    assert (first.status_code, first.json["next"]) == (200, "password")
    assert "mot de passe" in first.json["message"]
    asked = dominique.tie()
    assert (asked.status_code, asked.json["trigger"]) == (202, "new_browser")
    token = dominique.pass_sms(asked.json["challenge_id"]).json["token"]
    assert actor_of(bench, token).reference == person().subject
    again = dominique.travel()
    assert (again.status_code, actor_of(bench, again.json["token"]).strong) == (201, True)
    dominique.device = again.json["device"]
    assert dominique.travel().status_code == 201, "the device's token turned, as at any sign-in"
    assert {"oidc.tied", "session.opened", "challenge.opened"} <= set(bench.audited())


def test_the_word_stands_for_the_password_alone_another_browser_is_asked_our_second_factor(dominique: Traveller):
    dominique.come_in_and_tie()
    dominique.device = None
    asked = dominique.travel()
    assert (asked.status_code, asked.json["trigger"], asked.json["channels"]) == (202, "new_browser", ["sms"])
    assert dominique.pass_sms(asked.json["challenge_id"]).status_code == 201


def test_a_password_without_the_second_factor_ties_nothing(dominique: Traveller):
    dominique.travel()
    assert dominique.tie().status_code == 202
    assert dominique.travel().json["next"] == "password", "whoever only knew the password did not become its owner at the provider's"


def test_a_wrong_password_ties_nothing_and_counts_as_at_any_sign_in(dominique: Traveller):
    dominique.travel()
    for _ in range(5):
        assert problem(dominique.tie("Pas-le-bon-1")) == (401, "identifiants-incorrects")
    for _ in range(5):
        assert problem(dominique.sign_in("Pas-le-bon-1")) == (401, "identifiants-incorrects")
    assert problem(dominique.tie()) == (429, "trop-de-demandes")
    assert problem(dominique.sign_in()) == (429, "trop-de-demandes")


def test_who_has_no_account_is_answered_as_who_has_one(bench: Bench, dominique: Traveller, provider: Provider):
    stranger = Traveller(bench, provider=provider)
    known = dominique.travel()
    provider.person = {"sub": "sub-inconnu", "email": "personne@exemple.fr", "email_verified": True}
    unknown = stranger.travel()
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert [header for header in known.headers if header[0] != "traceresponse"] == [h for h in unknown.headers if h[0] != "traceresponse"]
    assert dominique.tie("Pas-le-bon-1").data == stranger.tie("Pas-le-bon-1").data
    with bench.running.working() as work:
        assert work.session.scalar(text("SELECT count(*) FROM account")) == 1, "a provider's word creates nothing"


def test_an_account_that_nobody_activated_is_not_opened_by_a_provider(bench: Bench, provider: Provider):
    bench.tell(person())
    visitor = Traveller(bench, provider=provider)
    visitor.travel()
    assert problem(visitor.tie(GOOD)) == (401, "identifiants-incorrects")


@pytest.mark.parametrize("written", ["Dominique@Exemple.FR", "ｄominique@exemple.fr", "  dominique@exemple.fr "])
def test_the_address_is_compared_as_everywhere_else(dominique: Traveller, provider: Provider, written: str):
    provider.person["email"] = written
    assert dominique.come_in_and_tie()


def test_once_tied_the_lasting_name_counts_not_the_address(bench: Bench, dominique: Traveller, provider: Provider):
    dominique.come_in_and_tie()
    provider.person["email"] = "dominique.nouvelle@exemple.fr"
    assert dominique.travel().status_code == 201
    provider.person = {"sub": "sub-de-quelqu-un-d-autre", "email": "dominique@exemple.fr", "email_verified": True}
    assert dominique.travel().json["next"] == "password", "an address given to somebody else opens nothing"


def test_the_owner_is_told_once_that_a_provider_opens_the_account(bench: Bench, dominique: Traveller):
    dominique.come_in_and_tie()
    dominique.travel()
    (told,) = bench.told(ProviderTied)
    assert (told.email.value, told.label, told.reference) == ("dominique@exemple.fr", "Continuer avec Exemple", person().subject)


def test_a_link_ends_with_the_password_that_tied_it(bench: Bench, dominique: Traveller):
    dominique.come_in_and_tie()
    let_time_pass(bench, "2 minutes")
    assert dominique.choose_another(BETTER).status_code == 204
    assert dominique.travel().json["next"] == "password"
    assert dominique.tie(BETTER).status_code == 202


def test_one_sees_what_one_tied_and_unties_it(bench: Bench, dominique: Traveller):
    mine = signed_in(bench, dominique.come_in_and_tie())
    (line,) = mine.get("/me/oidc-links").json["items"]
    assert line["label"] == "Continuer avec Exemple"
    assert problem(mine.delete(f"/me/oidc-links/{uuid.uuid4()}")) == (404, "introuvable")
    assert mine.delete(f"/me/oidc-links/{line['id']}").status_code == 204
    assert mine.get("/me/oidc-links").json["items"] == []
    assert dominique.travel().json["next"] == "password"


def test_the_copy_of_one_s_data_says_what_one_tied_and_no_name_of_the_provider_s(bench: Bench, dominique: Traveller, provider: Provider):
    signed_in(bench, dominique.come_in_and_tie()).post("/copies")
    bench.tell(*bench.told(CopyAsked))
    (part,) = bench.told(IdentityPart)
    (section,) = [section for section in json.loads(part.content.value) if section["key"] == "providers"]
    assert [row["issuer"] for row in section["rows"]] == [provider.issuer]
    assert "sub-de-dominique" not in part.content.value


def test_nobody_sees_or_unties_what_another_tied(bench: Bench, dominique: Traveller, provider: Provider):
    (line,) = signed_in(bench, dominique.come_in_and_tie()).get("/me/oidc-links").json["items"]
    bench.tell(person("charlie@exemple.fr", "+33639980002", uuid.uuid4()))
    charlie = Visitor(bench, email="charlie@exemple.fr")
    charlie.activate()
    theirs = signed_in(bench, charlie.come_in())
    assert theirs.get("/me/oidc-links").json["items"] == []
    assert problem(theirs.delete(f"/me/oidc-links/{line['id']}")) == (404, "introuvable")


def test_a_deleted_account_is_opened_no_more(bench: Bench, dominique: Traveller):
    mine = signed_in(bench, dominique.come_in_and_tie())
    assert mine.post("/account/deletion", json={"password": GOOD}).status_code == 200
    assert problem(dominique.travel()) == (409, "connexion-externe-refusee")
    bench.work()
    assert dominique.travel().json["next"] == "password", "nothing of the link is left"


def test_where_the_brand_says_so_the_providers_own_second_factor_counts(bench: Bench, alix: Traveller, provider: Provider):
    provider.claims = {"acr": STRONG}
    assert alix.travel().json["next"] == "password"
    asked = alix.tie("Bourrasque-2042")
    assert asked.status_code == 202, "the first time, ours is asked whatever the provider says"
    _pass_first(alix, asked.json)
    before = len(bench.told(CodeIssued))
    alix.device = None
    opened = alix.travel()
    assert (opened.status_code, len(bench.told(CodeIssued))) == (201, before)
    assert actor_of(bench, opened.json["token"], space="entreprise").strong
    for weaker in ({"acr": "urn:exemple:faible"}, {"acr": [STRONG]}, {"amr": ["pwd"]}, {}):
        provider.claims = weaker
        assert alix.travel().status_code == 202, weaker
    provider.claims = {"amr": ["pwd", "mfa"]}
    assert alix.travel().status_code == 201


def test_a_caseworker_gives_the_code_of_her_application_each_time(bench: Bench, provider: Provider):
    with bench.running.working() as work:
        hired = create_caseworker(work.for_brand("hcr"), "morgan@exemple.fr", "Morgan", "CONSEIL", "Bruine-sur-le-lac-7", "handle")
    provider.person = {"sub": "sub-de-morgan", "email": "morgan@exemple.fr", "email_verified": True}
    provider.claims = {"acr": STRONG, "amr": ["mfa"]}
    morgan = Traveller(bench, space="conseil", email="morgan@exemple.fr", provider=provider)
    assert morgan.travel().json["next"] == "password"
    asked = morgan.tie("Bruine-sur-le-lac-7").json
    assert morgan.post(f"/challenges/{asked['challenge_id']}/proof", code=pyotp.TOTP(hired.secret).now()).status_code == 201
    again = morgan.travel()
    assert (again.status_code, again.json["trigger"], again.json["channels"]) == (202, "totp", ["totp"])


def test_a_word_for_one_space_opens_no_other(bench: Bench, dominique: Traveller, provider: Provider):
    dominique.come_in_and_tie()
    brought = dominique.leave()
    dominique.space = "entreprise"
    assert problem(dominique.arrive(brought)) == (409, "retour-refuse")


def test_what_is_stored_of_an_attempt_and_a_link_opens_nothing_and_names_nobody(bench: Bench, dominique: Traveller, provider: Provider):
    brought = dominique.leave()
    dominique.arrive(brought)
    dominique.pass_sms(dominique.tie().json["challenge_id"])
    with bench.running.working() as work:
        rows = [*work.session.scalars(text("SELECT a::text FROM oidc_attempt a UNION ALL SELECT l::text FROM oidc_link l"))]
        rows += work.session.scalars(text("SELECT a::text FROM audit a"))
    secrets = (brought["state"], brought["code"], dominique.ticket, "sub-de-dominique", "dominique@exemple.fr")
    assert not [secret for secret in secrets for row in rows if secret in row or secret.encode().hex() in row]


def test_attempts_are_forgotten_after_a_day(bench: Bench, dominique: Traveller):
    dominique.leave()
    let_time_pass(bench, "25 hours")
    with bench.running.working() as work:
        upkeep.forget(work)
        assert work.session.scalar(text("SELECT count(*) FROM oidc_attempt")) == 0


def _pass_first(alix: Traveller, asked: dict[str, object]) -> None:
    """Alix's first second factor: her e-mail, then her telephone."""
    code, proof = f"/challenges/{asked['challenge_id']}/code", f"/challenges/{asked['challenge_id']}/proof"
    for body in ({"channel": "email"}, {"channel": "sms", "phone": "0639980066"}):
        assert alix.post(code, **body).status_code == 202
        passed = alix.post(proof, code=alix.last_code(), trust_device=True)
    assert passed.status_code == 201, passed.json
