"""Which server a test is given: the one whose address is told, else a container where Docker answers, else a private program."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

DATABASE, BROKER, STORE = "TEST_DATABASE_URL", "TEST_AMQP_URL", "TEST_S3_URL"
SERVERS: Mapping[str, str] = {"PostgreSQL": DATABASE, "RabbitMQ": BROKER, "S3": STORE}
SOCKET = Path("/var/run/docker.sock")

Rung = Literal["donné", "en conteneur", "privé"]


def rung(variable: str) -> Rung:
    """How the server that this variable may name is found."""
    if os.environ.get(variable):
        return "donné"
    return "en conteneur" if docker_answers() else "privé"


def header() -> str:
    """One line for the report of a run."""
    return "plateforme répartie : " + ", ".join(f"{server} {rung(variable)}" for server, variable in SERVERS.items())


@cache
def docker_answers() -> bool:
    """Whether a Docker engine answers: a client on the path proves nothing, and asking where there is no socket leaks one."""
    if "DOCKER_HOST" not in os.environ and not SOCKET.exists():
        return False
    import docker

    try:
        engine = docker.from_env(timeout=5)
        try:
            return bool(engine.ping())
        finally:
            engine.close()
    except Exception:  # the client raises what its transport raises
        return False
