"""The people of the stories, and what they do at the doors of identity."""

import uuid
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from chassis.actor import Actor
from chassis.auth import Verifier
from chassis.testing import Bench, Client
from events import Fact, Sealed, seal
from events.affiliation import Relaunched, Sent
from events.employers import ActivationRequested, HabilitationGranted
from events.identity import CodeIssued, LinkIssued, PasswordLinkIssued
from events.members import PersonRegistered

GOOD = "Giboulée-42"
BETTER = "Bruine-sur-le-lac"
HOME, ELSEWHERE = "192.0.2.10", "198.51.100.7"
SIREN = "123456782"
DOMINIQUE = uuid.UUID("0198c0de-0000-7000-8000-000000000001")
AFFILIATION = uuid.UUID("0198c0de-0000-7000-8000-0000000000a1")


def person(
    email: str | None = "dominique@exemple.fr", phone: str | None = "+33639980001", person_id: uuid.UUID = DOMINIQUE
) -> PersonRegistered:
    return PersonRegistered(
        person_id=person_id, first_name=Sealed("Dominique"), last_name=Sealed("ESSAI"), email=seal(email), phone=seal(phone)
    )


def employer(activation_id: uuid.UUID, *, siren: str = SIREN, email: str = "rh@exemple.fr", **contact: str | None) -> ActivationRequested:
    told = {"contact_email": "contact@exemple.fr"} | contact
    sealed = {name: seal(value) for name, value in told.items()}
    return ActivationRequested(
        activation_id=activation_id, siren=siren, first_name=Sealed("Alix"), last_name=Sealed("PATRON"), email=Sealed(email), **sealed
    )


def form(kind: type[Sent] | type[Relaunched] = Sent, *, affiliation_id: uuid.UUID = AFFILIATION, **told: Any) -> Fact:
    told = {"medium": "email", "email": seal("dominique@exemple.fr")} | told
    return kind(
        affiliation_id=affiliation_id,
        siren=SIREN,
        siret="12345678200010",
        establishment_name="RESTAURANT FICTIF",
        first_name=Sealed("Dominique"),
        last_name=Sealed("ESSAI"),
        **told,
    )


@dataclass
class Visitor:
    """Somebody in front of a screen: a space, a network, and the token their browser keeps."""

    bench: Bench
    space: str = "assure"
    address: str = HOME
    brand: str = "hcr"
    device: str | None = None
    email: str = "dominique@exemple.fr"
    agent: str = ""

    @property
    def door(self) -> Client:
        return self.bench.anonymous(self.brand, self.space, self.address)

    def post(self, path: str, **body: Any) -> TestResponse:
        return self.door.post(path, json=body, headers={"User-Agent": self.agent})

    def activate(self, password: str = GOOD, channel: str = "email") -> TestResponse:
        """The whole first connection: the e-mail, the code, the password."""
        activation_id = self.post("/activations", email=self.email, channel=channel).json["activation_id"]
        self.bench.work()
        return self.choose(activation_id, self.prove(activation_id, self.last_code()).json["proof"], password)

    def prove(self, activation_id: Any, code: str) -> TestResponse:
        return self.post(f"/activations/{activation_id}/proof", code=code)

    def choose(self, activation_id: Any, proof: str, password: str = GOOD, terms: str = "2026-01") -> TestResponse:
        return self.post(f"/activations/{activation_id}/password", proof=proof, password=password, terms_version=terms)

    def choose_another(self, password: str = BETTER) -> TestResponse:
        """The whole forgotten password: the e-mail, the link, another password."""
        self.post("/password-resets", email=self.email)
        self.bench.work()
        return self.post("/password-resets/use", token=self.last_password_link(), password=password)

    def sign_in(self, password: str = GOOD) -> TestResponse:
        return self.post("/sessions", email=self.email, password=password, device=self.device)

    def pass_sms(self, challenge_id: Any, trust_device: bool = True) -> TestResponse:
        """Receive the SMS and type it; the browser keeps the token of the trusted device."""
        sent = self.post(f"/challenges/{challenge_id}/code", channel="sms")
        assert sent.status_code == 202, sent.json
        answer = self.post(f"/challenges/{challenge_id}/proof", code=self.last_code(), trust_device=trust_device)
        self.device = (answer.json or {}).get("device") or self.device
        return answer

    def come_in(self, password: str = GOOD) -> str:
        """Sign in whatever it takes; returns the session token."""
        answer = self.sign_in(password)
        if answer.status_code == 202:
            answer = self.pass_sms(answer.json["challenge_id"])
        assert answer.status_code == 201, answer.json
        self.device = answer.json.get("device") or self.device
        return str(answer.json["token"])

    def last_code(self) -> str:
        return self.bench.told(CodeIssued)[-1].code.value

    def last_password_link(self) -> str:
        return self.bench.told(PasswordLinkIssued)[-1].token.value

    def last_link(self) -> str:
        return self.bench.told(LinkIssued)[-1].token.value


def ask_edge(bench: Bench, token: str | None, *, brand: str = "hcr", space: str = "assure", audience: str = "members") -> TestResponse:
    """What the edge asks with each request."""
    question = {"token": token, "audience": audience, "brand": brand, "space": space, "address": HOME}
    headers = {"Affilia-Edge": bench.running.settings.keys.edge_secret}
    return bench.app.test_client().post("/_/identities", json=question, headers=headers)


def actor_of(bench: Bench, token: str, *, space: str = "assure") -> Actor:
    """Who the edge is told that a session is."""
    answer = ask_edge(bench, token, space=space)
    assert answer.status_code == 200, answer.json
    return Verifier(bench.running.settings.keys.jwks, "members").actor(answer.json["identity"])


def signed_in(bench: Bench, token: str, *, space: str = "assure") -> Client:
    """The doors as somebody signed in meets them."""
    return bench.as_(actor_of(bench, token, space=space))


def grant(account_id: Any, siren: str = SIREN, role: str = "administrator") -> HabilitationGranted:
    return HabilitationGranted(account_id=uuid.UUID(str(account_id)), siren=siren, role=role)  # type: ignore[arg-type]


def problem(answer: TestResponse) -> tuple[int, str]:
    """Status and slug of a refusal."""
    return answer.status_code, answer.json["type"].removeprefix("/problemes/")
