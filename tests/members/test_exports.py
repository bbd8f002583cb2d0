"""The Excel file: its numbers by right, its second sheet, what is announced, and a client who goes away (S1:292-306)."""

import io
import socket
import threading
import time
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from werkzeug.serving import make_server

from chassis.auth import HEADER
from chassis.testing import Bench
from identifiers.nir import key_of
from tests.members import crowd
from tests.members.people import CHARLIE, DOMINIQUE, EMPLOYER, SIREN, SIRET, child, finalised, settle_in, spouse
from tests.members.test_search import BOTH, MARIE, OTHER_SIRET, PAUL

WHOLE, MASKED = DOMINIQUE["nir13"] + key_of(DOMINIQUE["nir13"]), "2 80 •• •• ••• ••• ••"


def sheets(answer: Any) -> dict[str, list[list[Any]]]:
    assert answer.status_code == 200, answer.json
    book = load_workbook(io.BytesIO(answer.data))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_numbers_leave_with_whoever_may_read_them_and_are_masked_for_the_others(bench: Bench) -> None:
    """S1:299: an administrator reads the NNI; a user does when her administrator said so, company by company."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE), finalised(DOMINIQUE, date(2026, 3, 1), siret=OTHER_SIRET))
    for actor, expected in ((EMPLOYER, [WHOLE]), (MARIE, [WHOLE]), (PAUL, [MASKED]), (BOTH, [WHOLE, MASKED])):
        told = sheets(bench.as_(actor).get("/employees/export.xlsx?sort=start"))["Salariés affiliés"]
        assert [row[3] for row in told[1:]] == expected
        assert bench.as_(actor).get("/employees/export").json["whole_numbers"] == (MASKED not in expected)
    with bench.running.engine.connect() as connection:
        said = connection.scalars(text("SELECT details -> 'numbers' FROM audit WHERE action = 'employees.exported' ORDER BY id")).all()
    assert said == [[SIREN], [SIREN], [], [SIREN]]


def test_a_second_sheet_tells_the_families(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE, dependents=(spouse(), child())), finalised(CHARLIE))
    answer = bench.as_(EMPLOYER).get("/employees/export.xlsx?dependents=true")
    book = load_workbook(io.BytesIO(answer.data))
    assert [(sheet.title, sheet.auto_filter.ref) for sheet in book] == [("Salariés affiliés", "A1:J3"), ("Ayants droit", "A1:H3")]
    assert sheets(answer)["Ayants droit"] == [
        ["Etablissement", "Nom", "Prénom", "Lien", "Nom de l'ayant droit", "Prénom de l'ayant droit", "Date d'effet", "Date de fin"],
        ["RESTAURANT FICTIF", "ESSAI", "Dominique", "Conjoint", "ESSAI", "Alex", "01/02/2026", "-"],
        ["RESTAURANT FICTIF", "ESSAI", "Dominique", "Enfant", "ESSAI", "Lou", "01/02/2026", "-"],
    ]
    assert list(sheets(bench.as_(EMPLOYER).get("/employees/export.xlsx"))) == ["Salariés affiliés"]


def test_how_much_is_to_come_is_told_before_the_first_byte(bench: Bench) -> None:
    """A script draws how far the download is from the headers; a page without one shows the same beside the button."""
    settle_in(bench)
    with bench.owner.begin() as connection:
        crowd.company(connection, SIRET, 4_000)
    asked = "siret=" + SIRET
    forecast = bench.as_(EMPLOYER).get(f"/employees/export?{asked}").json
    answer = bench.as_(EMPLOYER).get(f"/employees/export.xlsx?{asked}")
    assert (answer.headers["Affilia-Rows"], forecast["rows"], forecast["possible"]) == ("3600", 3600, True)
    assert answer.headers["Affilia-About-Bytes"] == str(forecast["about_bytes"])
    assert 0.5 < len(answer.data) / forecast["about_bytes"] < 2


def test_a_client_who_goes_away_stops_the_work_and_frees_the_database(bench: Bench) -> None:
    settle_in(bench)
    with bench.owner.begin() as connection:
        crowd.company(connection, SIRET, 20_000)
    server = make_server("127.0.0.1", 0, bench.app, threaded=True)
    server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        identity = bench.as_(EMPLOYER)._headers[HEADER]
        with socket.create_connection(("127.0.0.1", server.server_port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.sendall(f"GET /employees/export.xlsx HTTP/1.1\r\nHost: x\r\n{HEADER}: {identity}\r\n\r\n".encode())
            assert client.recv(64).startswith(b"HTTP/1.1 200")
            eventually(lambda: open_cursors(bench) == 1)
        eventually(lambda: open_cursors(bench) == 0 and bench.running.engine.pool.checkedout() == 0)  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def open_cursors(bench: Bench) -> int:
    """Transactions of the service that are open in the database, this question aside."""
    others = "datname = current_database() AND usename = current_user AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
    with bench.running.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")) or 0)


def eventually(look: Any) -> None:
    deadline = time.monotonic() + 20
    while not look():
        assert time.monotonic() < deadline, "an export holds the database, or should"
        time.sleep(0.02)


@pytest.mark.parametrize("asked", ["dependents=peut-être", "sort=nir", "siret=1"])
def test_what_a_file_does_not_take_is_refused(bench: Bench, asked: str) -> None:
    assert bench.as_(EMPLOYER).get(f"/employees/export.xlsx?{asked}").status_code == 422
