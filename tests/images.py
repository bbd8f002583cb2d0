"""The images that operators and tests run: their tags are written once, in ``deploy/compose.yaml``."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

COMPOSE = Path(__file__).resolve().parents[1] / "deploy" / "compose.yaml"
DEFAULT = re.compile(r"\$\{[A-Z_]+:-(?P<image>[^}]+)\}")


@cache
def described() -> dict[str, Any]:
    """What compose.yaml says, its merges done."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return found


def image(service: str) -> str:
    """The image of a service of compose.yaml, unless an operator names another."""
    found = DEFAULT.fullmatch(described()["services"][service]["image"])
    assert found, f"{service} has no image of its own choosing"
    return found["image"]


POSTGRES = image("postgres")
RABBITMQ = image("rabbitmq")
MINIO = image("minio")
NGINX = image("nginx")
MAILPIT = image("mailpit")
