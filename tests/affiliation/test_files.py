"""Hélène declares a whole file of newcomers (S1:200-208): everything is taken, or nothing, and each line says why."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from events.affiliation import Sent
from services.affiliation.adapters import files
from services.affiliation.adapters.files import COLUMNS, MOST_LINES
from tests.affiliation.people import BISTROT, CONTRACT, DOMINIQUE, HELENE, RESTAURANT, VICTOR, House

TITLES = list(COLUMNS.values())
ANA = (RESTAURANT, CONTRACT, "Non cadre", "01/02/2026", "Ana", "BERT", "10/03/1992", "", "ana@exemple.fr", "")
BOB = (RESTAURANT, CONTRACT, "Cadre", "02/02/2026", "Bob", "CARL", "", "", "", "1 rue du Port, 29000 QUIMPER")


def csv_of(*lines: Sequence[str], titles: Sequence[str] = TITLES, delimiter: str = ";", charset: str = "utf-8") -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows([titles, *lines])
    return content.getvalue().encode(charset)


def workbook_of(*lines: Iterable[Any], titles: Sequence[str] = TITLES) -> bytes:
    book = Workbook()
    for line in (titles, *lines):
        book.active.append(list(line))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def send(house: House, content: bytes, *, dry_run: bool = False, actor: Any = HELENE, **headers: str) -> TestResponse:
    body = {"file": (io.BytesIO(content), "nouveaux.csv")}
    query = {"dry_run": "true"} if dry_run else {}
    return house.as_(actor).post("/affiliations/file", data=body, query_string=query, headers=headers, content_type="multipart/form-data")


@pytest.mark.parametrize(
    "content", [csv_of(ANA, BOB), workbook_of(ANA, BOB), csv_of(ANA, BOB, delimiter=",")], ids=["csv", "xlsx", "commas"]
)
def test_a_file_of_newcomers_is_taken_whole(house: House, content: bytes) -> None:
    answer = send(house, content)
    assert (answer.status_code, answer.json["taken"], answer.json["errors"]) == (201, 2, []), answer.json
    ana, bob = house.bench.told(Sent)
    assert (ana.medium, ana.email.value, bob.medium, bob.address.value) == (
        "email",
        "ana@exemple.fr",
        "post",
        "1 rue du Port, 29000 QUIMPER",
    )
    assert len(house.as_(HELENE).get("/affiliations").json["items"]) == 2


def test_the_template_filled_in_is_a_file_that_is_taken(house: House) -> None:
    template = house.as_(HELENE).get("/affiliations/file/template")
    assert "pre-affiliation.xlsx" in template.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(template.data))
    assert [cell.value for cell in book.worksheets[1][2]] == [RESTAURANT, "RESTAURANT FICTIF", CONTRACT]
    book.worksheets[0].append(list(ANA))
    content = io.BytesIO()
    book.save(content)
    assert send(house, content.getvalue()).json["taken"] == 1
    titles = house.as_(HELENE).get("/affiliations/file/template?format=csv").data
    assert send(house, titles + ";".join(BOB).encode()).json["taken"] == 1


def test_real_dates_and_numbers_of_a_spreadsheet_are_understood(house: House) -> None:
    line = (float(RESTAURANT), CONTRACT, "Cadre", date(2026, 2, 1), "Ana", "BERT", date(1992, 3, 10), None, "ana@exemple.fr", None)
    assert send(house, workbook_of(line)).json["taken"] == 1


def test_an_old_spreadsheets_accents_are_read(house: House) -> None:
    line = (*ANA[:4], "Zoé", "LEFÈVRE", *ANA[6:])
    assert send(house, csv_of(line, charset="cp1252")).json["taken"] == 1
    assert house.as_(HELENE).get("/affiliations").json["items"][0]["employee"] == "Zoé LEFÈVRE"


def test_one_wrong_line_and_nothing_is_taken(house: House) -> None:
    wrong = [
        (*BOB[:3], "31/02/2026", *BOB[4:]),
        (BISTROT, *BOB[1:]),
        (*BOB[:8], "pas-une-adresse", *BOB[9:]),
        (*BOB[:9], ""),
    ]
    refused = send(house, csv_of(ANA, *wrong))
    assert (refused.status_code, refused.json["type"]) == (422, "/problemes/lignes-a-corriger")
    assert [(error["line"], error["field"]) for error in refused.json["errors"]] == [
        (3, "starts_on"),
        (4, "siret"),
        (5, "email"),
        (6, "address"),
    ]
    assert all(error["message"].endswith(".") for error in refused.json["errors"])
    assert house.bench.told(Sent) == []
    assert house.bench.audited() == []


def test_a_dry_run_says_the_same_and_takes_nothing(house: House) -> None:
    report = send(house, csv_of(ANA, (BISTROT, *BOB[1:])), dry_run=True)
    assert report.status_code == 200
    assert (report.json["lines"], report.json["taken"], [error["line"] for error in report.json["errors"]]) == (2, 0, [3])
    assert send(house, csv_of(ANA), dry_run=True).json["errors"] == []
    assert house.bench.told(Sent) == []


def test_a_repeated_line_and_a_known_employee_are_named(house: House) -> None:
    house.declared(DOMINIQUE)
    dominique = (RESTAURANT, CONTRACT, "Non cadre", "01/02/2026", "dominique", "Essai", "04/04/1980", "", "d@exemple.fr", "")
    refused = send(house, csv_of(ANA, ANA, dominique))
    first, second = refused.json["errors"]
    assert (first["line"], first["message"]) == (3, "Même salarié, même contrat que la ligne 2 : une seule des deux peut être prise.")
    assert (second["line"], "déjà en cours" in second["message"]) == (4, True)


def test_a_likely_duplicate_is_warned_about_and_taken(house: House) -> None:
    house.declared(DOMINIQUE | {"birth_on": None})
    namesake = (RESTAURANT, CONTRACT, "Non cadre", "01/02/2026", "Dominique", "ESSAI", "05/05/1990", "", "d@exemple.fr", "")
    answer = send(house, csv_of(namesake))
    assert (answer.status_code, answer.json["warnings"][0]["line"]) == (201, 2)
    assert "même nom" in answer.json["warnings"][0]["message"]


def test_a_file_sent_twice_under_one_key_is_taken_once(house: House) -> None:
    once = send(house, csv_of(ANA), **{"Idempotency-Key": "k1"})
    again = send(house, csv_of(ANA), **{"Idempotency-Key": "k2"})
    assert (once.status_code, again.status_code) == (201, 422)
    assert len(house.bench.told(Sent)) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Il manque : SIRET"),
        (b"\x00\x01\x02", "sur le modèle"),
        (b"%PDF-1.7", "Il manque : SIRET"),
        (b"PK\x03\x04 not a workbook", "sur le modèle"),
        (csv_of(), "aucun salarié"),
        (csv_of(ANA, titles=TITLES[1:]), "Il manque : SIRET"),
        (csv_of(*[ANA] * (MOST_LINES + 1)), f"plus de {MOST_LINES} lignes"),
        (b'"' + b"x" * 200_000, "sur le modèle"),
    ],
)
def test_a_file_that_is_no_list_is_explained(house: House, content: bytes, words: str) -> None:
    refused = send(house, content)
    assert (refused.status_code, refused.json["type"]) == (422, "/problemes/liste-illisible"), refused.json
    assert words in refused.json["detail"]


def test_a_workbook_that_swells_is_not_opened(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(7):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 10_000_000)
    monkeypatch.setattr(files, "load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    assert send(house, bomb.getvalue()).json["type"] == "/problemes/liste-illisible"


def test_a_formula_is_neither_computed_nor_taken_for_a_name(house: House) -> None:
    refused = send(house, workbook_of((*ANA[:5], '=HYPERLINK("http://x")', *ANA[6:])))
    assert (refused.status_code, {error["field"] for error in refused.json["errors"]}) == (422, {"last_name"})


def test_a_formula_or_a_script_typed_as_a_name_stays_the_text_it_is(house: House) -> None:
    line = (*ANA[:4], "=HYPERLINK(1)", "<script>alert(1)</script>", *ANA[6:])
    assert send(house, csv_of(line)).json["taken"] == 1
    [row] = house.as_(HELENE).get("/affiliations").json["items"]
    assert (row["first_name"], row["last_name"]) == ("=HYPERLINK(1)", "<script>alert(1)</script>")
    book = load_workbook(io.BytesIO(house.as_(HELENE).get("/affiliations/export.xlsx").data))
    assert {cell.data_type for line in book.active.iter_rows() for cell in line} == {"s"}


def test_the_list_is_found_behind_another_sheet(house: House) -> None:
    book = Workbook()
    book.active.append(["Mes contrats"])
    sheet = book.create_sheet("Nouveaux")
    for line in (TITLES, ANA):
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    assert send(house, content.getvalue()).json["taken"] == 1


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig"])
def test_what_excel_calls_unicode_text_is_read(house: House, charset: str) -> None:
    assert send(house, csv_of((*ANA[:4], "Zoé", *ANA[5:]), delimiter="\t", charset=charset)).json["taken"] == 1


@pytest.mark.parametrize(
    ("cell", "typed", "words"),
    [
        (3, "29/02/2027", "jj/mm/aaaa"),
        (3, "2/2/26", "jj/mm/aaaa"),
        (3, "46054", "jj/mm/aaaa"),
        (3, "01/01/0001", "avant le contrat"),
        (3, "31/12/9999", "à l'avance"),
        (6, "30/02/1992", "jj/mm/aaaa"),
        (6, "10/03/1792", "trop ancienne"),
        (6, "10/03/2126", "futur"),
        (7, "280047599900500", "clé"),
        (0, "12345678200011", "SIRET"),
        (0, "35600000000048", "pas dans votre espace"),
        (5, "Z\ufffdE\x07", "caractère"),
    ],
)
def test_a_cell_that_does_not_hold_is_told_with_its_line(house: House, cell: int, typed: str, words: str) -> None:
    refused = send(house, csv_of(BOB, [*ANA[:cell], typed, *ANA[cell + 1 :]]))
    assert refused.status_code == 422
    [error] = refused.json["errors"]
    assert (error["line"], words in error["message"]) == (3, True), error
    assert house.bench.told(Sent) == []


def test_a_leap_day_is_a_day(house: House) -> None:
    line = (*ANA[:3], "29/02/2028", *ANA[4:6], "29/02/1992", *ANA[7:])
    on_time = {"file": (io.BytesIO(csv_of(line)), "nouveaux.csv")}
    sent = house.as_(HELENE, on=date(2028, 1, 2)).post("/affiliations/file", data=on_time, content_type="multipart/form-data")
    assert sent.json["taken"] == 1, sent.json


def test_two_lines_that_look_alike_are_told_and_taken(house: House) -> None:
    undated = (*ANA[:6], "", *ANA[7:])
    answer = send(house, csv_of(ANA, undated))
    assert (answer.status_code, answer.json["taken"]) == (201, 2)
    assert [(told["line"], "ligne 2" in told["message"]) for told in answer.json["warnings"]] == [(3, True)]


def test_a_file_of_500_megabytes_is_refused_before_it_is_read(house: House) -> None:
    announced = {"CONTENT_LENGTH": "500000000"}
    kind = "multipart/form-data; boundary=x"
    refused = house.as_(HELENE).post("/affiliations/file", input_stream=io.BytesIO(b"--x"), content_type=kind, environ_overrides=announced)
    assert (refused.status_code, refused.json["type"]) == (413, "/problemes/trop-volumineux"), refused.json


def test_a_sheet_of_a_million_blank_rows_is_not_walked(house: House) -> None:
    book = Workbook()
    book.active.append(TITLES)
    book.active["A1000000"] = "x"
    content = io.BytesIO()
    book.save(content)
    assert "trop volumineux" in send(house, content.getvalue()).json["detail"]


def test_victor_cannot_declare_at_fictive(house: House) -> None:
    refused = send(house, csv_of(ANA), actor=VICTOR)
    assert [error["field"] for error in refused.json["errors"]] == ["siret"]


def test_a_declaration_is_checked_while_it_is_typed(house: House) -> None:
    client = house.as_(HELENE)
    assert client.post("/affiliations/checks", json=DOMINIQUE).json == {"errors": [], "warnings": []}
    wrong = client.post("/affiliations/checks", json=DOMINIQUE | {"nir": "280057599900528"}).json
    assert [error["field"] for error in wrong["errors"]] == ["nir"]
    house.declared(DOMINIQUE | {"birth_on": None})
    twin = client.post("/affiliations/checks", json=DOMINIQUE | {"email": "x@exemple.fr"}).json
    assert (twin["errors"], len(twin["warnings"])) == ([], 1)
    assert len(house.bench.told(Sent)) == 1


def test_a_declaration_that_is_being_typed_is_told_what_can_be_told(house: House) -> None:
    client = house.as_(HELENE)
    for typed, fields in (
        ({"siret": RESTAURANT}, []),
        ({"siret": BISTROT}, ["siret"]),
        ({"siret": RESTAURANT, "contract_reference": CONTRACT, "starts_on": "2017-01-01"}, ["starts_on"]),
        ({"siret": RESTAURANT, "nir": "280047599900531", "birth_on": "1980-05-04"}, ["nir"]),
    ):
        assert [error["field"] for error in client.post("/affiliations/checks", json=typed).json["errors"]] == fields
    assert client.post("/affiliations/checks", json={"siret": RESTAURANT, "nir": "280047599900500"}).status_code == 422
