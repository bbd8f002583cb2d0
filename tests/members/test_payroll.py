"""What payrolls say of months, of places and of people nobody knows yet: by the message door, seen by who should look (S1:306-312)."""

import tomllib
import uuid
from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import event

from chassis.actor import Actor
from chassis.config import BadConfiguration, convert
from chassis.testing import BRANDS, Bench
from events.dsn import AffiliationSeen, DeclarationTaken, NobodyCovered
from events.employers import CompanyRegistered, EstablishmentRegistered
from events.fact import Fact, Sealed
from events.members import PortabilityProofDue, RightsChanged
from services.members.config import MembersBrand
from tests.members.people import (
    ANDREA,
    CASEWORKER,
    CHARLIE,
    CONTRACT,
    DOMINIQUE,
    ELSEWHERE,
    EMPLOYER,
    SIRET,
    STRANGER,
    cover,
    declaration,
    employment,
    ends,
    finalised,
    member,
    rank,
    settle_in,
)

HIRED = date(2026, 2, 1)
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _settled(bench: Bench) -> None:
    settle_in(bench)


def month(of: date, *people: dict[str, Any], number: int = 1, fraction: str = "11", siret: str = SIRET, **options: Any) -> list[Fact]:
    """A monthly declaration that names people, and says that it was read to its end."""
    at = rank(number, 5, of.month + 1)
    said = declaration(number, at=at, nature="01", month=of, fraction=fraction, siret=siret, **options)
    seen = [AffiliationSeen(declaration=said, employment=employment(who), covers=(cover(),)) for who in people]
    return [*seen, DeclarationTaken(declaration=said, individuals=len(people), facts=len(seen))]


def anomalies(bench: Bench, actor: Actor = EMPLOYER, state: str = "open") -> list[tuple[str, str]]:
    found = bench.as_(actor).get(f"/anomalies?state={state}").json["items"]
    return [(line["last_name"], line["month"]) for line in found]


def waiting(bench: Bench, actor: Actor = EMPLOYER) -> list[dict[str, Any]]:
    return list(bench.as_(actor).get("/waiting-facts").json["items"])


def stands(bench: Bench, who: dict[str, Any]) -> dict[str, Any]:
    listed = bench.as_(EMPLOYER).post("/employees/search", json={"status": "all", "name": who["last_name"]}).json["items"]
    (found,) = listed
    return dict(found)


def test_who_is_missing_from_a_month_is_an_anomaly_and_never_a_radiation(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE), *month(JUNE, DOMINIQUE))
    (line,) = bench.as_(EMPLOYER).get("/anomalies").json["items"]
    assert (line["last_name"], line["month"], line["establishment"]["siret"], line["closed_at"]) == ("FAUX", "2026-06-01", SIRET, None)
    assert "Absent des déclarations de juin 2026" in line["reason"]
    assert stands(bench, CHARLIE)["status"] == "active"
    assert bench.told(RightsChanged) == []
    assert anomalies(bench, CASEWORKER) == anomalies(bench)
    assert anomalies(bench, STRANGER) == []


def test_a_month_in_fractions_is_looked_at_once_all_are_taken(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE), finalised(ANDREA))
    bench.tell(*month(JUNE, DOMINIQUE, number=1, fraction="12"))
    assert anomalies(bench) == []
    bench.tell(*month(JUNE, ANDREA, number=2, fraction="22"))
    assert anomalies(bench) == [("FAUX", "2026-06-01")]


