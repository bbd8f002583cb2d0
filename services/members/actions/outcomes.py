"""What became of payroll facts, written at once."""

import uuid
from collections.abc import Mapping

from sqlalchemy import text

from chassis.database import records
from services.members.config import Work
from services.members.rules.facts import Judged

JUDGE = text("""
INSERT INTO dsn_outcome AS known (fact_id, state, reason)
SELECT fact_id, state, reason FROM json_populate_recordset(CAST(NULL AS dsn_outcome), CAST(:outcomes AS json))
ON CONFLICT (fact_id) DO UPDATE SET state = excluded.state, reason = excluded.reason
WHERE (known.state, known.reason) <> (excluded.state, excluded.reason)
""")


def write_outcomes(work: Work, judged: Mapping[uuid.UUID, Judged]) -> None:
    """Keep what became of some facts; what did not change is not written."""
    if judged:
        rows = [{"fact_id": fact_id, "state": state, "reason": reason} for fact_id, (state, reason) in sorted(judged.items())]
        work.session.execute(JUDGE, {"outcomes": records(rows)})
