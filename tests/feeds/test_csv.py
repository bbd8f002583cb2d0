"""Renaud's payroll software writes no DSN: its spreadsheet tells who is affiliated and whose employment ended."""

from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from events.dsn import AffiliationSeen, DeclarationTaken, Radiation
from feeds import formats, kit, table
from feeds.cli import feed
from feeds.numbered import LONGEST_LINE, Flaw
from tests.feeds.platform import TOKEN, Platform

SAMPLE = Path(table.__file__).parent / "samples" / "faits-synthetiques.csv"
HEADER, *ROWS = SAMPLE.read_text(encoding="utf-8").splitlines()
NIR = "2800475999005"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(feed, ["csv", *map(str, arguments)], env={"AFFILIA_FEED_TOKEN": TOKEN})


def flaws(*lines: str) -> list[Flaw]:
    content = "\n".join(lines).encode()
    return [outcome for outcome in table.read(BytesIO(content)) if isinstance(outcome, Flaw)]


def spoilt(column: str, value: str) -> str:
    """The radiation of the sample, one cell of it changed."""
    cells = ROWS[2].split(";")
    cells[HEADER.split(";").index(column)] = value
    return ";".join(cells)


def test_the_sample_shows_every_column_and_each_declaration_ends():
    assert HEADER.split(";") == list(table.COLUMNS)
    with SAMPLE.open("rb") as stream:
        items = [item for item in table.read(stream) if isinstance(item, kit.Item)]
    kinds = [AffiliationSeen, AffiliationSeen, DeclarationTaken, Radiation, DeclarationTaken]
    assert [(type(item.fact), item.line) for item in items] == list(zip(kinds, [2, 3, 2, 4, 4], strict=True))
    assert [item.fact.facts for item in items if isinstance(item.fact, DeclarationTaken)] == [2, 1]


def test_a_fact_keeps_its_id_wherever_its_line_stands():
    """An id is drawn from the declaration and the employment: lines may be sorted otherwise, columns too."""
    columns = HEADER.split(";")
    turned = [";".join(reversed(line.split(";"))) for line in [HEADER, *reversed(ROWS)]]
    assert columns != turned[0].split(";")
    first, second = (
        {item.id for item in table.read(BytesIO("\r\n".join(lines).encode("utf-8-sig"))) if isinstance(item, kit.Item)}
        for lines in ([HEADER, *ROWS], turned)
    )
    assert first == second


def test_a_file_is_published_once_and_nobody_is_named_on_the_way(platform: Platform):
    first, second = run("publish", SAMPLE, "--to", platform.url), run("publish", SAMPLE, "--to", platform.url)
    assert (first.exit_code, first.stdout) == (0, "Faits publiés : 5 (dont déjà connus : 0)\n")
    assert second.stdout == "Faits publiés : 5 (dont déjà connus : 5)\n"
    assert NIR not in str(platform.posts)
    assert platform.opened(platform.posts[0][0], platform.posts[0][0]["data"]["employment"]["nir"]) == NIR


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("fait", "départ", "colonne « fait » : « affiliation » ou « radiation » attendu"),
        ("siret", "1,23457E+13", "SIRET invalide (14 chiffres, clé de contrôle comprise)"),
        ("siret", "12345678200011", "SIRET invalide (14 chiffres, clé de contrôle comprise)"),
        ("siret", "", "colonne « siret » : valeur absente"),
        ("date_declaration", "31/02/2026", "colonne « date_declaration » : date attendue (AAAA-MM-JJ ou JJ/MM/AAAA)"),
        ("date_declaration", "0026-07-01", "colonne « date_declaration » : date attendue (AAAA-MM-JJ ou JJ/MM/AAAA)"),
        ("numero_declaration", "2²", "colonne « numero_declaration » : numéro d'ordre attendu (1 à 15 chiffres)"),
        ("nom", "=1+1", "nom avec un signe qui n'a rien à y faire (formule, balise ou accents mal encodés)"),
        ("prenoms", "<script>", "nom avec un signe qui n'a rien à y faire (formule, balise ou accents mal encodés)"),
        ("nom", "É" * 81, "colonne « nom » : 80 caractères au plus"),
        ("nir", NIR + "12", "NIR ou NIA invalide (13 caractères, sans clé)"),
        ("nir", "", "ni NIR ni NTT : l'un des deux est obligatoire"),
        ("date_naissance", "1981-04-04", "année du NIR différente de celle de la naissance"),
        ("numero_contrat", f"C{NIR}", "le numéro de contrat contient le NIR ou le NTT, qui ne doivent pas circuler en clair"),
        ("fin", "", "une radiation a une « fin » et un « motif »"),
        ("fin", "2026-01-31", "fin de contrat antérieure à son début"),
        ("motif", "777", "motif de rupture inconnu de la norme"),
        ("motif", "099", "motif 099 interdit dans une fin de contrat"),
        ("maintien", "peut-être", "colonne « maintien » : « oui », « non » ou rien"),
    ],
)
def test_a_wrong_cell_is_told_by_its_line_and_never_repeated(column: str, value: str, said: str):
    (flaw,) = flaws(HEADER, ROWS[0], spoilt(column, value))
    assert flaw == Flaw(3, said)
    assert NIR not in flaw.reason


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "colonne(s) absente(s) : fait, siret"),
        (("fait;siret",), "colonne(s) absente(s) : date_declaration"),
        ((HEADER + ";fait",), "une colonne est écrite deux fois"),
        ((HEADER + ";salaire",), "en-tête inattendu (1 colonne(s) inconnue(s))"),
        ((HEADER, ROWS[0] + ";x"), "18 valeur(s) pour 17 colonne(s)"),
        ((HEADER, '"' + ROWS[0]), "guillemets mal fermés"),
        ((HEADER, "x" * (LONGEST_LINE + 5)), "ligne de plus de 65536 octets"),
        ((HEADER, ROWS[0], ROWS[0]), "même identifiant que la ligne 2"),
        ((HEADER, ROWS[0], ROWS[2], ROWS[1]), "les lignes d'une même déclaration se suivent : celle-ci était finie"),
    ],
)
def test_what_is_no_such_file_is_told(lines: tuple[str, ...], said: str):
    (flaw,) = flaws(*lines)
    assert flaw.reason.startswith(said)


def test_another_charset_is_told_by_its_line():
    (flaw,) = (o for o in table.read(BytesIO(f"{HEADER}\n{spoilt('nom', 'ÉTÉ')}".encode("cp1252"))) if isinstance(o, Flaw))
    assert flaw == Flaw(2, "caractères qui ne sont pas en UTF-8 : enregistrez le fichier en « CSV UTF-8 »")


def test_one_wrong_line_and_nothing_is_sent(platform: Platform, tmp_path: Path):
    (file := tmp_path / "paie.csv").write_text("\n".join([HEADER, *ROWS[:2], spoilt("motif", "777")]), encoding="utf-8")
    result = run("publish", file, "--to", platform.url)
    assert (result.exit_code, platform.posts) == (3, [])
    assert "ligne 4 : motif de rupture inconnu de la norme" in result.stdout
    assert "Rien n'a été envoyé" in result.stderr


def test_each_way_in_is_told_by_how_its_file_begins():
    folder = SAMPLE.parent
    for file, kind in (("faits-synthetiques.csv", formats.CSV), ("faits-synthetiques.jsonl", formats.EVENTS)):
        assert formats.kind_of(BytesIO((folder / file).read_bytes())) == kind
    assert formats.kind_of(BytesIO(b"S10.G00.00.001,'a;b'\n")) == formats.kind_of(BytesIO(b"\xff\xfe")) == formats.DSN
