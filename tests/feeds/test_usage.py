"""Command lines that cannot be understood: one French sentence, exit code 2, and no English around it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feeds.cli import feed


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(feed, ["dsn", *map(str, arguments)], env={"AFFILIA_FEED_TOKEN": "jeton"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "/nulle/part.dsn"), "Le fichier « /nulle/part.dsn » n'existe pas."),
        (("check", "/"), "Le fichier « / » est un dossier."),
        (("publish", "/nulle/part.dsn", "--to", "http://127.0.0.1:9"), "Le fichier « /nulle/part.dsn » n'existe pas."),
        (("publish", __file__, "--to", "http://127.0.0.1:9", "--key", "/nulle/cle"), "Le fichier « /nulle/cle » n'existe pas."),
        (("publish", __file__), "L'option --to manque."),
        (("publish", __file__, "--to"), "L'option --to est mal employée (valeur absente ou en trop)."),
        (("check",), "L'argument FICHIER manque."),
        (("check", __file__, "--vite"), "Option inconnue : --vite."),
        (("verifie", __file__), "Commande inconnue : verifie (attendu : check, publish, replay)."),
        (("check", __file__, "encore", "plus"), "Argument en trop : encore plus."),
    ],
)
def test_a_newcomer_is_told_in_french_what_is_missing(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (2, f"Erreur : {said}\n")


def test_help_is_still_given() -> None:
    assert run("--help").exit_code == run("publish", "--help").exit_code == 0
    assert "Fichiers DSN" in run().output


def test_help_is_french_and_each_line_of_it_whole() -> None:
    said = CliRunner().invoke(feed, ["--help"]).output
    assert [english for english in ("Usage: ", "Commands:", "Show this message", "COMMAND ", "...") if english in said] == []
    assert "pris en compte, en attente, mis de côté, et pourquoi." in " ".join(said.split())


def test_a_token_file_of_any_bytes_is_refused_and_not_a_fault_of_ours(tmp_path: Path) -> None:
    (token := tmp_path / "jeton").write_bytes(b"\xff\xfe\x00")
    result = run("publish", __file__, "--to", "http://127.0.0.1:9", "--token-file", token)
    assert (result.exit_code, result.stderr) == (2, "Erreur : jeton d'accès illisible\n")