def test_a_month_waits_for_the_facts_that_it_announced(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    seen, taken = month(JUNE, DOMINIQUE)
    bench.tell(taken)
    assert anomalies(bench) == []
    bench.tell(seen)
    assert anomalies(bench) == []


@pytest.mark.parametrize("closing", [month(JULY, CHARLIE), [ends(declaration(9), employment(CHARLIE))]], ids=["named again", "left"])
def test_an_anomaly_closes_by_itself(bench: Bench, closing: list[Fact]) -> None:
    bench.tell(finalised(CHARLIE), *month(JUNE))
    assert anomalies(bench) == [("FAUX", "2026-06-01")]
    bench.tell(*closing)
    assert (anomalies(bench), anomalies(bench, state="closed")) == ([], [("FAUX", "2026-06-01")])


def test_an_anomaly_opens_again_when_what_closed_it_is_taken_back(bench: Bench) -> None:
    left = ends(declaration(9), employment(CHARLIE))
    bench.tell(finalised(CHARLIE), *month(MAY), *month(JUNE, CHARLIE))
    assert anomalies(bench) == []
    bench.tell(*month(JUNE, number=2, type="replaces"))
    assert anomalies(bench) == [("FAUX", "2026-06-01"), ("FAUX", "2026-05-01")]
    bench.tell(left)
    assert anomalies(bench) == []
    bench.tell(ends(declaration(10, 6, type="cancels", target=rank(9)), employment(CHARLIE)))
    assert anomalies(bench) == [("FAUX", "2026-06-01"), ("FAUX", "2026-05-01")]


def test_a_form_that_comes_after_the_month_is_looked_at_too(bench: Bench) -> None:
    bench.tell(*month(JUNE, DOMINIQUE))
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE), finalised(ANDREA, JULY))
    assert anomalies(bench) == [("FAUX", "2026-06-01")]


def test_nobody_covered_ends_the_cover_of_all_there_and_says_why(bench: Bench) -> None:
    """S21.G00.15.004 = '02', through the door; then the month is sent again with Dominique."""
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE), finalised(ANDREA, siret=ELSEWHERE))
    said = declaration(1, nature="01", month=JULY)
    bench.tell(NobodyCovered(declaration=said, contract_reference=CONTRACT, insurer_code="P9999"), brand="")
    for who in (DOMINIQUE, CHARLIE):
        seen = stands(bench, who)
        assert (seen["status"], seen["ends_on"], seen["portability"]) == ("ended", "2026-06-30", None)
        assert "depuis juillet 2026" in seen["reason"]
    assert stands(bench, ANDREA)["status"] == "active"
    again = declaration(2, 9, nature="01", month=JULY, type="replaces")
    bench.tell(AffiliationSeen(declaration=again, employment=employment(DOMINIQUE), covers=(cover(),)), brand="")
    assert (stands(bench, DOMINIQUE)["status"], stands(bench, CHARLIE)["status"]) == ("active", "active"), "the closure died"
    facts = bench.as_(CASEWORKER).get("/facts?state=superseded").json["items"]
    assert [fact["name"] for fact in facts] == ["dsn.nobody_covered.v1"]


def test_an_unknown_establishment_waits_until_it_is_registered(bench: Bench) -> None:
    new = "55210055400013"
    said = declaration(1, siret=new, nature="01", month=JULY)
    bench.tell(NobodyCovered(declaration=said, contract_reference=CONTRACT, insurer_code="P9999"), brand="")
    (fact,) = bench.as_(CASEWORKER).get("/facts?state=waiting").json["items"]
    assert fact["reason"] == "Établissement inconnu : aucune entreprise ne l'a encore enregistré."
    bench.tell(EstablishmentRegistered(siret=new, siren=new[:9], establishment_name="NOUVEAU"))
    assert bench.as_(CASEWORKER).get("/facts?state=waiting").json["items"] == []


