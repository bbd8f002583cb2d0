"""What was copied from elsewhere is what its author published, and the API page asks nothing of the outside."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

SWAGGER = Path(__file__).parents[2] / "gateway" / "static" / "swagger"


def test_every_vendored_file_is_the_one_that_was_published() -> None:
    published = dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", (SWAGGER / "VENDORED.md").read_text(), re.MULTILINE))
    assert {name: hashlib.sha256((SWAGGER / name).read_bytes()).hexdigest() for name in published} == published
    assert {file.name for file in SWAGGER.iterdir()} == {*published, "VENDORED.md", "start.js"}


def test_the_api_page_starts_without_any_outside_address() -> None:
    start = (SWAGGER / "start.js").read_text()
    assert "validatorUrl: null" in start
    assert "://" not in start
