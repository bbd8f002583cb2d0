"""Time passes in a test by moving every instant of the database back: what is stored grows older, nothing else changes."""

from sqlalchemy import text

from chassis.testing import Bench
from services.identity.models import Base


def let_time_pass(bench: Bench, interval: str) -> None:
    """``let_time_pass(bench, "11 minutes")``."""
    with bench.running.working() as work:
        for table in Base.metadata.tables.values():
            instants = [column.name for column in table.columns if column.name.endswith(("_at", "_until")) or column.name == "at"]
            if instants:
                moved = ", ".join(f"{name} = {name} - interval '{interval}'" for name in instants)
                work.session.execute(text(f"UPDATE {table.name} SET {moved}"))