def test_an_employer_sees_whom_her_payroll_declares_and_nobody_affiliated(bench: Bench) -> None:
    """One line a person, and nothing that she did not declare: Charlie is known elsewhere, Dominique nowhere, both read the same."""
    bench.tell(CompanyRegistered(siren="552100554", company_name="AUTRE", insurer="klesia"))
    bench.tell(finalised(CHARLIE, siret="55210055400013"))
    bench.tell(*month(MAY, DOMINIQUE), *month(JUNE, DOMINIQUE, CHARLIE, number=2), brand="")
    lines = waiting(bench)
    assert sorted((line["last_name"], line["nir_masked"][:6]) for line in lines) == [("ESSAI", "2 80 •"), ("FAUX", "1 87 •")]
    assert len({line["reason"] for line in lines}) == 1
    assert "pré-affiliez-le" in lines[0]["reason"]
    assert waiting(bench, STRANGER) == []
    bench.tell(finalised(DOMINIQUE))
    assert [line["last_name"] for line in waiting(bench)] == ["FAUX"]


def test_lou_is_known_by_a_temporary_number_then_by_her_nir_and_has_one_history(bench: Bench) -> None:
    """NTT, then NIR beside it, in whatever order the form and the declarations come."""
    named = employment(DOMINIQUE)
    temporary = msgspec.structs.replace(named, nir=None, ntt=Sealed("2123456782LOU"))
    both = msgspec.structs.replace(named, ntt=Sealed("2123456782LOU"))
    left = ends(declaration(5, 5), temporary)
    linked = AffiliationSeen(declaration=declaration(1, nature="01", month=JUNE), employment=both, covers=(cover(),))
    bench.tell(left, brand="")
    assert [line["nir_masked"] for line in waiting(bench)] == [None]
    bench.tell(finalised(DOMINIQUE))
    assert stands(bench, DOMINIQUE)["status"] == "active"
    bench.tell(linked, brand="")
    assert stands(bench, DOMINIQUE)["status"] == "portability_pending"
    assert (waiting(bench), bench.parked()) == ([], [])


def proof(bench: Bench, day: str, path: str = "portability-proof", field: str = "received_on") -> int:
    person = member(bench, DOMINIQUE).reference.removeprefix("person:")
    return bench.as_(CASEWORKER, on=date.fromisoformat(day)).post(f"/persons/{person}/{path}", json={field: day}).status_code


def tasks(bench: Bench, on: date) -> None:
    """What the worker does on a day."""
    for task in bench.running.service.tasks:
        with bench.running.working() as work:
            work.pinned_today = on
            task.run(work, None)


def in_portability(bench: Bench) -> None:
    """Dominique worked from February 2025, left at the end of June 2026, and proved her benefit on July 10th: twelve months at most."""
    bench.tell(finalised(DOMINIQUE, date(2025, 2, 1)))
    bench.tell(ends(declaration(1), employment(DOMINIQUE, date(2025, 2, 1))), brand="")
    assert proof(bench, "2026-07-10") == 204


def test_a_portability_is_proved_again_or_stops_after_the_delay_of_the_brand(bench: Bench) -> None:
    in_portability(bench)
    tasks(bench, date(2026, 10, 9))
    assert bench.told(PortabilityProofDue) == []
    tasks(bench, date(2026, 10, 10))
    tasks(bench, date(2026, 10, 11))
    (asked,) = bench.told(PortabilityProofDue)
    assert asked.until == date(2026, 11, 9)
    assert (proof(bench, "2026-10-20"), proof(bench, "2026-10-20")) == (204, 409)
    tasks(bench, date(2027, 1, 20))
    tasks(bench, date(2027, 2, 19))
    assert stands(bench, DOMINIQUE)["status"] == "portability"
    tasks(bench, date(2027, 2, 20))
    seen = stands(bench, DOMINIQUE)
    assert (seen["status"], seen["ends_on"]) == ("ended", "2027-02-19")
    assert "n'a pas été reçu" in seen["reason"]
    assert proof(bench, "2027-02-25") == 204
    assert (stands(bench, DOMINIQUE)["status"], stands(bench, DOMINIQUE)["ends_on"]) == ("portability", "2027-06-30")


