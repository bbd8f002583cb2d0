"""An operator admits a payroll producer: its token is shown once, and the gateway knows its digest."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from affilia import producer
from gateway.producers import token_hash


def admit(file: Path, *arguments: str) -> Result:
    return CliRunner().invoke(producer.producer, [*arguments, "--file", str(file)])


def test_a_producer_is_admitted_and_its_token_is_never_kept(tmp_path: Path):
    file = tmp_path / "producers.json"
    told = admit(file, "paie-renaud", "--name", "Paie Renaud", "--siren", "123456782", "--siren", "552100554")
    assert told.exit_code == 0, told.output
    token = told.output.split(" : ")[1].splitlines()[0]
    (one,) = producer.known(file)
    assert (one.key, one.sirens, one.token) == ("paie-renaud", ("123456782", "552100554"), token_hash(token))
    assert token not in file.read_text()
    again = admit(file, "paie-renaud", "--name", "Paie Renaud", "--siren", "123456782")
    assert again.exit_code == 0
    assert [(one.sirens, one.token == token_hash(token)) for one in producer.known(file)] == [(("123456782",), False)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Paie Renaud", "--siren", "123456782"), "La clé compte"),
        (("affilia", "--siren", "123456782"), "La clé compte"),
        (("paie", "--siren", "123456789"), "123456789 : "),
    ],
)
def test_what_cannot_be_admitted_is_told(tmp_path: Path, arguments: tuple[str, ...], said: str):
    told = admit(tmp_path / "producers.json", *arguments, "--name", "Paie")
    assert (told.exit_code, said in told.output) == (1, True), told.output


def test_a_list_that_cannot_be_read_is_told(tmp_path: Path):
    (file := tmp_path / "producers.json").write_text("{}")
    assert "illisible" in admit(file, "paie", "--name", "Paie", "--siren", "123456782").output
