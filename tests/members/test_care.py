"""« Localiser un professionnel de santé » and an agency: what is found near a town or a position, and what is refused (S0:214-225)."""

import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from chassis.actor import Actor
from chassis.testing import Bench
from services.members import tasks
from services.members.access import care as access
from services.members.models import Agency, Commune, CommunePostcode, Partner, Professional, ReferenceFile
from services.members.rules import opening
from services.members.rules.places import Point
from services.members.rules.specialties import of_person
from services.members.tasks import FOLDER
from tests.members.network import load, settle_network
from tests.members.people import CASEWORKER, DOMINIQUE, EMPLOYER, finalised, member, settle_in

FOUND = "/me/care/professionals"
LYON = {"lat": 45.7612, "lon": 4.8518}
MEMBER = Actor(kind="member", brand="hcr", space="assure", account_id=uuid.UUID(int=9), reference=f"person:{uuid.UUID(int=9)}", strong=True)


@pytest.fixture
def dominique(bench: Bench) -> Any:
    settle_in(bench)
    settle_network(bench)
    bench.tell(finalised(DOMINIQUE))
    return bench.as_(member(bench, DOMINIQUE))


@pytest.fixture
def network(bench: Bench) -> Any:
    """Somebody signed in, and the network."""
    settle_network(bench)
    return bench.as_(MEMBER)


def test_dominique_finds_a_dentist_by_postcode_the_nearest_first(dominique: Any):
    """S0:218-219: the specialty, then the postcode."""
    assert {"key": "chirurgien-dentiste", "label": "Chirurgien-dentiste"} in dominique.get("/me/care/specialties").json["items"]
    found = dominique.get(f"{FOUND}?specialty=chirurgien-dentiste&postcode=69003").json
    assert found["place"] == {"label": "Lyon 3e Arrondissement", "approximate": False}
    distances = [line["distance_km"] for line in found["items"]]
    assert distances[0] == 0.0
    assert distances == sorted(distances)
    assert {line["postcode"] for line in found["items"]} == {"69003", "69006", "69100"}
    assert max(distances) < 5
    assert all(line["demonstration"] for line in found["items"]), "nobody takes them for real people"
    assert found["register_on"] == "2026-06-01"


def test_the_flags_are_the_insurers_word_with_its_day(network: Any):
    """S0:221-223: partner network and tiers payant, said as they are known and when."""
    everybody = network.get(f"{FOUND}?specialty=medecin-generaliste&postcode=69003&limit=100").json["items"]
    paying = network.get(f"{FOUND}?specialty=medecin-generaliste&postcode=69003&third_party_payment=true&limit=100").json["items"]
    both = network.get(f"{FOUND}?specialty=medecin-generaliste&postcode=69003&third_party_payment=true&network=true").json["items"]
    assert paying == [line for line in everybody if line["third_party_payment"]]
    assert both == [line for line in paying if line["network"]]
    assert 0 < len(both) < len(paying) < len(everybody)
    unknown = [line for line in everybody if line["third_party_payment"] is None]
    assert unknown
    assert all(line["checked_on"] is None for line in unknown)
    assert all(line["checked_on"] for line in paying)


def test_around_here_by_a_posted_position_and_nothing_is_kept(bench: Bench, network: Any):
    """S4:316: « géolocalisation »; the position stands in no address, and leaves no trace."""
    found = network.post(f"{FOUND}/around", json=LYON | {"specialty": "opticien", "within_km": 5}).json
    assert found["place"]["label"] == "Autour de vous"
    assert {line["postcode"] for line in found["items"]} <= {"69003", "69006", "69100"}
    assert found["items"]
    assert network.get(f"{FOUND}/around?lat=45.7&lon=4.8").status_code == 405
    with bench.running.begin(CASEWORKER).session as session:
        assert session.scalar(text("SELECT count(*) FROM audit")) == 0
        assert session.scalar(text("SELECT count(*) FROM outbox")) == 0


def test_pages_follow_one_another_without_a_gap(network: Any):
    path, seen, after = f"{FOUND}?specialty=medecin-generaliste&postcode=69003", [], ""
    whole = [line["id"] for line in network.get(f"{path}&limit=100").json["items"]]
    while after is not None:
        page = network.get(f"{path}&limit=4" + (f"&after={after}" if after else "")).json
        seen += [line["id"] for line in page["items"]]
        after = page["next"]
    assert seen == whole
    assert len(seen) == len(set(seen)) > 8


def test_a_town_is_completed_and_found_however_it_is_typed(network: Any):
    """S0:219: « le code postal et/ou la ville »."""
    towns = network.get("/me/care/towns?starts=st den").json["items"]
    assert [town["name"] for town in towns] == ["Saint-Denis", "Saint-Denis"]
    assert towns[0]["postcodes"] == ["97400", "97417", "97490"], "the most peopled first"
    assert network.get("/me/care/towns?starts=%20-%20").json["items"] == []
    two = network.get(f"{FOUND}?specialty=opticien&town=SAINT DENIS")
    assert (two.status_code, two.json["errors"][0]["field"]) == (422, "town")
    assert {choice["postcodes"][0] for choice in two.json["choices"]} == {"97400", "93200"}
    one = network.get(f"{FOUND}?specialty=opticien&town=St-Denis&postcode=93200").json
    assert (one["place"]["label"], one["items"][0]["postcode"]) == ("Saint-Denis", "93200")


