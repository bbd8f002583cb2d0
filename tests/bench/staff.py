"""A company with many employees in the members service, for the benchmarks that read them, and a way to serve it as in production."""

import multiprocessing
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from affilia.local import LocalPostgres
from affilia.roles import _serve
from chassis import http, logs
from chassis.actor import Actor
from chassis.config import Keys
from chassis.testing import BRANDS, Bench
from identifiers.nir import key_of
from services.members.app import SERVICE
from services.members.models import Contract, Establishment, Person, Rights, search_name
from tests.rabbitmq import free_port

SIREN, SIRET, REFERENCE = "123456782", "12345678200010", "SANTE-EX-0001"
EMPLOYER = Actor(kind="employer", brand="hcr", account_id=uuid.UUID(int=2), grants={SIREN: "administrator"}, strong=True)
HIRED_AT_ONCE = 5_000
START_S = 60


class Staff:
    """A company of ``people`` employees in a database of its own; ``settings`` are what a process that serves them needs."""

    def __init__(self, postgres: LocalPostgres, keys: Keys, people: int, name: str = "members") -> None:
        urls = postgres.create(name)
        self.bench = Bench(SERVICE, urls.app_url, urls.owner_url, keys)
        self.settings = SERVICE.settings(mode="test", database_url=urls.app_url, brands=BRANDS, keys=keys)
        with self.bench.running.working() as work:
            work.session.add(Establishment(brand="hcr", siret=SIRET, siren=SIREN, name="RESTAURANT FICTIF"))
            work.session.add(_contract(work.now))
            for first in range(0, people, HIRED_AT_ONCE):
                _hire(work.session, work.now, range(first, min(first + HIRED_AT_ONCE, people)))
        with self.bench.owner.begin() as connection:
            connection.exec_driver_sql("ANALYZE")

    def identity(self) -> dict[str, str]:
        """The headers of the employer, as the edge would sign them."""
        return dict(self.bench.as_(EMPLOYER)._headers)


@contextmanager
def served(load: Callable[[], Any]) -> Iterator[tuple[str, int]]:
    """The address of what ``load`` makes, under granian as every web role is, and the id of its main process."""
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=_serve_quietly, args=(load, port))
    process.start()
    try:
        _await(port)
        yield f"http://127.0.0.1:{port}", process.pid or 0
    finally:
        process.terminate()
        process.join()


def members(settings: Any) -> Any:
    """The members service as a web role plays it."""
    logs.configure(pretty=False)
    return http.create_app(SERVICE.start(settings))


def _serve_quietly(load: Callable[[], Any], port: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    _serve(load, "127.0.0.1", port)


def _await(port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"rien n'écoute sur le port {port}")


def _contract(now: Any) -> Contract:
    card = {"amc_number": "0123456789", "convention_type": "SP", "csr": "A1", "responsible": True}
    known = {"brand": "hcr", "siren": SIREN, "reference": REFERENCE, "insurer_code": "P9999", "label": "BASE CCN HCR NC SEUL RG"}
    return Contract(**known, population="NC", starts_on=date(2018, 1, 1), guarantees=[], opened_at=now, **card)


def _hire(session: Session, now: Any, numbers: range) -> None:
    people = [_person(number, now) for number in numbers]
    session.execute(insert(Person), people)
    session.execute(insert(Rights), [_rights(person["id"]) for person in people])


def _person(number: int, now: Any) -> dict[str, Any]:
    last_name, first_name, body = f"NOM{number % 5_000:04d}", f"Prénom{number:06d}", f"28004{number % 90 + 10:02d}{number % 1_000_000:06d}"
    known = {"brand": "hcr", "member_number": f"H{number:09d}", "last_name": last_name, "first_name": first_name}
    unshown = {"iban": "FR7630006000011234567890189", "email": None, "phone": None, "address": None, "registered_at": now}
    sought = {"search_name": search_name(last_name, first_name), "birth_on": date(1980, 4, 4), "nir": body + key_of(body)}
    return {"id": uuid.uuid4(), **known, **unshown, **sought}


def _rights(person_id: uuid.UUID) -> dict[str, Any]:
    where = {"brand": "hcr", "siren": SIREN, "siret": SIRET, "opened_siret": SIRET, "contract_reference": REFERENCE}
    how = {"professional_status": "ACTIF NON CADRE", "spouse_covered": False, "starts_on": date(2026, 2, 1)}
    stand = {"status": "active", "reason": "Droits ouverts.", "source": "affiliation"}
    return {"id": uuid.uuid4(), "person_id": person_id, "affiliation_id": uuid.uuid4(), **where, **how, **stand}
