"""The screens of a declared portability (S4:150-168): the member's, and what waits for a caseworker."""

import uuid
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from services.members.access import requests as access
from services.members.access import rights as held
from services.members.access.requests import Line
from services.members.config import Work
from services.members.lifecycle import Status
from services.members.models import Person, Piece, PortabilityProof, PortabilityRequest, Rights
from services.members.queries import views
from services.members.queries.radiations import offered_motives
from services.members.rules import requests as rules
from services.members.rules.motives import motive
from services.members.rules.requests import LIVE, PIECE_LABELS, Answer, PieceState

Joined = Row[PortabilityProof, Piece | None]


def mine(work: Work) -> dict[str, Any]:
    """What the member declared, the latest first; what she may still declare, with which motives and documents."""
    lines = access.own(work)
    waiting = {request.rights_id for request, *_rest in lines if request.answer in LIVE}
    rights = work.session.execute(held.latest_first(held.visible_lines(work.actor))).all()
    return {
        "items": _shown(work, lines),
        "declarable": [views.place(line) for line in rights if line[0].status in rules.DECLARABLE and line[0].id not in waiting],
        "motives": offered_motives(work)["items"],
        "proof_kinds": list(work.brand.own.portability.proofs),
    }


def one(work: Work, request_id: uuid.UUID) -> dict[str, Any]:
    """One declaration, as whoever asks may see it. Raises ``NotFound``."""
    (shown,) = _shown(work, [access.line(work, request_id)])
    return shown


def waiting(work: Work, *, answer: Answer | None, after: uuid.UUID | None, limit: int) -> dict[str, Any]:
    """A page of declarations for caseworkers, the oldest first: those that wait, unless another answer is asked for."""
    rows = access.told(work, [answer] if answer else LIVE, after, limit + 1)
    page = rows[:limit]
    shown = _shown(work, [row[:3] for row in page])
    items = [each | _who(row[3]) for each, row in zip(shown, page, strict=True)]
    return {"items": items, "next": page[-1][0].id if len(rows) > limit else None}


def _shown(work: Work, lines: Sequence[Line | Any]) -> list[dict[str, Any]]:
    joined = access.proofs(work, [request.id for request, *_rest in lines])
    by_request = {key: list(rows) for key, rows in groupby(sorted(joined, key=_request), key=_request)}
    return [_declaration(work, request, rights, emits, by_request.get(request.id, [])) for request, rights, emits in lines]


def _request(joined: Joined) -> uuid.UUID:
    return joined[0].request_id


def _declaration(work: Work, request: PortabilityRequest, rights: Rights, emits: bool | None, joined: list[Joined]) -> dict[str, Any]:
    on, answer = access.ground(rights, emits), Answer(request.answer)
    state = rules.state(answer, on, [_state(piece) for _, piece in joined])
    buttons, table = rules.BUTTONS[work.actor.kind], work.brands[rights.brand].own.motive_table
    return {
        "id": request.id,
        "rights_id": rights.id,
        "person_id": request.person_id,
        "declared_at": request.declared_at,
        "ended_on": request.ended_on,
        "motive": {"code": request.motive, "label": motive(request.motive, table).label},
        "state": state.value,
        "state_label": state.label,
        "reason": request.refusal or rights.reason,
        "difference": rules.difference(request.ended_on, _told_end(rights)),
        "length": rules.length(on, request.ended_on),
        "portability": views.portability(rights.portability_months, rights.portability_ends_on),
        "proofs": [_proof(proof, piece) for proof, piece in joined],
        "possible": [{"verb": verb.value, "label": buttons[verb]} for verb in rules.possible(answer, state, work.actor.kind)],
    }


def _told_end(rights: Rights) -> date | None:
    """The last day in the company that others told; of a portability granted, only its term is kept."""
    return rights.ends_on if rights.status == Status.PORTABILITY_PENDING else None


def _proof(proof: PortabilityProof, piece: Piece | None) -> dict[str, Any]:
    state = _state(piece)
    told = {"kind": piece.kind, "refusal": piece.refusal} if piece else {"kind": None, "refusal": None}
    return {
        "document_id": proof.document_id,
        "joined_at": proof.joined_at,
        "state": state.value,
        "state_label": PIECE_LABELS[state],
        **told,
    }


def _state(piece: Piece | None) -> PieceState:
    return PieceState(piece.state) if piece else PieceState.QUARANTINE


def _who(person: Person) -> dict[str, str]:
    return {"first_name": person.first_name, "last_name": person.last_name, "member_number": person.member_number}
