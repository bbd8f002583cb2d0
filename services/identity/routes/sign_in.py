"""Signing in: the password, then the second factor when this browser, this network or this day asks for one."""

import uuid
from typing import Any

from flask import Response, jsonify

from chassis import http
from identifiers import phone
from services.identity.actions import challenges, sign_in
from services.identity.actions.sessions import SignedIn
from services.identity.models import Account, Challenge
from services.identity.routes.doors import VisitorDoor
from services.identity.rules.second_factor import TRIGGERS
from services.identity.schemas import sign_in as schemas

door = VisitorDoor("sign-in", __name__, description="Connexion")


@door.post("/sessions")
@door.arguments(schemas.SignInForm)
@door.response(201, schemas.SignedInAnswer)
@door.alt_response(202, schema=schemas.ChallengeAnswer, description="Un second facteur est demandé")
def open_session(form: dict[str, Any]) -> Any:
    """Se connecter avec son adresse e-mail et son mot de passe"""
    return shown(sign_in.sign_in(http.work(), sign_in.Password(form["email"], form["password"], form["device"])))


@door.post("/challenges/<uuid:challenge_id>/code")
@door.arguments(schemas.ChallengeCodeForm)
@door.response(202, schemas.CodeSentAnswer)
def send_code(form: dict[str, Any], challenge_id: uuid.UUID) -> dict[str, Any]:
    """Recevoir le code de connexion"""
    return {"sent_to_hint": challenges.send_code(http.work(), challenge_id, form["channel"], form["phone"])}


@door.post("/challenges/<uuid:challenge_id>/proof")
@door.arguments(schemas.SecondFactorForm)
@door.response(201, schemas.SignedInAnswer)
@door.alt_response(200, schema=schemas.NextStepAnswer, description="L'adresse est vérifiée, un téléphone reste à enregistrer")
def prove(form: dict[str, Any], challenge_id: uuid.UUID) -> Any:
    """Donner le second facteur"""
    read_totp = http.adapters().read_totp
    signed_in = challenges.prove(http.work(), challenge_id, challenges.Given(**form), read_totp)
    return signed_in or answer(schemas.NextStepAnswer, {"next": "phone"}, 200)


def shown(opened: SignedIn | Challenge) -> Any:
    """What a proof opened, as every door tells it: a session, or the second factor that is asked and why."""
    return _challenge(opened) if isinstance(opened, Challenge) else opened


def answer(schema: type[http.Answer], told: dict[str, Any], status: int) -> Response:
    """An answer that is not the usual one of its route."""
    response = jsonify(schema().dump(told))
    response.status_code = status
    return response


def _challenge(challenge: Challenge) -> Response:
    work = http.work()
    account: Account = challenges.account_of(work, challenge)
    told = {
        "challenge_id": challenge.id,
        "trigger": challenge.trigger,
        "explanation": TRIGGERS[challenge.trigger].explanation,
        "channels": challenges.channels(work, challenge, account),
        "phone_hint": phone.masked(account.phone) if account.phone and account.kind != "caseworker" else None,
        "needs_phone": challenge.needs_phone,
    }
    return answer(schemas.ChallengeAnswer, told, 202)
