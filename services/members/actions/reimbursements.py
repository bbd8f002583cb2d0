"""Décomptes: kept as told, then settled line by line for who was covered. A list at a time: bulk read, pure reckoning, bulk write."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

import events
from chassis.database import bytea, records
from chassis.work import Told
from events.members import Reimbursed
from events.noemie import Care, Party, StatementTold, read_care, read_party
from services.members.access import reimbursements as access
from services.members.access.reimbursements import Cover
from services.members.config import Work
from services.members.models import VAULT, Statement, beneficiary_id, person_key
from services.members.rules import contents, reimbursements
from services.members.rules.reimbursements import Patient, Share, StatementState, Waits

Causes = Mapping[uuid.UUID, Told[Any]]
KEEP = text("""
INSERT INTO statement (id, fund, number, issued_on, amc_number, person_key, told, told_at, state, reason)
SELECT id, fund, number, issued_on, amc_number, person_key, told, told_at, state, reason
FROM json_populate_recordset(CAST(NULL AS statement), CAST(:statements AS json)) ON CONFLICT DO NOTHING
""")
SETTLE = text("""
INSERT INTO reimbursement SELECT * FROM json_populate_recordset(CAST(NULL AS reimbursement), CAST(:lines AS json)) ON CONFLICT DO NOTHING
""")
JUDGE = text("""
UPDATE statement SET state = said.state, reason = said.reason, person_id = said.person_id, brand = said.brand
FROM json_populate_recordset(CAST(NULL AS statement), CAST(:statements AS json)) AS said WHERE statement.id = said.id
""")


@dataclass
class Settling:
    """One décompte, and what its unsettled lines came to: ``rows`` to be written, the ``reason`` why others wait, who is reimbursed."""

    statement: Statement
    party: Party
    rows: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""
    cover: Cover | None = None
    paid: list[Share] = field(default_factory=list)

    def add(self, line: Care, cover: Cover, patient: Patient, share: Share) -> None:
        self.cover = cover
        self.paid.append(share)
        self.rows.append(_row(self.statement, line, cover, patient, share))

    def judged(self) -> dict[str, Any]:
        """The row as it stands now; a person once known stays."""
        row, cover = self.statement, self.cover
        person_id, brand = (cover.person.id, cover.rights.brand) if cover else (row.person_id, row.brand)
        state = StatementState.WAITING if self.reason else StatementState.SETTLED
        return {"id": row.id, "state": state, "reason": self.reason, "person_id": person_id, "brand": brand}


def take(work: Work, tolds: Sequence[Told[StatementTold]]) -> None:
    """Keep décomptes and settle what can be; those taken before change nothing, those of somebody unknown wait."""
    rows = [_kept(told) for told in tolds]
    work.session.execute(KEEP, {"statements": records([{**row, "person_key": bytea(row["person_key"])} for row in rows])})
    settle(work, {row["person_key"] for row in rows}, {told.id: told for told in tolds})


def settle(work: Work, keys: Collection[bytes], causes: Causes | None = None) -> None:
    """Settle the lines that waited for the people that some numbers name."""
    waiting = access.waiting(work, keys)
    if not waiting:
        return
    names = {bytes(row.person_key) for row in waiting}
    covers, known = access.covers(work, names), access.named(work, names)
    done = access.settled_lines(work, [row.id for row in waiting])
    settlings = [_settle(row, covers.get(bytes(row.person_key), []), done, known=bytes(row.person_key) in known) for row in waiting]
    _write(work, settlings)
    for settling in settlings:
        _tell(work, settling, (causes or {}).get(settling.statement.id))


def _kept(told: Told[StatementTold]) -> dict[str, Any]:
    fact = told.fact
    read_care(fact)  # what cannot be read is set aside now, not when somebody is registered
    return {
        "id": told.id,
        "fund": fact.fund,
        "number": fact.number,
        "issued_on": fact.issued_on,
        "amc_number": fact.amc_number,
        "person_key": person_key(read_party(fact).nir),
        "told": bytea(VAULT.seal(events.encode(fact, str).decode())),
        "told_at": told.time,
        "state": StatementState.WAITING,
        "reason": reimbursements.UNKNOWN_PERSON,
    }


def _settle(row: Statement, covers: Sequence[Cover], done: Collection[tuple[uuid.UUID, int]], *, known: bool) -> Settling:
    told = events.decode(StatementTold, row.told.encode(), str)
    settling = Settling(row, read_party(told))
    for line in read_care(told):
        if (row.id, line.number) not in done:
            try:
                _settle_line(settling, line, covers, known=known)
            except Waits as reason:
                settling.reason = settling.reason or str(reason)
    return settling


def _settle_line(settling: Settling, line: Care, covers: Sequence[Cover], *, known: bool) -> None:
    """Raises ``Waits``."""
    if not known:
        raise Waits(reimbursements.UNKNOWN_PERSON)
    cover = next((one for one in covers if one.holds(line.starts_on, settling.statement.amc_number)), None)
    if cover is None:
        raise Waits(reimbursements.NOT_COVERED)
    patient = reimbursements.patient(settling.party, cover.patients)
    share = reimbursements.share(line, cover.contract.guarantees, responsible=cover.contract.responsible)
    settling.add(line, cover, patient, share)


def _row(statement: Statement, line: Care, cover: Cover, patient: Patient, share: Share) -> dict[str, Any]:
    return {
        "id": uuid.uuid5(statement.id, str(line.number)),
        "statement_id": statement.id,
        "number": line.number,
        "brand": cover.rights.brand,
        "person_id": cover.person.id,
        "rights_id": cover.rights.id,
        "beneficiary_id": beneficiary_id(cover.person.id, patient.first_name, patient.birth_on),
        "paid_on": statement.issued_on,
        "care_on": line.starts_on,
        "cost": line.cost,
        "base": line.base,
        "base_scheme": line.base_scheme,
        "complementary": share.complementary,
        "left_to_pay": share.left,
        "paid_to": line.paid_to,
        "content": bytea(VAULT.seal(contents.content(line, patient, share))),
    }


def _write(work: Work, settlings: Sequence[Settling]) -> None:
    rows = [row for settling in settlings for row in settling.rows]
    judged = [settling.judged() for settling in settlings]
    work.session.execute(SETTLE, {"lines": records(rows)})
    work.session.execute(JUDGE, {"statements": records(judged)})
    if rows:
        work.audit("reimbursements.settled", "noemie", statements=len(judged), lines=len(rows))


def _tell(work: Work, settling: Settling, cause: Told[Any] | None) -> None:
    """Say to the person that something is new, and nothing of what it is; lines on which we pay nothing are not worth a message."""
    total = sum(share.complementary for share in settling.paid)
    if total and settling.cover:
        ours = (work.because(cause) if cause else work).for_brand(settling.cover.rights.brand)
        row, person_id = settling.statement, settling.cover.person.id
        ours.emit(Reimbursed(statement_id=row.id, person_id=person_id, paid_on=row.issued_on, corrected=total < 0))
