"""Lots, test files and empty ones: what is around declarations."""

import pytest

from feeds.dsn import Flaw, Ignored, Refused, Taken, read
from tests.feeds.files import DOMINIQUE_LEAVES, LOT, MONTHLY, outcomes, reasons, with_values, without


def kinds(content: bytes) -> list[str]:
    return [type(outcome).__name__ + (f":{outcome.what}" if isinstance(outcome, Refused) else "") for outcome in outcomes(content)]


def test_a_test_file_is_ignored_whatever_it_holds() -> None:
    (ignored,) = outcomes(with_values(MONTHLY, S10_G00_00_005="01"))
    assert ignored == Ignored(1, "fichier de test (S10.G00.00.005 = 01)", 1)
    wrong = with_values(MONTHLY, S10_G00_00_005="01", S10_G00_00_006="P12V01", S21_G00_30_001="0")
    assert kinds(wrong) == ["Ignored"]
    assert kinds(b"".join(wrong.splitlines(keepends=True)[:100])) == ["Ignored"]


def test_a_test_envoi_in_a_lot_leaves_the_others_alone() -> None:
    content = LOT.replace(b"S10.G00.00.005,'02'", b"S10.G00.00.005,'01'", 1)
    assert kinds(content) == ["Ignored", "Taken", "Taken", "Taken", "Taken"]


def test_an_envoi_of_an_unknown_version_leaves_the_others_alone() -> None:
    content = LOT.replace(b"'P26V01'", b"'P24V01'", 1)
    assert kinds(content) == ["Refused:envoi", "Taken", "Taken", "Taken", "Taken"]


def test_an_empty_envoi_is_ignored() -> None:
    (ignored,) = outcomes(without(with_values(MONTHLY, S10_G00_00_008="02"), "S20", "S21"))
    assert ignored == Ignored(1, "envoi néant (S10.G00.00.008 = 02)", 0)


@pytest.mark.parametrize("group", ["FP-KO", "CT-KO", "AUTRE"])
def test_what_the_platform_rejected_moves_nobody(group: str) -> None:
    assert reasons(with_values(DOMINIQUE_LEAVES, S06_G51_00_001=group)) == [
        (None, "déclaration rejetée par la plateforme DSN avant réception (groupe hors DSNOK)")
    ]


@pytest.mark.parametrize(
    ("old", "new", "rubrique", "reason"),
    [
        (b"S96.G51.00.002,'5'", b"S96.G51.00.002,'4'", "S96.G51.00.002", "nombre de DSN du groupe faux : 5 lue(s)"),
        (b"S96.G51.00.002,'0'", b"S96.G51.00.002,'1'", "S96.G51.00.002", "nombre de DSN du groupe faux : 0 lue(s)"),
        (b"S95.G51.00.002,'5'", b"S95.G51.00.002,'6'", "S95.G51.00.002", "nombre de DSN du lot faux : 5 lue(s)"),
        (b"S05.G51.00.006,'5'", b"S05.G51.00.006,'6'", "S95.G51.00.002", "nombre de DSN différent de celui du début de lot"),
        (b"S95.G51.00.001,'100001'", b"S95.G51.00.001,'100002'", "S95.G51.00.001", "numéro de lot différent de celui du début"),
        (b"'FINSL'", b"'FIN'", "S96.G51.00.001", "fin de groupe inconnue (attendu : FINSL)"),
        (b"'CT-KO'", b"'PERDU'", "S06.G51.00.001", "groupe de lot inconnu"),
        (b"S06.G51.00.001,'AUTRE'", b"S06.G51.00.001,'AUTRE", "S06.G51.00.001", "valeur sans apostrophe de début ou de fin"),
    ],
)
def test_a_lot_whose_counts_are_wrong_says_so_and_its_good_declarations_stand(old: bytes, new: bytes, rubrique: str, reason: str) -> None:
    told = outcomes(LOT.replace(old, new, 1))
    assert [outcome for outcome in told if isinstance(outcome, Taken)] == outcomes(LOT)
    (lot,) = [outcome for outcome in told if isinstance(outcome, Refused)]
    assert (lot.what, lot.declarations, [flaw[1:] for flaw in lot.flaws]) == ("lot", 0, [(rubrique, reason)])


def test_a_lot_cut_between_two_envois_keeps_what_was_whole() -> None:
    content = b"".join(LOT.splitlines(keepends=True)[:208])
    assert kinds(content) == ["Taken", "Taken", "Refused:lot"]


def test_two_lots_in_one_file_are_read_one_after_the_other() -> None:
    assert kinds(LOT + LOT) == ["Taken"] * 10
    assert kinds(LOT[: LOT.rindex(b"S95.G51.00.001")] + LOT) == ["Taken"] * 5 + ["Refused:lot"] + ["Taken"] * 5


def test_the_end_of_a_lot_without_its_beginning_is_reported() -> None:
    assert ("S05.G51.00", "lot sans ligne de début") in reasons(b"S95.G51.00.001,'1'\nS95.G51.00.002,'0'\n")


@pytest.mark.parametrize("content", [b"", b"\n", b"\n \r\n\t\n" * 500])
def test_an_empty_file_is_refused(content: bytes) -> None:
    (told,) = outcomes(content)
    assert told == Refused("file", 1, (Flaw(1, None, "Ce fichier est vide."),), declarations=0)


@pytest.mark.parametrize(
    ("content", "line", "fault"),
    [
        (b"nom;prenom\nDUPONT;Zoe\n", 1, "code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa)"),
        (b"\n \n# export\n" + MONTHLY, 3, "code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa)"),
        (b"PK\x03\x04", 1, "caractère de contrôle interdit (0x03) ; le fichier doit être en ISO-8859-1"),
        (b" " * 300, 1, "ligne de plus de 256 caractères"),
    ],
)
def test_a_file_that_is_no_dsn_is_said_once_at_its_first_written_line(content: bytes, line: int, fault: str) -> None:
    reason = f"Ce fichier n'est pas une DSN : ligne {line}, {fault}."
    assert outcomes(content) == [Refused("file", line, (Flaw(line, None, reason),), declarations=0)]


def test_a_file_that_is_no_dsn_is_not_read_to_its_end() -> None:
    stream = Slow(b"rien\n" * 1000)
    assert len(list(read(stream))) == 1
    assert stream.asked == 1


def test_a_blank_line_before_a_dsn_is_a_fault_of_its_first_envoi() -> None:
    assert (None, "ligne vide") in reasons(b"\n" + MONTHLY)


def test_a_stray_line_between_envois_is_reported_alone() -> None:
    content = DOMINIQUE_LEAVES.replace(b"S96.G51.00.001", b"\nS96.G51.00.001", 1)
    assert kinds(content) == ["Taken", "Refused:envoi"]


class Slow:
    """A stream that knows how many of its lines were asked for."""

    def __init__(self, content: bytes) -> None:
        self.lines = iter(content.splitlines(keepends=True))
        self.asked = 0

    def read(self, size: int = -1, /) -> bytes:
        self.asked += 1
        return next(self.lines, b"")


def test_an_envoi_is_told_before_the_next_one_is_read() -> None:
    stream = Slow(LOT)
    told = read(stream)
    assert isinstance(next(told), Taken)
    assert stream.asked == 107
    assert isinstance(next(told), Taken)
    assert stream.asked == 208
