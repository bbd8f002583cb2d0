"""The producer's command against a platform on the loopback: what it prints, what it sends, how it ends."""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feeds.cli import feed
from feeds.cli.progress import Measured
from tests.feeds.files import LOT, MONTHLY, with_values, without
from tests.feeds.platform import TOKEN, Platform
from tests.feeds.test_publishers import closed_port


@pytest.fixture
def lot(tmp_path: Path) -> Path:
    return _file(tmp_path, LOT)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "paie.dsn"
    path.write_bytes(content)
    return path


def run(*arguments: str | Path, token: str | None = TOKEN) -> Result:
    return CliRunner().invoke(feed, ["dsn", *map(str, arguments)], env={"AFFILIA_FEED_TOKEN": token})


def test_a_lot_is_published_once_even_when_it_is_sent_twice(platform: Platform, lot: Path) -> None:
    first, second = run("publish", lot, "--to", platform.url), run("publish", lot, "--to", platform.url)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.splitlines() == [
        "Déclarations lues : 5",
        "Faits publiés : 10 (dont déjà connus : 0)",
        "Déclarations ignorées (test) : 0",
        "Déclarations refusées : 0",
    ]
    assert "Faits publiés : 10 (dont déjà connus : 10)" in second.stdout
    assert len(platform.events) == 10


def test_the_platform_opens_the_name_that_the_file_declared(platform: Platform, lot: Path) -> None:
    run("publish", lot, "--to", platform.url)
    event = platform.posts[0][0]
    assert platform.opened(event, event["data"]["employment"]["last_name"]) == "ESSAI"
    assert event["data"]["ended_on"] == "2026-06-30"


def test_a_refused_declaration_is_shown_with_its_line_and_the_others_are_sent(platform: Platform, tmp_path: Path) -> None:
    broken = _file(tmp_path, LOT.replace(b"S21.G00.30.002,'FAUX'", b"S21.G00.30.002,'FAUX", 1))
    result = run("publish", broken, "--to", platform.url)
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "ligne 234 : déclaration refusée",
        "  ligne 264 · S21.G00.30.002 · valeur sans apostrophe de début ou de fin",
        "Déclarations lues : 4",
        "Faits publiés : 8 (dont déjà connus : 0)",
        "Déclarations ignorées (test) : 0",
        "Déclarations refusées : 1",
    ]
    assert len(platform.events) == 8


def test_a_test_file_sends_nothing_and_is_no_failure(platform: Platform, tmp_path: Path) -> None:
    result = run("publish", _file(tmp_path, with_values(LOT, S10_G00_00_005="01")), "--to", platform.url)
    assert result.exit_code == 0
    assert "Déclarations ignorées (test) : 5" in result.stdout
    assert platform.events == {}


def test_a_dry_run_does_everything_but_send(platform: Platform, lot: Path) -> None:
    result = run("publish", lot, "--to", platform.url, "--dry-run")
    assert result.exit_code == 0
    assert "Faits à publier (essai à blanc) : 10" in result.stdout
    assert platform.headers == []


def test_a_check_reads_without_a_platform(tmp_path: Path) -> None:
    good, wrong = run("check", _file(tmp_path, MONTHLY)), run("check", _file(tmp_path, MONTHLY[:-200]))
    assert (good.exit_code, wrong.exit_code) == (0, 3)
    assert "Faits lus : 12" in good.stdout
    assert "Faits lus : 0" in wrong.stdout
    assert "S90.G00.90.001 · envoi tronqué : fin d'envoi absente" in wrong.stdout


def test_the_exit_code_says_who_must_act(platform: Platform, lot: Path) -> None:
    platform.moods = [(409, {"slug": "sans-destinataire", "title": "Aucun service n'écoute"})]
    unroutable = run("publish", lot, "--to", platform.url)
    assert unroutable.exit_code == 4
    assert "aucun destinataire" in unroutable.stderr
    assert "refusées : 0" not in unroutable.stdout
    platform.moods = [(422, {"title": "Événement illisible"})]
    assert run("publish", lot, "--to", platform.url).exit_code == 3
    assert run("publish", lot, "--to", platform.url, token="faux").exit_code == 3
    down = run("publish", lot, "--to", f"http://127.0.0.1:{closed_port()}")
    assert down.exit_code == 5
    assert "Le même fichier peut être renvoyé" in down.stderr


def test_a_broker_that_is_down_ends_with_five(platform: Platform, lot: Path, tmp_path: Path) -> None:
    key = tmp_path / "cle.json"
    key.write_text(json.dumps(platform.key))
    assert run("publish", lot, "--to", f"amqp://guest:guest@127.0.0.1:{closed_port()}/", "--key", key).exit_code == 5