def test_a_portability_ends_with_the_benefit(bench: Bench) -> None:
    in_portability(bench)
    assert proof(bench, "2026-09-15", "portability-end", "ended_on") == 204
    seen = stands(bench, DOMINIQUE)
    assert (seen["status"], seen["ends_on"]) == ("ended", "2026-09-15")
    assert proof(bench, "2026-09-16", "portability-end", "ended_on") == 409
    person = member(bench, DOMINIQUE).reference.removeprefix("person:")
    early = bench.as_(CASEWORKER, on=date(2026, 9, 1)).post(f"/persons/{person}/portability-end", json={"ended_on": "2026-09-15"})
    assert (early.status_code, early.json["errors"][0]["field"]) == (422, "ended_on")
    assert bench.as_(CASEWORKER).post(f"/persons/{uuid.uuid4()}/portability-end", json={"ended_on": "2026-09-15"}).status_code == 404


def test_dominique_reads_how_her_months_were_counted(bench: Bench) -> None:
    in_portability(bench)
    (rights,) = bench.as_(member(bench, DOMINIQUE)).get("/me/rights").json["items"]
    counted = rights["portability"]["counted"]
    assert (counted["by"], counted["months_employed"], counted["capped"], counted["starts_on"]) == ("employment", 17, True, "2026-07-01")
    assert counted["contracts"] == [{"starts_on": "2025-02-01", "ended_on": "2026-06-30"}]


def test_a_month_costs_the_same_statements_whatever_its_size(bench: Bench) -> None:
    crowd = [{**DOMINIQUE, "nir13": f"28004759{number:05d}", "last_name": f"ESSAI {number}"} for number in range(100, 220)]
    bench.tell(*(finalised(who) for who in crowd))

    def cost(of: date, people: list[dict[str, Any]]) -> int:
        facts = month(of, *people)
        said = facts[0].declaration  # type: ignore[attr-defined]
        bench.deliver(NobodyCovered(declaration=said, contract_reference="AUTRE", insurer_code="P9999"), *facts, brand="")
        statements: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(bench.running.engine, "before_cursor_execute", count)
        bench.work()
        event.remove(bench.running.engine, "before_cursor_execute", count)
        return len(statements)

    assert cost(MAY, crowd[:10]) == cost(JUNE, crowd[10:])
    assert bench.parked() == []
    assert len(bench.as_(EMPLOYER).get("/anomalies?limit=200").json["items"]) == 10, "those of May that June names no more"


def test_a_caseworker_reads_the_54_motives_with_what_follows(bench: Bench) -> None:
    lines = {line["code"]: line for line in bench.as_(CASEWORKER).get("/motives").json["items"]}
    assert len(lines) == 54
    assert (lines["088"]["outcome_label"], lines["088"]["adjusted"]) == ("Portabilité exclue par la loi", False)
    assert bench.as_(EMPLOYER).get("/motives").status_code == 403


def brand(**motives: Any) -> MembersBrand:
    """The first brand, with motives of its own."""
    told = tomllib.loads((BRANDS / "hcr.toml").read_text(encoding="utf-8"))["members"]
    return convert(told | {"motives": motives}, MembersBrand, "marque.toml [members]")


def test_a_brand_classes_a_motive_otherwise_over_the_platforms_table() -> None:
    table = brand(**{"085": {"class": "P"}, "038": {"class": "P"}, "059": {"label": "départ"}}).motive_table
    assert (table["085"].outcome, table["085"].label) == ("P", "fin de mandat")
    assert (table["038"].duty, table["059"].outcome, table["059"].label) == (None, "J", "départ")
    assert table["088"].outcome == "X"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"777": {"class": "P"}}, "777"),
        ({"059": {"class": "R"}}, "duty"),
        ({"059": {"duty": "death"}}, "duty"),
        ({"059": {"class": "Z"}}, "Z"),
        ({"059": {"colour": "red"}}, "colour"),
    ],
)
def test_a_brand_that_errs_on_a_motive_does_not_start_and_says_which(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadConfiguration, match=why):
        brand(**change)
