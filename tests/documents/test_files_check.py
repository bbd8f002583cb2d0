"""An operator asks whether the store can be used: one French sentence, whatever is wrong with it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from affilia.cli import main
from affilia.keys import generate
from chassis.testing import BRANDS
from tests.documents.buckets import ACCESS_KEY, BUCKET, SECRET_KEY, PrivateServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateServer]:
    server = PrivateServer(tmp_path_factory.mktemp("s3"))
    server.start()
    yield server
    server.kill()


def ask(*options: str, **settings: Any) -> Result:
    import msgspec

    told = {"mode": "demo", "database_url": "unused", "brands": BRANDS, "keys": msgspec.json.encode(generate().of("documents")).decode()}
    environ = {f"AFFILIA_{name}".upper(): str(value) for name, value in (told | settings).items()}
    with_path = environ | {"PATH": os.environ["PATH"]}
    return CliRunner().invoke(main, ["files", "check", *options], env=with_path)


def on(server: PrivateServer, **settings: Any) -> dict[str, Any]:
    own = {"s3_bucket": BUCKET, "s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
    return own | {"s3_endpoint": f"http://127.0.0.1:{server.port}", "s3_timeout": 2} | settings


def test_a_bucket_that_can_be_used_is_said_to_be(server: PrivateServer):
    answer = ask(**on(server))
    assert (answer.exit_code, answer.output) == (0, f"Le seau « {BUCKET} » : un fichier s'y écrit, s'y relit et s'y efface.\n")
    assert server.objects() == {}, "the probe was left behind"


def test_a_missing_bucket_is_said_in_one_sentence_then_made(server: PrivateServer):
    missing = ask(**on(server, s3_bucket="affilia-neuf"))
    assert missing.exit_code == 1
    assert "Le seau « affilia-neuf » n'existe pas sur ce serveur" in missing.output
    assert len(missing.output.splitlines()) == 1
    for _again in range(2):  # the second time it is there already
        assert ask("--create", **on(server, s3_bucket="affilia-neuf")).exit_code == 0
    assert ask(**on(server, s3_bucket="affilia-neuf")).exit_code == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"s3_secret_key": "not-the-secret"}, "le serveur refuse ces identifiants"),
        ({"s3_endpoint": "http://127.0.0.1:1"}, "ne peut pas servir"),
    ],
    ids=["wrong secret", "nobody listens"],
)
def test_a_store_that_cannot_be_used_is_said_without_its_secret(server: PrivateServer, settings: dict[str, Any], said: str):
    for options in ((), ("--create",)):
        answer = ask(*options, **on(server, **settings))
        assert (answer.exit_code, len(answer.output.splitlines())) == (1, 1)
        assert said in answer.output
        assert "not-the-secret" not in answer.output


def test_the_folder_of_the_demonstration_is_proved_too(tmp_path: Path):
    assert ask(store=tmp_path / "files").exit_code == 0
    (tmp_path / "file").write_text(json.dumps("a file where the folder should be"))
    refused = ask(store=tmp_path / "file")
    assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)
