"""Load on a port of this machine, by ``wrk``: how many answers a second, and how many were not good."""

import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import click
import urllib3

from tests.bench.readings import percentile

READERS = 8


class Load(NamedTuple):
    """Answers a second, and what was not a 200 or did not answer."""

    rate: float
    wrong: int


def wrk(url: str, headers: Mapping[str, str], connections: int = 32, seconds: int = 3) -> Load:
    """Ask ``url`` on so many connections. Raises ``ClickException`` where wrk is not installed."""
    if shutil.which("wrk") is None:
        raise click.ClickException("wrk n'est pas installé ici (apt-get install wrk) : cette mesure en a besoin.")
    options = [f"-t1 -c{connections} -d{seconds}s --timeout 30s".split(), *(["-H", f"{name}: {value}"] for name, value in headers.items())]
    told = subprocess.run(["wrk", *(option for each in options for option in each), url], capture_output=True, text=True, check=True).stdout
    return Load(_number(r"Requests/sec:\s+([\d.]+)", told), int(_number(r"Non-2xx or 3xx responses: (\d+)", told) + _lost(told)))


def slowest(url: str, headers: Mapping[str, str], per_second: int = 40, seconds: int = 10) -> float:
    """The time that 99 answers in 100 do not exceed, in milliseconds, at a steady pace on kept connections; each must be a 200."""
    pool = urllib3.PoolManager(maxsize=READERS, retries=False)
    began = time.monotonic()

    def ask(number: int) -> float:
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        asked = time.monotonic()
        answer = pool.request("GET", url, headers=dict(headers), timeout=30)
        assert answer.status == 200, answer.status
        return (time.monotonic() - asked) * 1_000

    with ThreadPoolExecutor(READERS) as readers:
        return percentile(list(readers.map(ask, range(per_second * seconds))), 0.99)


def _lost(told: str) -> int:
    """Connections that were refused or broken."""
    found = re.search(r"Socket errors: (.*)", told)
    return sum(map(int, re.findall(r"\d+", found[1]))) if found else 0


def _number(pattern: str, told: str) -> float:
    found = re.search(pattern, told)
    return float(found[1]) if found else 0.0