REFUSED = {
    "no place": ("", "postcode"),
    "an unknown postcode": ("&postcode=00000", "postcode"),
    "a short postcode": ("&postcode=6900", "postcode"),
    "a postcode and a line": ("&postcode=69003%0A", "postcode"),
    "full-width digits": ("&postcode=%EF%BC%96%EF%BC%99%EF%BC%90%EF%BC%90%EF%BC%93", "postcode"),
    "an unknown town": ("&town=Nulle-Part", "town"),
    "a town elsewhere": ("&town=Lille&postcode=69003", "town"),
    "a NUL": ("&town=Ly%00on", "town"),
    "a thousand million": ("&postcode=69003&limit=1000000000", "limit"),
    "a whole country": ("&postcode=69003&within_km=5000", "within_km"),
    "another's page": ("&postcode=69003&after=12.not-an-id", "after"),
    "a page of nothing": ("&postcode=69003&after=%00", "after"),
    "no such flag": ("&postcode=69003&network=peut-être", "network"),
}


@pytest.mark.parametrize(("query", "field"), REFUSED.values(), ids=REFUSED)
def test_a_place_that_cannot_be_read_is_refused_with_its_field(network: Any, query: str, field: str):
    answer = network.get(f"{FOUND}?specialty=opticien{query}")
    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field]), answer.json


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (-91, 0), (0, 181), ("NaN", 0), (0, "inf"), (None, 0), (True, 0), ("ici", 0), (1e400, 0)]
)
def test_a_position_that_is_nowhere_is_refused(network: Any, lat: Any, lon: Any):
    answer = network.post(f"{FOUND}/around", json={"specialty": "opticien", "lat": lat, "lon": lon})
    assert answer.status_code in (400, 422), answer.json
    assert network.post(f"{FOUND}/around", json={"specialty": "opticien", "lat": 90, "lon": 180}).json["items"] == []
    assert network.get(f"{FOUND}?specialty=sorcier&postcode=69003").json["errors"][0]["field"] == "specialty"


def test_agencies_near_a_town_with_their_hours(bench: Bench, network: Any):
    """S4:297-318: « Localiser une agence »; each brand has its own."""
    fatima = bench.as_(Actor(kind="member", brand="harmonie", space="assure", account_id=uuid.uuid4(), reference=f"person:{uuid.uuid4()}"))
    found = fatima.get("/me/care/agencies?postcode=69003").json
    assert [line["id"] for line in found["items"]] == ["lyon", "villeurbanne"]
    assert found["items"][0]["hours"][5] == {"day": "samedi", "hours": "09:00-12:00"}
    assert found["items"][0]["hours"][6] == {"day": "dimanche", "hours": ""}
    assert network.get("/me/care/agencies?postcode=69003").json["items"] == [], "another brand's agencies are not hers"
    closed = bench.as_(MEMBER, on=date(2026, 12, 25)).post("/me/care/agencies/around", json={"lat": 48.84, "lon": 2.29})
    assert [(line["id"], line["open_now"]) for line in closed.json["items"]] == [("paris-15", False)]


PARIS = ZoneInfo("Europe/Paris")
HOURS = opening.week("Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:00")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 6, 15, 9, 0), True),
        (datetime(2026, 6, 15, 8, 59), False),
        (datetime(2026, 6, 15, 12, 30), False),
        (datetime(2026, 6, 13, 11, 0), True),  # a Saturday
        (datetime(2026, 6, 14, 11, 0), False),  # a Sunday
        (datetime(2026, 5, 25, 10, 0), False),  # Whit Monday
        (datetime(2026, 7, 14, 10, 0), False),
        (datetime(2026, 1, 5, 8, 30, tzinfo=UTC).astimezone(PARIS), True),
    ],
)
def test_a_door_is_open_at_its_hours_and_shut_on_holidays(at: datetime, expected: bool):
    assert opening.is_open(HOURS, at) is expected


@pytest.mark.parametrize("hours", ["", "Lu 09:00-12:00", "Mo 9-12", "Mo 12:00-09:00", "Mo 29:00-29:30", "Mo-Fr"])
def test_hours_that_cannot_be_read_say_so(hours: str):
    with pytest.raises(ValueError, match="horaires"):
        opening.week(hours)


def test_the_network_is_for_members_and_its_rows_for_nobody_else(bench: Bench, network: Any):
    assert bench.as_(EMPLOYER).get("/me/care/specialties").status_code == 403
    assert bench.anonymous().get("/me/care/specialties").status_code == 401
    tables = (ReferenceFile, Commune, CommunePostcode, Professional, Partner, Agency)
    for actor, sees in ((MEMBER, True), (EMPLOYER, False), (Actor(kind="anonymous"), False)):
        with bench.running.begin(actor).session as session:
            assert [bool(session.query(table).first()) for table in tables] == [sees] * len(tables)
    with bench.running.begin(MEMBER).session as session:
        assert {partner.brand for partner in session.query(Partner)} == {"hcr"}
        assert session.execute(text("UPDATE professional SET name = 'ESCROC'")).rowcount == 0, "a member changes nothing"


