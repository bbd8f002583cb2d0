"""What becomes of an employer's account, here: another e-mail, none at all, and acts that wait while a way into it is new."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from chassis.actor import Actor
from chassis.testing import Bench
from events import Sealed
from events.employers import HabilitationRevoked
from events.identity import AccountDeleted, ContactChanged
from tests.employers.people import SIREN, administrator, employer, follow, invite, line_of, lines, problem, register

SOON = datetime.now(UTC) + timedelta(hours=5)


@pytest.fixture
def lucie(bench: Bench) -> Actor:
    register(bench)
    return administrator(bench)


def test_habilitations_wait_while_a_way_into_lucies_account_is_new(bench: Bench, lucie: Actor):
    """S1:136-146, under the hold of S0:114."""
    follow(bench, invite(bench, lucie, (SIREN, "user")).json["invitation_id"])
    held = bench.as_(msgspec.structs.replace(lucie, held_until=SOON))
    paul = line_of(bench, lucie)["id"]
    acts = [
        held.put(f"/habilitations/{paul}", json={"role": "administrator"}),
        held.post(f"/habilitations/{paul}/suspension", json={}),
        held.delete(f"/habilitations/{paul}"),
        invite(bench, msgspec.structs.replace(lucie, held_until=SOON), (SIREN, "user"), email="autre@fictive.example"),
    ]
    assert [problem(answer) for answer in acts] == [(423, "action-en-attente")] * 4
    assert acts[0].json["until"] == SOON.isoformat()
    assert held.get(f"/companies/{SIREN}/habilitations").status_code == 200, "reading goes on"


def test_the_list_shows_lucies_new_address(bench: Bench, lucie: Actor):
    assert lucie.account_id
    bench.tell(
        ContactChanged(
            account_id=lucie.account_id,
            kind="employer",
            reference=lucie.reference,
            what="email",
            email=Sealed("lucie.nouvelle@fictive.example"),
            hold_until=SOON,
        )
    )
    assert "lucie.nouvelle@fictive.example" in bench.as_(lucie).get(f"/companies/{SIREN}/habilitations").text


def test_a_deleted_account_acts_for_nobody_and_its_name_is_gone(bench: Bench, lucie: Actor):
    """S2:30."""
    account_id = follow(bench, invite(bench, lucie, (SIREN, "administrator")).json["invitation_id"])
    bench.tell(
        AccountDeleted(account_id=account_id, kind="employer", reference=f"account:{account_id}", email=Sealed("paul@fictive.example"))
    )
    assert account_id in {told.account_id for told in bench.told(HabilitationRevoked)}
    assert [line["account_id"] for line in lines(bench, lucie)] == [str(lucie.account_id)]
    assert problem(bench.as_(employer(account_id=account_id)).delete(f"/habilitations/{line_of(bench, lucie, 'Lucie')['id']}")) == (
        403,
        "acces-refuse",
    )
    assert bench.parked() == []
