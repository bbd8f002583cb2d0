"""A skipped test fails the integration run, with its reason; at home it stays a skip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SKIPS = {
    "a test": "import pytest\ndef test_card(): pytest.skip('pas de lecteur')\n",
    "a fixture": "import pytest\n@pytest.fixture\ndef reader(): pytest.skip('pas de lecteur')\ndef test_card(reader): ...\n",
    "a whole file": "import pytest\npytest.skip('pas de lecteur', allow_module_level=True)\n",
}


def run(folder: Path, program: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_reader.py").write_text(program)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.plugins.no_skips",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
    ]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*command, str(folder)], capture_output=True, text=True, env=environment, check=False, cwd=folder)


@pytest.mark.parametrize("program", SKIPS.values(), ids=SKIPS.keys())
def test_a_skip_fails_the_integration_run_and_says_why(tmp_path: Path, program: str) -> None:
    result = run(tmp_path, program, ci="true")
    assert result.returncode != 0
    assert "Test sauté sur la machine d'intégration" in result.stdout
    assert "pas de lecteur" in result.stdout


def test_at_home_a_skip_stays_a_skip(tmp_path: Path) -> None:
    result = run(tmp_path, SKIPS["a test"], ci="")
    assert result.returncode == 0
    assert "1 skipped" in result.stdout


def test_an_expected_failure_is_not_a_skip(tmp_path: Path) -> None:
    result = run(tmp_path, "import pytest\n@pytest.mark.xfail(strict=True)\ndef test_card(): assert False\n", ci="true")
    assert result.returncode == 0
    assert "1 xfailed" in result.stdout
