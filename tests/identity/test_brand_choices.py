"""What a brand may choose for its members: a phone that is optional, or no second factor at all."""

from collections.abc import Callable
from pathlib import Path

from chassis.testing import BRANDS, Bench
from events.identity import ContactChanged
from services.identity.app import SERVICE
from tests.identity.people import GOOD, Visitor, actor_of, person, signed_in

MakeBench = Callable[..., Bench]


def opened(make_bench: MakeBench, folder: Path, found: str, chosen: str) -> Visitor:
    """Dominique, without a phone, in front of a brand whose file says ``chosen`` instead of ``found``."""
    text = (BRANDS / "hcr.toml").read_text()
    assert found in text
    (folder / "hcr.toml").write_text(text.replace(found, chosen, 1))
    bench = make_bench(SERVICE, brands=folder)
    bench.tell(person(phone=None))
    visitor = Visitor(bench)
    visitor.activate()
    return visitor


def test_where_the_phone_is_optional_an_emailed_code_is_the_second_step_but_not_a_second_factor(make_bench: MakeBench, tmp_path: Path):
    dominique = opened(make_bench, tmp_path, "mobile_required = true", "mobile_required = false")
    asked = dominique.sign_in().json
    assert (asked["needs_phone"], asked["channels"]) == (False, ["email"])
    assert dominique.post(f"/challenges/{asked['challenge_id']}/code", channel="email").status_code == 202
    passed = dominique.post(f"/challenges/{asked['challenge_id']}/proof", code=dominique.last_code())
    assert passed.status_code == 201
    assert actor_of(dominique.bench, passed.json["token"]).strong is False


def test_a_first_phone_that_is_undone_is_nobody_s(make_bench: MakeBench, tmp_path: Path):
    """Where an account may have no phone, the one that a thief put there goes with « ce n'est pas moi »."""
    dominique = opened(make_bench, tmp_path, "mobile_required = true", "mobile_required = false")
    bench, challenge = dominique.bench, f"/challenges/{dominique.sign_in().json['challenge_id']}"
    dominique.post(f"{challenge}/code", channel="email")
    thief = signed_in(bench, dominique.post(f"{challenge}/proof", code=dominique.last_code()).json["token"])
    asked = thief.post("/profile/phone", json={"phone": "+33639980077", "password": GOOD}).json["change_id"]
    assert thief.post(f"/profile/changes/{asked}/proof", json={"code": dominique.last_code()}).status_code == 200
    (done,) = bench.told(ContactChanged)
    assert dominique.post("/objections", token=done.objection.value if done.objection else "").status_code == 204
    undone = bench.told(ContactChanged)[-1]
    assert (done.phone_removed, undone.phone_removed, undone.phone) == (False, True, None)


def test_where_members_have_no_second_factor_the_password_opens_a_session_that_is_not_strong(make_bench: MakeBench, tmp_path: Path):
    dominique = opened(make_bench, tmp_path, "off_in = []", 'off_in = ["assure"]')
    passed = dominique.sign_in()
    assert (passed.status_code, passed.json["device"]) == (201, None)
    assert actor_of(dominique.bench, passed.json["token"]).strong is False
