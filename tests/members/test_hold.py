"""Sensitive acts of employers wait while a way into their account is new (S0:114; a stolen mailbox exports nothing)."""

from datetime import UTC, datetime, timedelta

import msgspec

from chassis.testing import Bench
from tests.members.people import EMPLOYER, settle_in


def test_the_export_waits_until_the_hold_is_over_and_says_so(bench: Bench):
    """S1:299."""
    settle_in(bench)
    soon, past = datetime.now(UTC) + timedelta(hours=3), datetime.now(UTC) - timedelta(seconds=1)
    held = bench.as_(msgspec.structs.replace(EMPLOYER, held_until=soon))
    refused = held.get("/employees/export.xlsx")
    assert (refused.status_code, refused.json["type"]) == (423, "/problemes/action-en-attente")
    assert refused.json["until"] == soon.isoformat()
    assert held.get("/employees").status_code == 200, "reading goes on"
    assert bench.as_(msgspec.structs.replace(EMPLOYER, held_until=past)).get("/employees/export.xlsx").status_code == 200
    assert bench.audited().count("employees.exported") == 1
