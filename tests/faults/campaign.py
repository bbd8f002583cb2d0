"""A driver that never gives up and a killer that never warns: commands keep coming while the whole process group dies again and again."""

import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import urllib3

from affilia.story import Story
from identifiers import invented
from tests.faults.house import Mortal

DRIVERS = 4
RETRY_S = 0.1


@dataclass
class Campaign:
    """``commands`` pre-affiliations by one employer, each retried under its own key until it is answered; ``kills`` deaths on the way."""

    mortal: Mortal
    story: Story
    commands: int
    kills: int
    chance: random.Random = field(default_factory=lambda: random.Random(20260701))
    acknowledged: dict[str, str] = field(default_factory=dict)
    surprises: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Drive and kill at the same time, until every command is acknowledged."""
        keys = iter([str(uuid.UUID(int=self.chance.getrandbits(128))) for _ in range(self.commands)])
        drivers = [threading.Thread(target=self._drive, args=(keys,)) for _ in range(DRIVERS)]
        for driver in drivers:
            driver.start()
        self._kill_on_the_way()
        for driver in drivers:
            driver.join()

    def _kill_on_the_way(self) -> None:
        for milestone in sorted(self.chance.sample(range(1, self.commands - DRIVERS), self.kills)):
            while len(self.acknowledged) < milestone:
                time.sleep(0.01)
            time.sleep(self.chance.random() / 20)
            self.mortal.kill()
            self.mortal.start()

    def _drive(self, keys: Any) -> None:
        with urllib3.PoolManager(retries=False, timeout=10) as pool:
            while batch := self._next(keys):
                self._command(pool, batch[0])

    def _next(self, keys: Any) -> list[str]:
        with self._lock:
            return list(islice(keys, 1))

    def _command(self, pool: urllib3.PoolManager, key: str) -> None:
        """One intent, sent until the platform answers it for good."""
        while True:
            status, answer = self._send(pool, key)
            if status == 201:
                self.acknowledged[key] = answer["id"]
                return
            if status not in (0, 409, 502, 503) or (status == 409 and not str(answer["type"]).endswith("demande-en-cours")):
                self.surprises.append(f"{status} {answer}")
                return
            time.sleep(RETRY_S)

    def _send(self, pool: urllib3.PoolManager, key: str) -> tuple[int, dict[str, Any]]:
        bearer, host = f"Bearer {self.story.employer.token}", self.story.world.host("entreprise")
        headers = {"Authorization": bearer, "Idempotency-Key": key, "Host": host}
        try:
            answer = pool.request("POST", f"{self.mortal.base}/api/affiliation/affiliations", json=self._form(key), headers=headers)
            return answer.status, answer.json()
        except (urllib3.exceptions.HTTPError, ValueError):
            return 0, {}

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
