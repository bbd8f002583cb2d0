"""What the doors promise, measured and printed: ``make figures`` (``python -m tests.identity.figures``), some minutes on a real database.

A listener who times answers tells nobody apart (AUC ≤ 0.55, 0.5 is chance), a sign-in is little else than Argon2, fifty at once stay within
the memory of ten, round after round.
"""

import random
import resource
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import text
from werkzeug.test import TestResponse

from affilia.local import LocalPostgres
from chassis.testing import Bench, invented_keys
from services.identity.app import SERVICE
from services.identity.models import hashing
from tests.identity.people import Visitor, person
from tests.identity.test_same_answer import said

CALLS = 500
"""For each of the known and of the unknown."""
MOST_AUC = 0.55
LEAST_ARGON2 = 0.70
PARALLEL_SIGN_INS = 50
ROUNDS = 4
MOST_A_HASH = 35
"""MiB: 19 for Argon2, the rest is what the allocator keeps of a thread and what the sign-ins themselves take."""
MOST_GROWN = 20
WRONG = "Pas-le-bon-1"
ACCOUNT_TRIES = 9
"""Sign-ins a known account is asked for: below the ten that lock it."""

Call = Callable[[str, str], TestResponse]
"""An answer for an e-mail, from an address."""


def main() -> None:
    """Print each figure beside what it must be."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    random.seed(20260101)
    with house() as bench:
        memory(bench)
        argon2_share(bench)
        for name, call, tries in doors(bench):
            timing(name, call, tries)


@contextmanager
def house() -> Iterator[Bench]:
    """Identity, with as many members as there are calls; every one of them has an open space with one password."""
    with (
        tempfile.TemporaryDirectory(prefix="affilia-figures-") as folder,
        LocalPostgres.chosen(Path(folder) / "postgres", "TEST_DATABASE_URL", durable=False) as server,
    ):
        urls = server.create(SERVICE.name)
        bench = Bench(SERVICE, urls.app_url, urls.owner_url, invented_keys())
        bench.tell(*(person(known(n), None, uuid.uuid4()) for n in range(CALLS)))
        with bench.running.working() as work:
            open_all = text("UPDATE account SET password_hash = :hash, activated_at = now()")
            work.session.execute(open_all, {"hash": hashing.hashed("Giboulée-42")})
        yield bench
        bench.close()


def doors(bench: Bench) -> list[tuple[str, Call, int]]:
    """The doors that strangers knock at, and how often one e-mail may be asked for."""

    def at(email: str, address: str) -> Visitor:
        return Visitor(bench, email=email, address=address)

    return [
        ("activation", lambda email, address: at(email, address).post("/activations", email=email), 1),
        ("mot de passe oublié", lambda email, address: at(email, address).post("/password-resets", email=email), 1),
        ("connexion", lambda email, address: at(email, address).sign_in(WRONG), ACCOUNT_TRIES),
    ]


def known(number: int) -> str:
    return f"connue{number:03d}@exemple.fr"


def unknown(number: int) -> str:
    return f"autrui{number:03d}@exemple.fr"


def timing(name: str, call: Call, tries: int) -> None:
    """The same bytes and headers for the known and the unknown, and how well a clock tells them apart."""
    emails = [(who, kind(n // tries)) for who, kind in (("known", known), ("unknown", unknown)) for n in range(CALLS)]
    random.shuffle(emails)
    call(known(CALLS - 1), address_of(0)) if tries > 1 else call("echauffement@exemple.fr", address_of(0))
    spent: dict[str, list[float]] = {"known": [], "unknown": []}
    answers = set()
    for number, (who, email) in enumerate(emails):
        start = time.perf_counter()
        answer = call(email, address_of(number))
        spent[who].append(time.perf_counter() - start)
        status, headers, body = said(answer)
        answers.add((status, tuple(headers), body))
    told("la même réponse pour tous", name, len(answers), "1", len(answers) == 1)
    score = auc(spent["known"], spent["unknown"])
    told("AUC d'un chronomètre", name, f"{score:.3f}", f"≤ {MOST_AUC}", score <= MOST_AUC)


def address_of(number: int) -> str:
    """One address after another: no limit by address is reached."""
    return f"203.0.{number % 250}.{number // 250 + 1}"


def auc(some: list[float], others: list[float]) -> float:
    """How often a value of one side is larger than one of the other, whichever side a listener bets on: 0.5 is chance, 1 certainty."""
    wins = sum((one > other) + 0.5 * (one == other) for one in some for other in others) / (len(some) * len(others))
    return max(wins, 1 - wins)


def argon2_share(bench: Bench) -> None:
    """Of the processor time of a sign-in, how much is the hash that protects everybody."""
    hash_s, real = [0.0], hashing._hasher.verify

    class Clocked:
        def __getattr__(self, name: str) -> Any:
            return getattr(before, name)

        def verify(self, *args: Any) -> Any:
            start = time.thread_time()
            try:
                return real(*args)
            finally:
                hash_s[0] += time.thread_time() - start

    before, hashing._hasher = hashing._hasher, Clocked()  # type: ignore[assignment]
    try:
        start = time.process_time()
        for number in range(100):
            Visitor(bench, email=f"cpu{number}@exemple.fr", address=address_of(number)).sign_in(WRONG)
        share = hash_s[0] / (time.process_time() - start)
    finally:
        hashing._hasher = before
    told("part d'Argon2 dans le temps processeur", "connexion", f"{share:.0%}", f"≥ {LEAST_ARGON2:.0%}", share >= LEAST_ARGON2)


def memory(bench: Bench) -> None:
    """How much the process grows while fifty people sign in at once: what ten hashes take, then nothing more, round after round."""
    start = peak()
    sign_in_at_once(bench)
    first = peak()
    for _ in range(ROUNDS):
        sign_in_at_once(bench)
    most = hashing.PARALLEL * MOST_A_HASH
    told(
        f"mémoire prise par {PARALLEL_SIGN_INS} connexions à la fois (Mio)", "connexion", first - start, f"≤ {most}", first - start <= most
    )
    grown = peak() - first
    told(f"et par {ROUNDS} fois {PARALLEL_SIGN_INS} autres (Mio)", "connexion", grown, f"≤ {MOST_GROWN}", grown <= MOST_GROWN)


def sign_in_at_once(bench: Bench) -> None:
    visitors = [Visitor(bench, email=f"m{uuid.uuid4()}@exemple.fr", address=address_of(n)) for n in range(PARALLEL_SIGN_INS)]
    threads = [threading.Thread(target=visitor.sign_in, args=(WRONG,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def peak() -> int:
    """The most this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def told(what: str, where: str, found: object, expected: str, holds: bool) -> None:
    print(f"{'tenu ' if holds else 'MANQUÉ'} {where:22} {what:55} {found!s:>8}  ({expected})", flush=True)


if __name__ == "__main__":
    main()
