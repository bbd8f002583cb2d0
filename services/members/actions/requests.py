"""A member declares her portability and proves it (S4:150-168); a caseworker refuses with a reason, or accepts (``actions.portability``).

The declaration decides nothing: the payroll's or the employer's word ends the contract, the accepted proof opens the portability.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy.dialects.postgresql import insert

from chassis.problems import Invalid
from events.documents import Received, Refused, Released
from events.fact import seal
from events.members import PortabilityAnswered
from services.members.access import requests as access
from services.members.access.rights import PERSON, must_handle
from services.members.config import Work
from services.members.errors import AlreadyDeclared, RequestClosed, nothing_to_declare
from services.members.lifecycle import LABELS, Status
from services.members.models import Piece, PortabilityProof, PortabilityRequest, Rights
from services.members.rules import requests as rules
from services.members.rules.requests import MOVES, Answer, Ground, PieceState, Verb

Refusal = Literal["refused", "proof_refused"]
REFUSED: Mapping[Verb, Refusal] = {Verb.REFUSE: "refused", Verb.REFUSE_PROOF: "proof_refused"}
"""What each refusal is called once done, by the fact that tells it and by the trail."""


def declare(work: Work, form: dict[str, Any]) -> PortabilityRequest:
    """Say that one's employment ends or ended, and join what proves the benefit. Raises ``NotFound``, ``NothingToDeclare``,
    ``AlreadyDeclared``, ``Invalid``."""
    rights, emits_dsn = access.own_rights(work, form["rights_id"])
    if Status(rights.status) not in rules.DECLARABLE:
        raise nothing_to_declare(LABELS[Status(rights.status)], rights.reason)
    if access.has_live(work, rights.id):
        raise AlreadyDeclared
    _check(work, access.ground(rights, emits_dsn), form)
    said = {name: form[name] for name in ("ended_on", "motive")}
    about = {"brand": rights.brand, "person_id": rights.person_id, "rights_id": rights.id}
    request = PortabilityRequest(**about, **said, answer=Answer.OPEN, declared_at=work.now)
    work.session.add(request)
    work.session.flush()
    _join(work, request, form["documents"])
    _tell(work, request, "received")
    work.audit("portability.declared", f"person:{request.person_id}", request=str(request.id), documents=len(form["documents"]))
    return request


def join(work: Work, request_id: uuid.UUID, documents: Sequence[uuid.UUID]) -> PortabilityRequest:
    """Join documents: the first ones, others in place of those refused, or those of a benefit that goes on. Raises ``NotFound``,
    ``RequestClosed``."""
    request = access.request(work, request_id)
    request.answer = _after(work, Verb.JOIN, request)
    _join(work, request, documents)
    work.audit("portability.joined", f"person:{request.person_id}", request=str(request.id), documents=len(documents))
    return request


def withdraw(work: Work, request_id: uuid.UUID) -> PortabilityRequest:
    """Take a declaration back. Raises ``NotFound``, ``RequestClosed``."""
    request = access.request(work, request_id)
    request.answer = _after(work, Verb.WITHDRAW, request)
    work.audit("portability.withdrawn", f"person:{request.person_id}", request=str(request.id))
    return request


def refuse(work: Work, request_id: uuid.UUID, verb: Verb, reason: str) -> PortabilityRequest:
    """Refuse the proof, so that another is awaited, or the whole declaration; the member is told why. Raises ``Forbidden``, ``NotFound``,
    ``RequestClosed``."""
    must_handle(work)
    request = access.request(work, request_id)
    request.answer, request.refusal = _after(work, verb, request), reason
    request.decided_by, request.decided_at = work.actor.account_id, work.now
    _tell(work, request, REFUSED[verb], reason)
    work.for_brand(request.brand).audit(f"portability.{REFUSED[verb]}", f"person:{request.person_id}", request=str(request.id))
    return request


def accept(work: Work, rights: Iterable[Rights]) -> None:
    """The proofs of declarations about these rights were accepted."""
    for request in access.live_on(work, [row.id for row in rights]):
        request.answer, request.refusal = Answer.ACCEPTED, None
        request.decided_by, request.decided_at = work.actor.account_id, work.now


def learn(work: Work, fact: Received | Released | Refused, state: PieceState, refusal: str | None = None) -> None:
    """A document of a person, whatever declaration names it, or will. What was decided never goes back to quarantine."""
    kinds = work.brand.own.portability.proofs if work.brand_key in work.brands else ()
    if not fact.owner.startswith(PERSON) or fact.kind not in kinds:
        return
    news = {"person_id": uuid.UUID(fact.owner.removeprefix(PERSON)), "kind": fact.kind, "state": state, "refusal": refusal}
    row = insert(Piece).values(id=fact.document_id, **news)
    told = row.on_conflict_do_nothing() if state is PieceState.QUARANTINE else row.on_conflict_do_update(index_elements=["id"], set_=news)
    work.session.execute(told)


def _check(work: Work, on: Ground, form: dict[str, Any]) -> None:
    own = work.brand.own
    wrong = list(rules.flaws(on, form["ended_on"], form["motive"], own.portability, work.today, own.motive_table))
    if wrong:
        raise Invalid(errors=[{"field": field, "message": message} for field, message in wrong])


def _join(work: Work, request: PortabilityRequest, documents: Sequence[uuid.UUID]) -> None:
    if documents:
        rows = [{"request_id": request.id, "document_id": each, "joined_at": work.now} for each in dict.fromkeys(documents)]
        work.session.execute(insert(PortabilityProof).values(rows).on_conflict_do_nothing())


def _after(work: Work, verb: Verb, request: PortabilityRequest) -> Answer:
    _, rights, emits_dsn = access.line(work, request.id)
    shown = rules.state(Answer(request.answer), access.ground(rights, emits_dsn), ())
    after = MOVES.get((verb, Answer(request.answer)))
    if after is None or shown in rules.CLOSED:
        raise RequestClosed
    return after


def _tell(work: Work, request: PortabilityRequest, what: Literal["received"] | Refusal, reason: str | None = None) -> None:
    told = PortabilityAnswered(
        request_id=request.id, rights_id=request.rights_id, person_id=request.person_id, answer=what, reason=seal(reason)
    )
    work.for_brand(request.brand).emit(told)
