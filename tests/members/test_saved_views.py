"""The lists that Lucie comes back to: kept, listed, renamed, forgotten, one of them first, and nobody else's (S1:185-196)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from chassis.testing import Bench
from events.fact import Sealed
from events.identity import AccountDeleted
from services.members.models import MOST_VIEWS, SavedView
from tests.members.people import CHARLIE, DOMINIQUE, EMPLOYER, SIRET, STRANGER, finalised, settle_in


def kept(bench: Bench, name: str, **options: Any) -> dict[str, Any]:
    form = {"name": name, "filters": {"status": "ended", "siret": SIRET, "name": "fau"}, "sort": "-end"} | options
    answer = bench.as_(EMPLOYER).post("/employees/views", json=form)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def listed(bench: Bench) -> list[tuple[str, bool]]:
    return [(view["name"], view["is_default"]) for view in bench.as_(EMPLOYER).get("/employees/views").json["items"]]


def test_a_view_is_kept_with_its_filters_and_its_order(bench: Bench) -> None:
    view = kept(bench, "Partis du restaurant")
    assert (view["sort"], view["is_default"]) == ("-end", False)
    assert {name: value for name, value in view["filters"].items() if value} == {"status": "ended", "siret": SIRET, "name": "fau"}
    assert bench.as_(EMPLOYER).get("/employees/views").json["items"] == [view]


def test_a_view_is_applied_by_a_search_its_filters_as_they_are_told(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE))
    view = kept(bench, "Les F du restaurant", filters={"siret": SIRET, "name": "fau"})
    found = bench.as_(EMPLOYER).post("/employees/search", json=view["filters"] | {"sort": view["sort"]})
    assert [line["last_name"] for line in found.json["items"]] == ["FAUX"]


def test_one_view_comes_first_and_another_takes_its_place(bench: Bench) -> None:
    first = kept(bench, "Actifs", is_default=True)
    kept(bench, "Terminés", is_default=True)
    assert listed(bench) == [("Terminés", True), ("Actifs", False)]
    form = {"name": "Les actifs", "filters": {}, "is_default": True}
    assert bench.as_(EMPLOYER).put(f"/employees/views/{first['view_id']}", json=form).status_code == 200
    assert listed(bench) == [("Les actifs", True), ("Terminés", False)]
    assert bench.as_(EMPLOYER).delete(f"/employees/views/{first['view_id']}").status_code == 204
    assert listed(bench) == [("Terminés", False)]


def test_two_views_bear_two_names_and_twenty_are_enough(bench: Bench) -> None:
    for number in range(MOST_VIEWS):
        kept(bench, f"Vue {number}")
    lucie, form = bench.as_(EMPLOYER), {"name": "Une de trop", "filters": {}}
    refused = lucie.post("/employees/views", json=form)
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/trop-de-vues")
    renamed = lucie.put(f"/employees/views/{lucie.get('/employees/views').json['items'][0]['view_id']}", json=form | {"name": "Vue 3"})
    assert (renamed.status_code, renamed.json["type"]) == (409, "/problemes/vue-deja-enregistree")


def test_a_view_is_of_one_account_and_a_foreign_one_is_as_missing(bench: Bench) -> None:
    view = kept(bench, "À moi")
    stranger, form = bench.as_(STRANGER), {"name": "À moi", "filters": {}}
    assert stranger.get("/employees/views").json == {"items": []}
    path = f"/employees/views/{view['view_id']}"
    assert (stranger.put(path, json=form).status_code, stranger.delete(path).status_code) == (404, 404)
    with bench.running.begin(STRANGER).session as session:
        assert session.scalars(select(SavedView)).all() == []
    assert stranger.post("/employees/views", json=form).status_code == 201, "a name is taken within one account"


def test_many_at_once_keep_no_more_than_one_under_a_name(bench: Bench) -> None:
    form = {"name": "La même", "filters": {}, "is_default": True}
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: bench.as_(EMPLOYER).post("/employees/views", json=form).status_code, range(6)))
    assert (answers.count(201), set(answers)) == (1, {201, 409})


def test_a_view_that_cannot_be_read_says_where(bench: Bench) -> None:
    refused = bench.as_(EMPLOYER).post("/employees/views", json={"name": "\x00", "filters": {"nir": "1"}, "sort": "x"})
    assert refused.status_code == 422
    assert {error["field"] for error in refused.json["errors"]} == {"name", "filters.nir", "sort"}


def test_a_deleted_account_leaves_no_view(bench: Bench) -> None:
    kept(bench, "À moi")
    gone = EMPLOYER.account_id
    assert gone
    bench.tell(AccountDeleted(account_id=gone, kind="employer", reference=f"account:{gone}", email=Sealed("lucie@exemple.fr")))
    assert bench.parked() == []
    assert listed(bench) == []
