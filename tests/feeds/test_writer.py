"""Files made from others are right files: their counts, their identifiers, their people."""

from events.dsn import Radiation
from events.fact import Sealed
from feeds.dsn import Taken
from feeds.dsn.writer import split, with_people
from tests.feeds.files import LOT, MONTHLY, outcomes, pairs, taken, written


def test_a_lot_is_split_into_lots_that_tell_the_same_facts() -> None:
    assert [taken(part).facts for part in split(LOT)] == [outcome.facts for outcome in outcomes(LOT) if isinstance(outcome, Taken)]


def test_a_bare_file_is_its_own_only_part() -> None:
    (part,) = split(MONTHLY)
    assert taken(part).facts == taken(MONTHLY).facts


def test_writing_a_sample_again_changes_nothing() -> None:
    assert with_people(LOT) == LOT


def test_claire_of_another_company_takes_dominique_s_place() -> None:
    content = with_people(
        LOT, siren="356000000", nic="00048", replacements={"2800475999005": "2850275999002", "04041980": "02021985", "ESSAI": "D'ARTAGNAN"}
    )
    told = outcomes(content)
    assert len(told) == 5
    assert all(isinstance(outcome, Taken) for outcome in told)
    radiation = next(fact for outcome in told if isinstance(outcome, Taken) for fact in outcome.facts)
    assert isinstance(radiation, Radiation)
    assert radiation.declaration.siret == "35600000000048"
    assert radiation.employment.last_name == Sealed("D'ARTAGNAN")
    assert radiation.employment.nir == Sealed("2850275999002")


def test_another_company_moves_its_establishments_and_nobody_s_contract_number() -> None:
    moved = dict(pairs(with_people(MONTHLY, siren="732829320")))
    outcome = taken(with_people(MONTHLY, siren="732829320"))
    assert outcome.declaration.siret == moved["S21.G00.40.019"]
    assert outcome.declaration.siret.startswith("7328293200001")
    numbers = {fact.employment.number for fact in outcome.facts if hasattr(fact, "employment")}
    assert numbers == {"00001", "00002", "00003", "00004", "00005", "00006"}
    assert moved["S21.G00.30.020"] == "27328293200005"


def test_wrong_counts_are_made_right() -> None:
    wrong = [(code, "1" if code.startswith(("S90", "S96.G51.00.002")) else value) for code, value in pairs(LOT)]
    assert outcomes(written(wrong)) != outcomes(LOT)
    assert with_people(written(wrong)) == LOT
