"""What an operator types, run for real on a small installation of its own: migrate, caseworker, replay, totp."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyotp
import pytest

from affilia.demo import PASSWORD
from gateway.caught import Login

CAMILLE = ("camille@affilia.example", "Camille", "CONSEIL")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="affilia-operations-") as name:
        yield Path(name)


def affilia(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "AFFILIA_DATABASE_URL"}
    command = [sys.executable, "-m", "affilia.cli", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=90, check=False)


@pytest.mark.slow
def test_an_operator_migrates_opens_an_account_and_replays(folder: Path):
    migrated = affilia(folder, "migrate", "identity")
    assert (migrated.returncode, migrated.stdout) == (0, "identity : à jour\n"), migrated.stderr
    refused = affilia(folder, "caseworker", *CAMILLE, "--password", "court")
    assert refused.returncode == 1
    assert "Erreur : Ce mot de passe ne convient pas.\n  – " in refused.stderr
    assert "Traceback" not in refused.stderr
    made = affilia(folder, "caseworker", *CAMILLE, "--password", PASSWORD)
    assert made.returncode == 0
    assert len(made.stdout.split()[-1]) == 32
    again = affilia(folder, "caseworker", CAMILLE[0], "--rearm", "--password", f"{PASSWORD}-refait")
    assert (again.returncode, again.stdout == made.stdout) == (0, False), "another password, another application"
    for service in ("identity", "members"):  # the second was never migrated by hand
        replayed = affilia(folder, "replay", service)
        assert (replayed.returncode, replayed.stdout) == (0, f"{service} : 0 événement à rejouer\n"), replayed.stderr
    verified = affilia(folder, "audit", "verify", "identity")
    assert (verified.returncode, verified.stdout) == (0, "identity : 0 lignes scellées, rien à signaler\n"), verified.stderr


def test_an_address_that_is_none_is_refused_before_anything_is_made(folder: Path):
    refused = affilia(folder, "caseworker", "camille", "Camille", "CONSEIL", "--password", PASSWORD)
    assert refused.returncode == 1
    assert "Cette adresse e-mail n'est pas valable" in refused.stderr
    nameless = affilia(folder, "caseworker", CAMILLE[0], "--password", PASSWORD)
    assert (nameless.returncode, "--rearm" in nameless.stderr) == (2, True)


def test_the_second_factor_of_a_demo_account_is_given_by_its_address(tmp_path: Path):
    assert "make demo" in affilia(tmp_path, "totp").stderr
    secret = pyotp.random_base32()
    login = Login(role="conseiller", email=CAMILLE[0], password=PASSWORD, totp=secret)
    (tmp_path / ".affilia").mkdir()
    (tmp_path / ".affilia" / "logins.json").write_bytes(msgspec.json.encode([login]))
    given = affilia(tmp_path, "totp", CAMILLE[0]).stdout.strip()
    assert pyotp.TOTP(secret).verify(given, valid_window=1)
    assert affilia(tmp_path, "totp", "nobody@affilia.example").returncode == 1


@pytest.mark.slow
def test_the_insurers_own_file_is_loaded_with_its_faults_told_and_a_stranger_refused(folder: Path):
    (folder / "partenaires.csv").write_text(
        "brand,number,third_party_payment,network,checked_on\nhcr,90000000001,oui,non,2026-06-01\nhcr,90000000002,peut-être,non,hier\n",
        encoding="utf-8",
    )
    loaded = affilia(folder, "care", "import", "partners", "partenaires.csv")
    assert (loaded.returncode, loaded.stdout) == (0, "partenaires.csv : lignes gardées, 1 ; refusées, 1\n"), loaded.stderr
    assert loaded.stderr == "  ligne 3 : « oui » ou « non » est attendu\n"
    stranger = affilia(folder, "care", "import", "rpps", "partenaires.csv")
    assert stranger.returncode == 1
    assert stranger.stderr.startswith("Erreur : partenaires.csv, ligne 1 : l'en-tête de l'Annuaire santé est attendu")
