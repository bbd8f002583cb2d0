"""A driver that never gives up: commands keep coming, each retried under its own key until the platform answers it for good."""

import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import urllib3

from affilia.story import Story
from identifiers import invented

DRIVERS = 4
RETRY_S = 0.1
PATIENCE_S = 10.0
LATER = (0, 502, 503, 504)
"""Answers that only say "later": 0 is none at all."""
IN_HAND = "demande-en-cours"


@dataclass
class Driver:
    """``commands`` pre-affiliations by one employer, four at a time, with ``pause`` seconds after each; ``chance`` draws their keys.

    ``answers`` counts every answer by its status; ``surprises`` quotes those that should not be.
    """

    story: Story
    commands: int
    chance: random.Random
    pause: float = 0.0
    acknowledged: dict[str, str] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sated: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        keys = iter([str(uuid.UUID(int=self.chance.getrandbits(128))) for _ in range(self.commands)])
        # daemons: they never give up, and a platform that is not started again must not hold the run
        self._threads = [threading.Thread(target=self._drive, args=(keys,), daemon=True) for _ in range(DRIVERS)]
        for thread in self._threads:
            thread.start()

    def enough(self) -> None:
        """Begin no other command."""
        self._sated.set()

    def finish(self) -> None:
        """Wait until every command has its answer."""
        for thread in self._threads:
            thread.join()

    def reach(self, milestone: int) -> None:
        """Wait until so many commands are answered."""
        while self.done < milestone:
            time.sleep(0.01)

    @property
    def done(self) -> int:
        return len(self.acknowledged) + len(self.surprises)

    def _drive(self, keys: Any) -> None:
        with urllib3.PoolManager(retries=False, timeout=PATIENCE_S) as pool:
            while batch := self._next(keys):
                self._command(pool, batch[0])
                time.sleep(self.pause)

    def _next(self, keys: Any) -> list[str]:
        with self._lock:
            return [] if self._sated.is_set() else list(islice(keys, 1))

    def _command(self, pool: urllib3.PoolManager, key: str) -> None:
        """One intent, sent until the platform answers it for good."""
        while True:
            status, answer = self._send(pool, key)
            if status == 201:
                self.acknowledged[key] = answer["id"]
                return
            if status not in LATER and not (status == 409 and str(answer["type"]).endswith(IN_HAND)):
                self.surprises.append(f"{status} {answer}")
                return
            time.sleep(RETRY_S)

    def _send(self, pool: urllib3.PoolManager, key: str) -> tuple[int, dict[str, Any]]:
        bearer, host = f"Bearer {self.story.employer.token}", self.story.world.host("entreprise")
        headers = {"Authorization": bearer, "Idempotency-Key": key, "Host": host}
        try:
            answer = pool.request("POST", f"{self.story.world.base}/api/affiliation/affiliations", json=self._form(key), headers=headers)
            status, said = answer.status, answer.json()
        except (urllib3.exceptions.HTTPError, ValueError):
            status, said = 0, {}
        with self._lock:
            self.answers[status] += 1
        return status, said

    def _form(self, key: str) -> dict[str, Any]:
        return {
            "siret": self.story.cast.restaurant,
            "contract_reference": self.story.cast.contract,
            "professional_status": "ACTIF NON CADRE",
            "starts_on": "2026-02-01",
            "first_name": "Alix",
            "last_name": "ESSAI " + "".join(chr(ord("A") + int(digit, 16)) for digit in key[:8]),
            "birth_on": invented.birth_date(key).isoformat(),
            "email": f"{key}@exemple.example",
        }