def test_an_index_finds_the_neighbours_whatever_their_number(bench: Bench, network: Any):
    """Prefix ranges and boxes are leakproof: row security keeps their indexes."""
    work, centre = bench.running.begin(MEMBER), Point(45.76, 4.85)
    begins = select(Commune.insee).where(Commune.search_name >= "saint d", Commune.search_name < "saint e")
    queries = {
        "ix_professional_specialty_lat_lon": (access.professionals(work, "opticien", centre, 30), 5),
        "ix_agency_brand_lat_lon": (access.agencies(work, centre, 30), 5),
        "ix_commune_search_name_insee": (begins, 2),
        "pk_commune_postcode": (select(CommunePostcode.insee).where(CommunePostcode.postcode == "69003"), 1),
    }
    with work.session as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        for index, (query, conditions) in queries.items():
            written = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
            plan = list(session.scalars(text(f"EXPLAIN {written}".replace(":", r"\:"))))
            place = next(number for number, line in enumerate(plan) if index in line)
            assert plan[place + 1].count(" AND ") == conditions - 1, f"every condition is the index's: {plan}"


def test_what_ships_is_loaded_once_whole_and_never_over_what_an_operator_loaded(bench: Bench, tmp_path: Path):
    ours = tmp_path / "agencies.csv"
    ours.write_text("brand,reference,name,street,postcode,town,phone,hours\n", encoding="utf-8")
    load(bench, "agencies", ours)
    for _time in range(2):
        with bench.running.working() as work:
            tasks.ship(work.session)
    with bench.owner.begin() as connection:
        connection.execute(text("SELECT set_config('affilia.kind', 'system', true)"))
        told = dict(connection.execute(text("SELECT kind, lines FROM reference_file")).all())
        assert told == {"communes": 34_920, "rpps": 282, "partners": 903, "agencies": 0}
        assert connection.scalar(text("SELECT count(*) FROM commune_postcode WHERE postcode = '69003'")) == 1
        assert connection.scalar(text("SELECT count(*) FROM commune WHERE lat = 0 AND lon = 0")) == 0


HEADER = (FOLDER / "professionals.txt").read_text(encoding="utf-8").splitlines()[0]
SOUND = (FOLDER / "professionals.txt").read_text(encoding="utf-8").splitlines()[1]


def test_a_register_is_read_line_by_line_and_its_faults_are_numbered(bench: Bench, network: Any, tmp_path: Path):
    """A register replaces the one before; what is wrong is told by its line, the rest is kept."""
    register = tmp_path / "PS_LibreAcces_Personne_activite.txt"
    lines = [HEADER, SOUND, "court|trop", SOUND.replace("9000000000", "2000000000"), SOUND.replace("|69003|69383|", "|00000|00000|"), SOUND]
    register.write_text(
        "\r\n".join([*lines, SOUND.replace("FICTIF", "FIC\x00TIF").replace("9000000000", "9100000000", 1) + "\x00"]), encoding="utf-8"
    )
    faults = load(bench, "rpps", register)
    assert [fault.line for fault in faults] == [3, 4, 5, 7]
    assert faults[0].sentence == "2 colonnes au lieu de 56"
    assert "69383" in SOUND
    found = network.get(f"{FOUND}?specialty=medecin-generaliste&postcode=69003&limit=100").json["items"]
    assert len(found) == 1, "the same line twice is one row, and the others are gone"
    assert of_person("10", "Qualifié en Médecine Générale") == "medecin-generaliste"


FINESS = ["structureet", "690000001", "690000002", "PHARMACIE", "PHARMACIE DE LA DEMONSTRATION", "", "", "3", "R", "DU MODELE", "", "",
          "123", "69", "RHONE", "69003 LYON CEDEX 03", "0199009999", "", "620", *[""] * 12]  # fmt: skip


def test_finess_is_read_beside_it_in_its_own_alphabet(bench: Bench, network: Any, tmp_path: Path):
    extraction = tmp_path / "finess.csv"
    other = [*FINESS[:18], "999", *FINESS[19:]]
    short = FINESS[:10]
    text_ = "\n".join(
        ["finess;etalab;100;2026-06-01", *(";".join(cells) for cells in (FINESS, other, short)), "geolocalisation;690000001;1;2"]
    )
    extraction.write_bytes(text_.replace("MODELE", "MODÈLE").encode("iso-8859-1"))
    assert [fault.line for fault in load(bench, "finess", extraction)] == [4]
    (line,) = [one for one in network.get(f"{FOUND}?specialty=pharmacie&postcode=69003").json["items"] if not one["demonstration"]]
    assert (line["name"], line["street"], line["postcode"]) == ("PHARMACIE DE LA DEMONSTRATION", "3 R DU MODÈLE", "69003")