def test_key_and_token_may_come_from_files(platform: Platform, lot: Path, tmp_path: Path) -> None:
    (key := tmp_path / "cle.json").write_text(json.dumps(platform.key))
    (token := tmp_path / "jeton").write_text(TOKEN + "\n")
    assert run("publish", lot, "--to", platform.url, "--key", key, "--token-file", token, token=None).exit_code == 0
    assert len(platform.events) == 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "http://127.0.0.1:9"], "variable AFFILIA_FEED_TOKEN (démonstration : feed_token de .affilia/keys/keys.json)"),
        (["--to", "ftp://127.0.0.1"], "adresse inconnue"),
        (["--to", "amqp://127.0.0.1"], "--key est nécessaire"),
    ],
)
def test_a_command_that_cannot_be_understood_says_why(lot: Path, arguments: list[str], said: str) -> None:
    result = run("publish", lot, *arguments, token=None)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_token_that_cannot_travel_or_a_key_that_is_none_is_refused(lot: Path) -> None:
    assert "jeton d'accès illisible" in run("publish", lot, "--to", "http://127.0.0.1:9", token="é\n1").stderr
    assert "clé publique de la plateforme illisible" in run("publish", lot, "--to", "http://127.0.0.1:9", "--key", lot).stderr


def test_a_token_sent_in_clear_is_warned_of(lot: Path, platform: Platform, tmp_path: Path) -> None:
    (key := tmp_path / "cle.json").write_text(json.dumps(platform.key))
    assert "en clair" in run("publish", lot, "--to", "http://plateforme.invalid", "--key", key, "--dry-run").stderr
    assert "en clair" not in run("publish", lot, "--to", platform.url, "--dry-run").stderr


def test_many_facts_travel_in_batches_of_five_hundred(platform: Platform, tmp_path: Path) -> None:
    lots = b"".join(with_values(MONTHLY, S20_G00_05_004=str(number)) for number in range(1, 86))
    assert run("publish", _file(tmp_path, lots), "--to", platform.url).exit_code == 0
    assert [len(post) for post in platform.posts] == [500, 500, 20]
    assert len(platform.events) == 1020


def test_a_hostile_file_prints_a_bounded_report(tmp_path: Path) -> None:
    envoi = MONTHLY.replace(b"S90.G00.90.001", b"rien\n" * 150 + b"S90.G00.90.001", 1)
    result = run("check", _file(tmp_path, envoi * 40))
    assert result.exit_code == 3
    assert len(result.stdout) < 30_000
    lines = result.stdout.splitlines()
    first = MONTHLY.count(b"\n") - 1
    assert lines[:2] == ["ligne 1 : envoi refusé", f"  ligne {first} · code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa)"]
    assert lines[21] == "  … et 131 autre(s) défaut(s)"
    assert any(line.startswith("… et ") for line in lines)
    assert lines[-2:] == ["Envois refusés : 40", "Déclarations refusées : 40"]


def test_a_lot_whose_count_is_wrong_is_never_said_beside_a_zero(tmp_path: Path) -> None:
    result = run("check", _file(tmp_path, LOT.replace(b"S95.G51.00.002,'5'", b"S95.G51.00.002,'6'")))
    assert result.exit_code == 3
    assert result.stdout.splitlines()[-1] == "Lots refusés : 1"
    assert "refusées : 0" not in result.stdout


def test_an_envoi_without_declaration_is_counted_as_an_envoi(tmp_path: Path) -> None:
    result = run("check", _file(tmp_path, without(MONTHLY, "S20", "S21")))
    assert result.stdout.splitlines()[-1] == "Envois refusés : 1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Ce fichier est vide.\n"),
        (b"\n\n \n", "Ce fichier est vide.\n"),
        (b"a;b\n" * 300, "Ce fichier n'est pas une DSN : ligne 1, code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa).\n"),
    ],
)
def test_a_file_that_is_no_dsn_is_refused_in_one_sentence(platform: Platform, tmp_path: Path, content: bytes, said: str) -> None:
    file = _file(tmp_path, content)
    for result in (run("check", file), run("publish", file, "--to", platform.url), run("publish", file, "--to", platform.url, "--dry-run")):
        assert (result.exit_code, result.stdout) == (3, said)
    assert run("publish", file, "--to", f"http://127.0.0.1:{closed_port()}").exit_code == 3
    assert platform.headers == []


def test_the_progress_bar_hears_of_every_byte() -> None:
    heard: list[int] = []
    stream = Measured(BytesIO(MONTHLY * 20), heard.append)
    while stream.read(300):
        pass
    assert sum(heard) == len(MONTHLY) * 20
    assert len(heard) > 2


def test_a_terminal_shows_how_far_the_file_was_read(tmp_path: Path) -> None:
    terminal, inside = os.openpty()
    command = [sys.executable, "-c", "from feeds.cli import feed; feed()", "dsn", "check", str(_file(tmp_path, MONTHLY))]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=inside, check=True)
    os.close(inside)
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert "100%" in shown
    assert "12 faits" in shown


def test_the_command_needs_nothing_of_the_platform() -> None:
    """``affilia[feed]`` stands alone: no service, no chassis, no library beyond its own."""
    loaded = "import sys, feeds.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not {"chassis", "services", "gateway", "identifiers", "flask", "sqlalchemy", "cryptography", "stdnum"} & set(modules)
