"""The general conditions: accepted with a proof, and asked again when they change (S1:82)."""

import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path

from chassis.testing import BRANDS, Bench
from services.identity.app import SERVICE
from tests.identity.people import Visitor, person, problem, signed_in

TEXT = tomllib.loads((BRANDS / "hcr.toml").read_text())["identity"]["terms"]["assure"]["text"]


def renewed(make_bench: Callable[..., Bench], folder: Path) -> Bench:
    """The same house after its brand file took new conditions."""
    words = (BRANDS / "hcr.toml").read_text().replace('version = "2026-01"', 'version = "2026-09"').replace(TEXT, f"{TEXT} Et la charte.")
    (folder / "hcr.toml").write_text(words)
    return make_bench(SERVICE, brands=folder)


def test_conditions_are_accepted_with_a_proof_of_their_words_and_asked_again_when_they_change(
    bench: Bench, make_bench: Callable[..., Bench], tmp_path: Path
):
    bench.tell(person())
    dominique = Visitor(bench)
    dominique.activate()
    own = signed_in(bench, dominique.come_in())
    told = own.get("/me/terms").json
    assert (told["to_accept"], told["in_force"]["version"]) == (False, "2026-01")
    assert [(line["version"], line["digest"]) for line in told["accepted"]] == [("2026-01", hashlib.sha256(TEXT.encode()).hexdigest())]

    brands = bench.running.brands
    bench.running.brands = renewed(make_bench, tmp_path).running.brands  # type: ignore[misc]
    try:
        again = dominique.sign_in()
        assert again.status_code == 201, "the new conditions do not keep anybody out"
        assert again.json["terms_to_accept"] == {"version": "2026-09", "text": f"{TEXT} Et la charte."}
        assert problem(own.post("/me/terms", json={"terms_version": "2026-01"})) == (409, "conditions-a-accepter")
        assert own.post("/me/terms", json={"terms_version": "2026-09"}).status_code == 204
        assert [line["version"] for line in own.get("/me/terms").json["accepted"]] == ["2026-09", "2026-01"]
        dominique.device = again.json["device"]
        assert dominique.sign_in().json["terms_to_accept"] is None
    finally:
        bench.running.brands = brands  # type: ignore[misc]
