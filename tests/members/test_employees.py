"""« Mes salariés affiliés »: the list, one employee, and the Excel file (S1:251-308)."""

import io
import uuid
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import text

from chassis.sheets import Mark, Table, visible
from chassis.testing import Bench
from identifiers.nir import key_of
from services.members.adapters.xlsx import workbook
from services.members.queries import exports
from services.members.queries.exports import EXPORT_HEADER, WIDTHS
from tests.members.people import (
    ANDREA,
    CASEWORKER,
    CHARLIE,
    DOMINIQUE,
    ELSEWHERE,
    EMPLOYER,
    SIRET,
    STRANGER,
    declaration,
    employment,
    ends,
    finalised,
    settle_in,
    spouse,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def staff(bench: Bench) -> None:
    """Dominique with a spouse, Charlie who left, Andréa in the other establishment."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE, dependents=(spouse(),)), finalised(CHARLIE, date(2018, 3, 1)))
    bench.tell(finalised(ANDREA, date(2026, 4, 1), siret=ELSEWHERE))
    bench.tell(ends(declaration(1), employment(CHARLIE, date(2018, 3, 1), "00007"), motive="088"))


def listed(bench: Bench, **asked: str) -> list[str]:
    answer = bench.as_(EMPLOYER).get("/employees", query_string=asked)
    assert answer.status_code == 200, answer.json
    return [line["last_name"] for line in answer.json["items"]]


@pytest.mark.usefixtures("staff")
def test_the_list_shows_active_people_and_finds_the_others(bench: Bench) -> None:
    assert listed(bench) == ["ESSAI", "MAQUETTE"]
    assert listed(bench, status="ended") == ["FAUX"]
    assert listed(bench, status="portability") == []
    assert listed(bench, status="all") == ["ESSAI", "FAUX", "MAQUETTE"]
    assert listed(bench, siret=SIRET, status="all") == ["ESSAI", "FAUX"]
    assert listed(bench, contract="AUTRE") == []


@pytest.mark.usefixtures("staff")
def test_pages_follow_one_another_without_hole_or_repeat(bench: Bench) -> None:
    seen, after = [], None
    for _ in range(3):
        asked = {"limit": "1", "status": "all"} | ({"after": after} if after else {})
        page = bench.as_(EMPLOYER).get("/employees", query_string=asked).json
        seen += [line["last_name"] for line in page["items"]]
        after = page["next"]
    assert (seen, after) == (["ESSAI", "FAUX", "MAQUETTE"], None)


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(
    "asked",
    [{"status": "gone"}, {"limit": "0"}, {"limit": "1000"}, {"after": "x"}, {"siret": "123"}],
    ids=str,
)
def test_a_filter_that_cannot_be_read_is_refused_in_french(bench: Bench, asked: dict[str, str]) -> None:
    answer = bench.as_(EMPLOYER).get("/employees", query_string=asked)
    assert (answer.status_code, answer.json["type"]) == (422, "/problemes/donnees-invalides")
    assert answer.json["errors"][0]["field"] == next(iter(asked))


@pytest.mark.usefixtures("staff")
def test_another_company_sees_nobody_and_a_foreign_employee_is_as_missing(bench: Bench) -> None:
    mine = bench.as_(EMPLOYER).get("/employees").json["items"][0]["rights_id"]
    stranger = bench.as_(STRANGER)
    assert stranger.get("/employees?status=all").json == {"items": [], "next": None}
    assert stranger.get(f"/employees?after={mine}").status_code == 422
    foreign, missing = stranger.get(f"/employees/{mine}"), stranger.get(f"/employees/{uuid.uuid4()}")
    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data) == (404, missing.data)
    assert bench.as_(CASEWORKER).get("/employees").status_code == 403


def rows(content: bytes) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(content))["Salariés affiliés"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.usefixtures("staff")
def test_the_file_has_the_ten_columns_of_the_guide(bench: Bench) -> None:
    answer = bench.as_(EMPLOYER, on=date(2026, 7, 1)).get("/employees/export.xlsx?status=all")
    assert (answer.status_code, answer.content_type) == (200, XLSX)
    assert answer.headers["Content-Disposition"] == "attachment; filename=salaries-affilies-2026-07-01.xlsx"
    assert rows(answer.data) == [
        [
            "Etablissement",
            "Statut professionnel",
            "Contrat",
            "NNI",
            "Nom",
            "Prénom",
            "Date de naissance",
            "Date d'effet",
            "Date de fin",
            "Conjoint Assuré",
        ],
        line("RESTAURANT FICTIF", "280047599900531", "ESSAI", "Dominique", "04/04/1980", "01/02/2026", "-", "Oui"),
        line(
            "RESTAURANT FICTIF",
            CHARLIE["nir13"] + key_of(CHARLIE["nir13"]),
            "FAUX",
            "Charlie",
            "07/07/1987",
            "01/03/2018",
            "30/06/2026",
            "Non",
        ),
        line(ELSEWHERE, ANDREA["nir13"] + key_of(ANDREA["nir13"]), "MAQUETTE", "Andréa", "08/08/1997", "01/04/2026", "-", "Non"),
    ]
    assert bench.audited()[-1] == "employees.exported"


def line(place: str, *values: str) -> list[str]:
    return [place, "ACTIF NON CADRE", "BASE CCN HCR NC SEUL RG", *values]


@pytest.mark.usefixtures("staff")
def test_the_file_of_one_establishment_is_marked_with_who_and_when(bench: Bench) -> None:
    answer = bench.as_(EMPLOYER, on=date(2026, 7, 1)).get(f"/employees/export.xlsx?siret={SIRET}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=salaries-affilies-{SIRET}-2026-07-01.xlsx"
    book = load_workbook(io.BytesIO(answer.data))
    assert [row[4].value for row in book["Salariés affiliés"].iter_rows(min_row=2)] == ["ESSAI"]
    assert book.properties.creator == EMPLOYER.name
    assert "Document nominatif" in book.properties.description
    assert {cell.data_type for row in book["Salariés affiliés"].iter_rows() for cell in row} == {"s"}


def test_a_name_keeps_its_words_apart() -> None:
    assert visible("DE\u00a0LA\tTOUR\x00") == "DE LA TOUR"


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=10, max_size=10))
def test_no_name_can_poison_the_file(values: list[str]) -> None:
    from datetime import UTC, datetime

    hostile = ["=HYPERLINK(1)", "+1", "@x", "\x00\x08\x1b", "\ufffe", *values[5:]]
    content = b"".join(
        workbook([Table("Salariés", EXPORT_HEADER, WIDTHS, [hostile])], Mark("employer:1", datetime(2026, 7, 1, tzinfo=UTC)))
    )
    book = load_workbook(io.BytesIO(content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert book.active["A2"].value == "=HYPERLINK(1)"


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize(("asked", "people"), [("status=all", 3), ("", 2), ("status=all&name=maq", 3), (f"siret={SIRET}", 1)])
def test_the_audit_knows_how_many_people_left_with_a_file(bench: Bench, asked: str, people: int) -> None:
    answer = bench.as_(EMPLOYER).get(f"/employees/export.xlsx?{asked}")
    assert len(rows(answer.data)) == 1 + people
    with bench.running.engine.connect() as connection:
        details = connection.scalar(text("SELECT details FROM audit WHERE action = 'employees.exported'"))
    assert details["rows"] == people


@pytest.mark.usefixtures("staff")
def test_a_file_that_would_be_too_large_is_refused_before_it_begins(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_EXPORTED", 1)
    answer = bench.as_(EMPLOYER).get("/employees/export.xlsx")
    assert (answer.status_code, answer.json["type"]) == (409, "/problemes/export-trop-volumineux")
    assert "employees.exported" not in bench.audited()


@pytest.mark.usefixtures("staff")
def test_the_filter_of_the_sheet_covers_every_line(bench: Bench) -> None:
    book = load_workbook(io.BytesIO(bench.as_(EMPLOYER).get("/employees/export.xlsx?status=all").data))
    sheet = book["Salariés affiliés"]
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A1:J4", "A2")
