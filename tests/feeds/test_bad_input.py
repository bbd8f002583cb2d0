"""Everything that a payroll may send wrong, whichever way it comes in: a report with the line and the reason, and nothing of it is told."""

import json
import re
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feeds import jsonl
from feeds.cli import feed
from tests.feeds.files import LOT, MONTHLY, with_lines, with_values
from tests.feeds.platform import TOKEN, Platform
from tests.feeds.test_csv import HEADER, ROWS, spoilt

EVENTS = (Path(jsonl.__file__).parent / "samples" / "faits-synthetiques.jsonl").read_bytes()
CSV = "\n".join([HEADER, *ROWS]).encode()
SECRETS = ("2800475999005", "ESSAI", "Dominique")
STRANGE = "nom avec un signe qui n'a rien à y faire (formule, balise ou accents mal encodés)"


def named(name: str) -> bytes:
    return with_values(MONTHLY, S21_G00_30_002=name)


def telling(**changes: Any) -> bytes:
    """The second line of the JSON sample (a radiation), changed."""
    first, second, *others = EVENTS.splitlines()
    line = json.loads(second)
    line["data"] |= changes.pop("data", {})
    line["data"]["employment"] |= changes.pop("employment", {})
    line["data"]["declaration"] |= changes.pop("declaration", {})
    return b"\n".join([first, json.dumps(line).encode(), *others])


def cells(column: str, value: str) -> bytes:
    return "\n".join([HEADER, ROWS[0], spoilt(column, value)]).encode()


CASES: dict[str, tuple[str, bytes, str]] = {
    "truncated DSN": ("dsn", MONTHLY[:-200], "envoi tronqué : fin d'envoi absente"),
    "truncated JSON": ("events", EVENTS[:-30], "ligne 6 : ce n'est pas du JSON (UTF-8)"),
    "truncated CSV": ("csv", CSV[:-20], "ligne 4 : 13 valeur(s) pour 17 colonne(s)"),
    "DSN in UTF-8": ("dsn", named("ESSAI-É").decode("latin-1").encode(), "caractère de contrôle interdit (0x89)"),
    "DSN in UTF-8, small letters": ("dsn", named("essai-é").decode("latin-1").encode(), STRANGE),
    "DSN in UTF-16": ("dsn", MONTHLY.decode("latin-1").encode("utf-16"), "Ce fichier n'est pas une DSN : ligne 1"),
    "DSN with a mark": ("dsn", b"\xef\xbb\xbf" + MONTHLY, "Ce fichier n'est pas une DSN : ligne 1"),
    "JSON in latin-1": ("events", telling(employment={"last_name": "X"}).replace(b'"X"', b'"\xc9T\xc9"'), "ligne 2 : ce n'est pas du JSON"),
    "CSV in latin-1": ("csv", cells("nom", "ÉTÉ").decode().encode("cp1252"), "ligne 3 : caractères qui ne sont pas en UTF-8"),
    "wrong count of rubriques": ("dsn", re.sub(rb"(S90.G00.90.001,')\d+", rb"\g<1>7", MONTHLY), "nombre de rubriques faux"),
    "wrong count of declarations": ("dsn", re.sub(rb"(S90.G00.90.002,')\d+", rb"\g<1>9", MONTHLY), "nombre de déclarations faux"),
    "block twice": ("dsn", with_lines(MONTHLY, "S21.G00.11.001", ("S21.G00.11.001", "00010")), "bloc présent deux fois"),
    "person twice": ("events", EVENTS + EVENTS.splitlines()[1], "même identifiant que la ligne 2"),
    "row twice": ("csv", CSV + b"\n" + ROWS[2].encode(), "ligne 5 : même identifiant que la ligne 4"),
    "unknown motive in a DSN": ("dsn", with_values(LOT, S21_G00_62_002="777"), "motif de rupture inconnu de la norme"),
    "unknown motive in JSON": ("events", telling(data={"motive": "777"}), "ligne 2 : motif de rupture inconnu de la norme"),
    "unknown motive in a CSV": ("csv", cells("motif", "777"), "ligne 3 : motif de rupture inconnu de la norme"),
    "unknown norm": ("dsn", with_values(MONTHLY, S10_G00_00_006="P99V01"), "version de norme non prise en charge"),
    "wrong SIRET in JSON": ("events", telling(declaration={"siret": "12345678200011"}), "ligne 2 : SIRET invalide"),
    "wrong SIRET in a CSV": ("csv", cells("siret", "12345678200011"), "ligne 3 : SIRET invalide"),
    "wrong NIR in JSON": ("events", telling(employment={"nir": "7800475999005"}), "ligne 2 : NIR ou NIA invalide"),
    **{f"{sign} in a DSN": ("dsn", named(f"{sign}X"), STRANGE) for sign in ("=", "+A", "@", "-1", "<b>", "{{")},
    "formula in JSON": ("events", telling(employment={"first_name": '=HYPERLINK("x")'}), f"ligne 2 : {STRANGE}"),
    "script in JSON": ("events", telling(employment={"last_name": "<script>1</script>"}), f"ligne 2 : {STRANGE}"),
    "formula in a CSV": ("csv", cells("nom", "=1+1"), f"ligne 3 : {STRANGE}"),
    "empty DSN": ("dsn", b"", "Ce fichier est vide."),
    "empty CSV": ("csv", b"", "ligne 1 : colonne(s) absente(s)"),
}


def run(kind: str, verb: str, *arguments: Any) -> Result:
    return CliRunner().invoke(feed, [kind, verb, *map(str, arguments)], env={"AFFILIA_FEED_TOKEN": TOKEN})


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told_with_its_line_and_nothing_of_it_leaves(case: str, platform: Platform, tmp_path: Path):
    kind, content, said = CASES[case]
    (file := tmp_path / "paie").write_bytes(content)
    for verb, options in (("check", ()), ("publish", ("--to", platform.url))):
        result = run(kind, verb, file, *options)
        assert result.exit_code == 3, result.output
        assert said in result.stdout
        assert re.search(r"ligne \d+", result.stdout) or not content
        assert not any(secret in result.output for secret in SECRETS)
    assert platform.posts == []


def _endless(path: Path, size: int) -> None:
    """A sparse file: one line of zeros that takes no room."""
    with path.open("wb") as stream:
        stream.truncate(size)


def _repeated(line: bytes) -> Callable[[Path, int], None]:
    def fill(path: Path, size: int) -> None:
        block = line * (1_000_000 // len(line))
        with path.open("wb") as stream:
            while stream.tell() < size:
                stream.write(block)

    return fill


@pytest.mark.parametrize("kind", ["dsn", "events", "csv"])
@pytest.mark.parametrize(
    ("fill", "size"),
    [
        pytest.param(_endless, 500_000_000, id="500 MB without a line end"),
        pytest.param(_repeated(b"x" * 60_000 + b"\n"), 10_000_000, id="long lines"),
        pytest.param(_repeated(b"S21.G00.30.001,'\n"), 5_000_000, id="faults only"),
    ],
)
def test_a_file_without_measure_is_refused_in_little_memory(kind: str, fill: Callable[[Path, int], None], size: int, tmp_path: Path):
    """The gigabyte that is right is read by the bench ``dsn-reader``; here is what is wrong, larger than memory should ever hold."""
    fill(file := tmp_path / "paie", size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = run(kind, "check", file)
    assert result.exit_code == 3
    assert len(result.stdout) < 60_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "KiB"
