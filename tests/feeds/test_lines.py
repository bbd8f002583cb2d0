"""The physical file: what a line may be, and what is said of one that may not."""

from io import BytesIO

import pytest

from feeds.dsn.lines import LONGEST, Run, read_lines, read_runs


def lines(content: bytes) -> list[Run]:
    return list(read_lines(BytesIO(content)))


def fault(content: bytes) -> str | None:
    (line,) = lines(content)
    return line.fault


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_ends_with_lf_or_crlf_or_with_the_file(end: bytes) -> None:
    (line,) = lines(b"S21.G00.30.004,'Ren\xe9e-Zo\xe9'" + end)
    assert (line.number, line.block, line.rubrique, line.value, line.fault) == (1, "S21.G00.30", "004", "Renée-Zoé", None)


@pytest.mark.parametrize("value", ["O'CONNOR", "L'", "'A", "12, RUE D'ALSACE, BAT. 'B'", "0.00"])
def test_the_value_stands_between_the_first_and_the_last_apostrophe(value: str) -> None:
    (line,) = lines(f"S21.G00.30.002,'{value}'\n".encode("latin-1"))
    assert (line.value, line.fault) == (value, None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\n", "ligne vide"),
        (b"S21.G00.30.002\n", "virgule absente après le code de rubrique"),
        (b"S21.G00.30.002;'A'\n", "code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa)"),
        (b"S21.G00.30.2,'A'\n", "code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa)"),
        (b"\xef\xbb\xbfS10.G00.00.001,'A'\n", "code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa)"),
        (b"S21.G00.30.002,A\n", "valeur sans apostrophe de début ou de fin"),
        (b"S21.G00.30.002,'A\n", "valeur sans apostrophe de début ou de fin"),
        (b"S21.G00.30.002,'\n", "valeur sans apostrophe de début ou de fin"),
        (b"S21.G00.30.002,'A' \n", "valeur sans apostrophe de début ou de fin"),
        (b"S21.G00.30.002,''\n", "valeur vide : une rubrique sans valeur ne s'écrit pas"),
        (b"S21.G00.30.002,'-'\n", "valeur faite seulement de ponctuation ou d'espaces"),
        (b"S21.G00.30.002,'  '\n", "valeur faite seulement de ponctuation ou d'espaces"),
        (b"S21.G00.30.002,'''\n", "valeur faite seulement de ponctuation ou d'espaces"),
    ],
)
def test_what_is_not_a_rubrique_is_said_to_be_wrong(content: bytes, reason: str) -> None:
    assert fault(content) == reason


@pytest.mark.parametrize("byte", [0x00, 0x09, 0x0D, 0x1F, 0x7F, 0x80, 0x9F])
def test_control_characters_are_forbidden(byte: int) -> None:
    told = fault(b"S21.G00.30.002,'A" + bytes([byte]) + b"B'\n")
    assert told == f"caractère de contrôle interdit (0x{byte:02X}) ; le fichier doit être en ISO-8859-1"


def test_a_file_in_utf_8_is_recognised_by_its_control_characters() -> None:
    assert "ISO-8859-1" in (fault("S21.G00.30.002,'MODÈLE'\n".encode()) or "")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize(("length", "wrong"), [(LONGEST, False), (LONGEST + 1, True), (LONGEST + 2, True), (5000, True)])
def test_a_line_holds_256_characters(length: int, wrong: bool, end: bytes) -> None:
    content = b"S21.G00.30.002,'" + b"A" * (length - 17) + b"'" + end
    assert fault(content) == ("ligne de plus de 256 caractères" if wrong else None)


def test_the_line_after_one_that_is_too_long_is_read_with_its_own_number() -> None:
    long, good = lines(b"S21.G00.30.002,'" + b"A" * 3000 + b"'\nS21.G00.30.004,'Alix'\n")
    assert long.fault
    assert (good.number, good.code, good.value, good.fault) == (2, "S21.G00.30.004", "Alix", None)


def test_a_wrong_line_keeps_its_rubrique_and_not_its_value() -> None:
    (line,) = lines(b"S21.G00.30.001,'2800475999005\n")
    assert (line.code, line.value) == ("S21.G00.30.001", "")


class Trickle:
    """A stream that gives a few bytes at a time, whatever is asked."""

    def __init__(self, content: bytes, step: int) -> None:
        self.content, self.step = BytesIO(content), step

    def read(self, size: int = -1, /) -> bytes:
        return self.content.read(self.step)


@pytest.mark.parametrize("step", [1, 7, 300])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_the_same_however_the_bytes_come(step: int, end: str) -> None:
    texts = ["S21.G00.30.002,'L'EXEMPLE'", "S21.G00.30.004,'-1'", "", "S21.G00.40.001,'" + "9" * 300 + "'", "S21.G00.40.009,'4'"]
    content = end.join([*texts, *texts]).encode()
    assert list(read_lines(Trickle(content, step))) == lines(content)


def test_good_lines_of_one_block_come_as_one_run() -> None:
    content = b"S21.G00.30.002,'A'\nS21.G00.30.004,'B'\nS21.G00.30.006,''\nS21.G00.30.007,'C'\nS21.G00.40.001,'D'\n"
    told = [(run.number, run.code, run.size, bool(run.fault)) for run in read_runs(BytesIO(content))]
    assert told == [
        (1, "S21.G00.30.002", 2, False),
        (3, "S21.G00.30.006", 1, True),
        (4, "S21.G00.30.007", 1, False),
        (5, "S21.G00.40.001", 1, False),
    ]
