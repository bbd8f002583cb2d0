"""The one command: what it lists, what it says when something is missing or already taken."""

import os
import re
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from affilia import cli, demo, keys
from affilia.cli import COMMANDS, main
from affilia.installation import BRANDS, check_brands, described
from chassis.config import BadConfiguration
from gateway.caught import Login
from tests.affilia.test_doctor import answering


def test_help_lists_every_command_in_french():
    said = CliRunner().invoke(main, ["--help"]).output
    assert [name for name in COMMANDS if name not in said] == []
    assert "Démarre et peuple toute la plateforme" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_exists_and_explains_itself(name: str):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cli, "COMMANDS", {"demo": ("a_library_that_nobody_has", "")})
    result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code == 1
    assert "pip install 'affilia[platform]'" in result.output


def test_a_busy_port_is_said_before_anything_is_started(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket() as other:
        other.bind((demo.ADDRESS, 0))
        other.listen()
        port = other.getsockname()[1]
        result = CliRunner().invoke(main, ["demo", "--port", str(port)])
    assert result.exit_code == 1
    assert f"Le port {port} n'est pas libre" in result.output
    assert list(tmp_path.iterdir()) == []


def test_a_producer_beside_an_installation_publishes_with_its_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(cli.FEED_TOKEN, "")  # so that the end of the test forgets what the command lends
    monkeypatch.delenv(cli.FEED_TOKEN)
    ring = keys.load_or_create(tmp_path / ".affilia" / "keys")
    CliRunner().invoke(main, ["feed", "dsn", "publish", "--to", "https://elsewhere.example", "--help"])
    assert cli.FEED_TOKEN not in os.environ
    CliRunner().invoke(main, ["feed", "dsn", "publish", "--to", "http://localhost:8080", "--help"])
    assert os.environ[cli.FEED_TOKEN] == ring.feed_token
    monkeypatch.setenv(cli.FEED_TOKEN, "her own")
    CliRunner().invoke(main, ["feed", "dsn", "publish", "--to", "http://localhost:8080", "--help"])
    assert os.environ[cli.FEED_TOKEN] == "her own"


def test_a_bad_setting_is_one_french_sentence_whatever_the_command(monkeypatch: pytest.MonkeyPatch):
    def refuse(_folder: Path) -> None:
        raise BadConfiguration("hcr.toml [brand] : la couleur « brand » manque.")

    monkeypatch.setattr(demo, "check_brands", refuse)
    result = CliRunner().invoke(main, ["serve", "--port", str(free_port())])
    assert (result.exit_code, result.output) == (1, "Erreur : hcr.toml [brand] : la couleur « brand » manque.\n")


def test_a_brand_file_is_read_as_every_part_will_read_it(tmp_path: Path):
    shutil.copytree(BRANDS, tmp_path / "brands")
    check_brands(tmp_path / "brands")
    file = tmp_path / "brands" / "hcr.toml"
    file.write_text(file.read_text() + "\n[members.nonsense]\nx = 1\n")
    with pytest.raises(BadConfiguration, match=r"hcr\.toml \[members\]"):
        check_brands(tmp_path / "brands")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("demoo", "Commande inconnue : demoo (attendu : demo, dev, "),
        ("story --date demain", "Option --date : une date est attendue, AAAA-MM-JJ."),
        ("demo --port x", "Option --port : un nombre entier est attendu."),
        ("replay nobody", "Argument SERVICE : l'une de ces valeurs est attendue, identity, "),
        ("replay members x", "Argument EVENT_ID : un identifiant (UUID) est attendu."),
        ("guides S0:1 S0:2", "Argument en trop : S0:2."),
    ],
)
def test_a_line_that_cannot_be_understood_is_told_in_french(line: str, said: str):
    result = CliRunner().invoke(main, line.split())
    assert (result.exit_code, result.stderr.startswith(f"Erreur : {said}")) == (2, True), result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("line", ["guides S1:172", "reset", "replay", "audit verify", "events", "pages", "openapi", "openapi --check"])
def test_a_command_of_one_folder_refuses_another_and_makes_nothing_there(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, line.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert re.fullmatch(r"Erreur : Lancez cette commande dans le dossier (du projet|de l'installation) : [^\n]+\n", result.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["story", "seed"])
def test_nothing_running_is_said_in_one_sentence(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    base = f"http://localhost:{free_port()}"
    result = CliRunner().invoke(main, [command, "--to", base])
    assert (result.exit_code, result.output) == (1, f"Erreur : Aucune instance ne répond sur {base} : lancez make demo\n")


def test_a_peopled_demo_is_not_peopled_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".affilia").mkdir()
    people = [Login(role=role, email=f"{role}@affilia.example", password="x") for role in ("conseiller", "employeur")]
    (tmp_path / ".affilia" / "logins.json").write_bytes(msgspec.json.encode(people))
    with answering() as port:
        result = CliRunner().invoke(main, ["seed", "--to", f"http://localhost:{port}"])
    assert (result.exit_code, result.output) == (1, "Erreur : La démonstration est déjà peuplée.\n")


def test_the_banner_gives_each_account_its_space_and_commands_that_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    house = replace(described(), folder=tmp_path, port=8093)
    login = Login(role="employeur", email="lucie@societe-fictive.example", password="x", space="entreprise")
    house.logins.write_bytes(msgspec.json.encode([login]))
    card = demo._card(house, 12)
    assert re.search(r"Employeur +lucie@.*\n +http://entreprise\.hcr\.localhost:8093\n", card)
    assert ".venv/bin/affilia totp" in card
    assert "15 juin 2026" in card


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((demo.ADDRESS, 0))
        return int(probe.getsockname()[1])
