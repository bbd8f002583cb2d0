"""« Radiation contexte sans DSN » (S1:314): the employer's door, the caseworker's, and the lists that two people decide on."""

import uuid
from typing import Any

from chassis import http
from services.members import schemas
from services.members.actions import radiations
from services.members.actions.radiations import Word
from services.members.queries import radiations as queries
from services.members.rules.radiations import Verb

EMPLOYEE = "/employees/<uuid:rights_id>/radiation"
RIGHTS = "/rights/<uuid:rights_id>/radiation"
SAID = "Les droits, ce qui a été dit et ce qui reste possible"

employer = http.Door("radiations", __name__, audience=("employer",), description="Radiation contexte sans DSN")
caseworker = http.Door("radiations_for_employers", __name__, audience=("caseworker",), description="Radiation pour un employeur sans DSN")
pairs = http.Door("radiation_acts", __name__, audience=("employer", "caseworker"), description="Radiations à valider à deux")


@employer.get("/radiation-motives")
@employer.response(200, schemas.OfferedMotives)
def list_motives() -> dict[str, Any]:
    """Les motifs de départ, en toutes lettres"""
    return queries.offered_motives(http.work())


@employer.get(EMPLOYEE)
@employer.response(200, schemas.RadiationSheet, description=SAID)
def show_radiation(rights_id: uuid.UUID) -> dict[str, Any]:
    """Voir la radiation d'un salarié"""
    return queries.seen(http.work(), rights_id)


@employer.post(EMPLOYEE)
@employer.creating
@employer.sensitive
@employer.arguments(schemas.RadiationBody)
@employer.response(201, schemas.RadiationSheet, description=SAID)
def radiate(form: dict[str, Any], rights_id: uuid.UUID) -> dict[str, Any]:
    """Radier un salarié, quand l'entreprise n'émet pas de DSN"""
    return _told(Verb.RADIATE, rights_id, form)


@employer.put(EMPLOYEE)
@employer.sensitive
@employer.arguments(schemas.RadiationBody)
@employer.response(200, schemas.RadiationSheet, description=SAID)
def correct(form: dict[str, Any], rights_id: uuid.UUID) -> dict[str, Any]:
    """Corriger le jour ou le motif d'une radiation"""
    return _told(Verb.CORRECT, rights_id, form)


@employer.post(f"{EMPLOYEE}/withdrawal")
@employer.sensitive
@employer.arguments(schemas.WithdrawalBody)
@employer.response(200, schemas.RadiationSheet, description=SAID)
def withdraw(form: dict[str, Any], rights_id: uuid.UUID) -> dict[str, Any]:
    """Annuler une radiation"""
    return _told(Verb.WITHDRAW, rights_id, form)


@employer.post("/radiations")
@employer.creating
@employer.sensitive
@employer.arguments(schemas.RadiationList)
@employer.response(201, schemas.RadiationsTold, description="Faites, ou en attente d'une seconde personne au-delà du seuil")
def radiate_all(form: dict[str, Any]) -> dict[str, Any]:
    """Radier plusieurs salariés d'une entreprise"""
    work = http.work()
    return queries.told(work, radiations.tell_all(work, [Word(**line) for line in form["radiations"]]))


@caseworker.get(RIGHTS)
@caseworker.response(200, schemas.RadiationSheet, description=SAID)
def show_radiation_of_rights(rights_id: uuid.UUID) -> dict[str, Any]:
    """Voir la radiation d'une personne"""
    return queries.seen(http.work(), rights_id)


@caseworker.post(RIGHTS)
@caseworker.creating
@caseworker.arguments(schemas.ReasonedRadiation)
@caseworker.response(201, schemas.RadiationSheet, description=SAID)
def radiate_for_employer(form: dict[str, Any], rights_id: uuid.UUID) -> dict[str, Any]:
    """Enregistrer une radiation pour un employeur sans DSN"""
    return _told(Verb.RADIATE, rights_id, form)


@caseworker.put(RIGHTS)
@caseworker.arguments(schemas.ReasonedRadiation)
@caseworker.response(200, schemas.RadiationSheet, description=SAID)
def correct_for_employer(form: dict[str, Any], rights_id: uuid.UUID) -> dict[str, Any]:
    """Corriger une radiation pour un employeur sans DSN"""
    return _told(Verb.CORRECT, rights_id, form)


@caseworker.post(f"{RIGHTS}/withdrawal")
@caseworker.arguments(schemas.ReasonedWithdrawal)
@caseworker.response(200, schemas.RadiationSheet, description=SAID)
def withdraw_for_employer(form: dict[str, Any], rights_id: uuid.UUID) -> dict[str, Any]:
    """Annuler une radiation pour un employeur sans DSN"""
    return _told(Verb.WITHDRAW, rights_id, form)


@pairs.get("/radiation-acts")
@pairs.arguments(http.PageById, location="query")
@pairs.response(200, schemas.RadiationActs)
def list_acts(page: dict[str, Any]) -> dict[str, Any]:
    """Les listes de radiations à valider, et celles qui l'ont été"""
    return queries.acts(http.work(), **page)


@pairs.post("/radiation-acts/<uuid:act_id>/approval")
@pairs.sensitive
@pairs.response(200, schemas.RadiationAct, description="Les salariés sont radiés")
def approve_act(act_id: uuid.UUID) -> dict[str, Any]:
    """Valider les radiations demandées par une autre personne"""
    work = http.work()
    return queries.act(work, radiations.approve(work, act_id))


@pairs.post("/radiation-acts/<uuid:act_id>/refusal")
@pairs.response(200, schemas.RadiationAct)
def refuse_act(act_id: uuid.UUID) -> dict[str, Any]:
    """Refuser des radiations, ou renoncer aux siennes"""
    work = http.work()
    return queries.act(work, radiations.refuse(work, act_id))


def _told(verb: Verb, rights_id: uuid.UUID, form: dict[str, Any]) -> dict[str, Any]:
    """Say it, then show what it changed."""
    work = http.work()
    radiations.tell(work, verb, Word(rights_id=rights_id, **form))
    return queries.sheet(work, rights_id)
