"""A fund's own file, in blocks of 128 bytes: read into the décomptes of our neutral form, or refused with its block and the reason."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.noemie import StatementTold, read_care, read_party
from feeds import kit, noemie
from feeds.numbered import Flaw

NIR = "2800475999005"


def placed(*parts: tuple[int, str], length: int = 0) -> str:
    """A text with each part at its place, as the norm counts them."""
    text = [" "] * max(length, *(place + len(part) - 1 for place, part in parts))
    for place, part in parts:
        text[place - 1 : place - 1 + len(part)] = part
    return "".join(text)


HEADER = placed((1, "000"), (4, "CP"), (6, "00000000001751"), (56, "260616"), (62, "0302"), (70, "U"), length=128)
INSURED = placed((1, "11001"), (6, NIR), (22, "ESSAI"), (73, "DOMINIQUE"), length=87)
PATIENT = placed((1, "12001"), (6, "040480"), (12, "1"), (13, "ESSAI"), (38, "DOMINIQUE"), length=56)
AMC = placed((1, "19901"), (6, "00000000"), (14, " "), (15, "00000000"), (23, "P"), (24, "0099999999"), length=48)
PAID = placed((1, "19901"), (6, "00001003"), (14, "P"), (15, "00001003"), (23, "P"), (24, "0099999999"), length=48)


def act(number: int = 1, letter: str = "G", cost: int = 3000, paid: int = 1900, sign: str = "P", rate: int = 70) -> str:
    days, quantities = [(22, "260612"), (28, "260612")], [(67, "001"), (70, "00100")]
    amounts = [(42, f"{cost:08}"), (50, f"{rate:03}"), (53, f"{paid:08}"), (61, sign), (78, f"{cost:08}")]
    return placed((1, "21001"), (6, f"{number:02}"), (10, "0"), *days, *amounts, (62, letter), *quantities, length=117)


def end(number: str = "20260616-000001", count: int = 1, total: int = 1900, sign: str = "P") -> str:
    return placed((1, "99001"), (6, number), (23, f"{count:08}"), (31, f"{total:011}"), (42, sign))


def file(*entities: str, total: int = 1900, sign: str = "P", blocks: int | None = None) -> bytes:
    payload = "".join(entity + "@" for entity in entities)
    parts = [payload[start : start + 127] for start in range(0, len(payload), 127)]
    body = ["0" + part for part in parts[:-1]] + ["1" + parts[-1].ljust(127)]
    trailer = placed((1, "999"), (56, f"{blocks or len(body) + 2:08}"), (86, f"{total:011}"), (97, sign), length=128)
    return "".join([HEADER, *body, trailer]).encode("latin-1")


ONE = (INSURED, PATIENT, AMC, act(), end())


def read(content: bytes) -> list[kit.Item | Flaw]:
    return list(noemie.read(BytesIO(content)))


def test_a_file_tells_the_same_decompte_as_our_neutral_form():
    (item,) = read(file(*ONE))
    assert isinstance(item, kit.Item)
    statement = item.fact
    assert isinstance(statement, StatementTold)
    (line,), party = read_care(statement), read_party(statement)
    assert (statement.fund, statement.number, str(statement.issued_on)) == ("1751", "20260616-000001", "2026-06-16")
    assert (party.nir, str(party.birth_on), party.first_name) == (NIR, "1980-04-04", "DOMINIQUE")
    assert (line.act, str(line.cost), str(line.base), line.rate, str(line.base_scheme)) == ("G", "30.00", "30.00", 70, "19.00")


def test_a_correction_and_a_professional_who_was_paid():
    taken_back = (INSURED, PATIENT, AMC, act(sign="N"), end("2", sign="N"))
    drug = (INSURED, PATIENT, PAID, act(letter="PH7", cost=2865, paid=1762, rate=65), end("3", total=1762))
    first, second = read(file(*taken_back, *drug, total=138, sign="N"))
    (negative,), (third,) = (read_care(item.fact) for item in (first, second))  # type: ignore[union-attr, arg-type]
    assert (str(negative.cost), str(negative.base_scheme)) == ("-30.00", "-19.00")
    assert (third.paid_to, str(third.complementary_paid)) == ("third_party", "10.03")


SPOILS: dict[str, tuple[bytes, str]] = {
    "somme du décompte": (file(*ONE[:-1], end(total=1901)), "entité 990"),
    "nombre de lignes": (file(*ONE[:-1], end(count=2)), "entité 990"),
    "somme du fichier": (file(*ONE, total=1901), "la somme des décomptes"),
    "nombre de blocs": (file(*ONE, blocks=9), "le nombre de blocs"),
    "sans dernier bloc": (file(*ONE)[:-128], "n'a pas de dernier bloc"),
    "bloc coupé": (file(*ONE)[:-1], "bloc de moins de 128 octets"),
    "signe": (file(*ONE[:-2], act(sign="?"), end()), "signe de montant"),
    "entité 255": (file(INSURED, PATIENT, placed((1, "25501")), end()), "entité inconnue"),
    "sans malade": (file(INSURED, AMC, act(), end()), "sans malade"),
    "référence 408": (file(*ONE).replace(b"0302", b"0408", 1), "n'est pas celle d'un décompte"),
    "décompte ouvert": (file(*ONE[:-1], total=0), "n'est pas fermé"),
    "deux fois le même": (file(*ONE, *ONE, total=3800), "même identifiant"),
    "part à répartir": (file(INSURED, PATIENT, PAID, act(), act(2), end(count=2, total=3800), total=3800), "ne se répartit pas"),
}


@pytest.mark.parametrize(("content", "reason"), SPOILS.values(), ids=SPOILS)
def test_what_is_wrong_is_told_with_its_block_and_names_nobody(content: bytes, reason: str):
    *_, flaw = read(content)
    assert isinstance(flaw, Flaw)
    assert reason in flaw.reason
    assert flaw.reason.startswith(f"bloc {flaw.line} : ")
    assert not any(secret in flaw.reason for secret in (NIR, "ESSAI", "DOMINIQUE"))


@given(place=st.integers(0, len(file(*ONE)) - 1), byte=st.binary(min_size=1, max_size=1))
def test_any_byte_in_the_place_of_another_is_read_or_refused(place: int, byte: bytes):
    content = file(*ONE)
    outcomes: list[Any] = read(content[:place] + byte + content[place + 1 :])
    assert outcomes
    assert all(isinstance(outcome, kit.Item | Flaw) for outcome in outcomes)
