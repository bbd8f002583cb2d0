"""The audit trail: written with its act or not at all, linked by the notary, and every tampering found."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, text

from chassis.actor import SYSTEM
from chassis.audit import FileAnchor, Head, LogAnchor, Notary, Verdict, anchor, verify
from chassis.service import Running
from chassis.testing import Bench

LINES = 200
UNGUARDED = ("ALTER TABLE audit DISABLE TRIGGER ALL", "ALTER TABLE audit_link DISABLE TRIGGER ALL")
GUARDED = ("ALTER TABLE audit ENABLE TRIGGER ALL", "ALTER TABLE audit_link ENABLE TRIGGER ALL")


@pytest.fixture
def kept(parcels: Bench, tmp_path: Path) -> Running:
    """The parcels service, its heads anchored in a file."""
    settings = msgspec.structs.replace(parcels.running.settings, audit_anchor=tmp_path / "anchors.jsonl")
    return replace(parcels.running, settings=settings)


def act(running: Running, times: int = LINES) -> None:
    with running.working(SYSTEM) as work:
        for number in range(times):
            work.audit("parcel.weighed", f"parcel:{number}", grams=number, place="Saint-Étienne")


def sealed(running: Running) -> Notary:
    notary = Notary(running)
    while notary.seal():
        pass
    notary.anchor()
    return notary


def tamper(bench: Bench, *statements: str, **values: Any) -> None:
    """What somebody with the owner's rights on the database can do."""
    with bench.owner.begin() as connection:
        _run(connection, *UNGUARDED)
        for statement in statements:
            connection.execute(text(statement), values)
        _run(connection, *GUARDED)


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.execute(text(statement))


def scalar(running: Running, query: str) -> Any:
    with running.engine.connect() as connection:
        return connection.scalar(text(query))


def test_lines_wait_for_the_commit_and_leave_with_a_refusal(parcels: Bench):
    with suppress(RuntimeError), parcels.running.working(SYSTEM) as work:
        work.audit("parcel.weighed", "parcel:1")
        raise RuntimeError
    assert parcels.audited() == []
    act(parcels.running, 3)
    assert parcels.audited() == ["parcel.weighed"] * 3


def test_a_chain_that_nobody_touched_is_whole(kept: Running):
    act(kept)
    sealed(kept)
    act(kept, 5)
    sealed(kept)
    act(kept, 2)
    assert verify(kept) == Verdict(walked=LINES + 5, findings=[])


def test_the_worker_links_and_anchors_by_itself(parcels: Bench, kept: Running):
    act(kept, 3)
    Notary(kept).once()
    assert scalar(kept, "SELECT count(*) FROM audit_link") == 3
    assert [head.position for head in anchor(kept).heads("parcels")] == [3]
    act(parcels.running, 1)
    parcels.work()
    assert scalar(kept, "SELECT count(*) FROM audit_waiting") == 0


@pytest.mark.parametrize("table", ["audit", "audit_link"])
@pytest.mark.parametrize("deed", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_trail_and_its_chain_only_grow(kept: Running, parcels: Bench, table: str, deed: str):
    act(kept, 2)
    sealed(kept)
    column = {"audit": "actor", "audit_link": "link"}[table]
    for engine in (kept.engine, parcels.owner):
        with pytest.raises(Exception, match=r"append-only|permission denied"), engine.begin() as connection:
            connection.execute(text(deed.format(table, column, column)))


EDITS = {
    "its actor": "UPDATE audit SET actor = 'nobody' WHERE id = :id",
    "its subject": "UPDATE audit SET subject = subject || 'x' WHERE id = :id",
    "its hour": "UPDATE audit SET at = at + interval '1 microsecond' WHERE id = :id",
    "its details": "UPDATE audit SET details = details || '{\"grams\": -1}' WHERE id = :id",
    "its link": "UPDATE audit_link SET link = decode(repeat('00', 32), 'hex') WHERE audit_id = :id",
    "all of it": "DELETE FROM audit WHERE id = :id",
    "its link alone": "DELETE FROM audit_link WHERE audit_id = :id",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_of_any_one_line_is_found(kept: Running, parcels: Bench, edit: str):
    act(kept, 20)
    sealed(kept)
    first = scalar(kept, "SELECT min(id) FROM audit")
    for number in random.Random(1).sample(range(20), 5):
        tamper(parcels, edit, id=first + number)
    assert len(verify(kept).findings) >= 5


def test_two_lines_that_change_places_are_found(kept: Running, parcels: Bench):
    act(kept, 10)
    sealed(kept)
    first = scalar(kept, "SELECT min(id) FROM audit")
    swap = "UPDATE audit_link SET audit_id = CASE audit_id WHEN :a THEN -:b WHEN :b THEN -:a END WHERE audit_id IN (:a, :b)"
    tamper(parcels, swap, "UPDATE audit_link SET audit_id = -audit_id WHERE audit_id < 0", a=first + 2, b=first + 7)
    assert {finding.at for finding in verify(kept).findings} == {first + 2, first + 7}


def test_a_line_put_in_by_hand_is_found(kept: Running, parcels: Bench):
    act(kept, 3)
    sealed(kept)
    tamper(parcels, "INSERT INTO audit (at, actor, action, subject, brand, trace) VALUES (now(), 'x', 'y', 'z', '', '')")
    (finding,) = verify(kept).findings
    assert "insérée" in finding.what


def test_a_line_kept_from_the_notary_is_found(kept: Running, parcels: Bench):
    act(kept, 3)
    tamper(parcels, "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    sealed(kept)
    (finding,) = verify(kept).findings
    assert "sans chaînon" in finding.what


def test_a_tail_that_is_cut_off_shows_against_the_anchor(kept: Running, parcels: Bench):
    act(kept, 30)
    sealed(kept)
    tamper(
        parcels,
        "DELETE FROM audit WHERE id IN (SELECT audit_id FROM audit_link WHERE position > 25)",
        "DELETE FROM audit_link WHERE position > 25",
    )
    (finding,) = verify(kept).findings
    assert "coupée" in finding.what
    act(kept, 9)
    sealed(kept)
    assert any("ancré" in finding.what for finding in verify(kept).findings)


def test_another_key_recognises_nothing(kept: Running):
    act(kept, 3)
    sealed(kept)
    keys = msgspec.structs.replace(kept.settings.keys, index="QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE")
    stranger = replace(kept, settings=msgspec.structs.replace(kept.settings, keys=keys))
    assert len(verify(stranger).findings) == 3


def test_a_service_without_a_file_anchors_in_its_log(parcels: Bench):
    assert isinstance(anchor(parcels.running), LogAnchor)
    assert list(anchor(parcels.running).heads("parcels")) == []


def test_a_file_of_several_services_gives_each_its_own(tmp_path: Path):
    file = FileAnchor(tmp_path / "deep" / "anchors.jsonl")
    for service, position in (("members", 1), ("identity", 4), ("members", 9)):
        file.keep(Head(service, position, "00", datetime.now(UTC)))
    with (tmp_path / "deep" / "anchors.jsonl").open("ab") as torn:
        torn.write(b'{"service":"members","posi')
    assert [head.position for head in file.heads("members")] == [1, 9]
