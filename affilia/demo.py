"""``affilia demo``: the whole platform on one machine, peopled through its own API, and what a newcomer needs to look around."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from multiprocessing import util
from pathlib import Path
from typing import Any

import click
import msgspec

from affilia import atomic
from affilia.doctor import typed
from affilia.installation import BRANDS, Installation, bring_up_to_date, check_brands, opened
from affilia.local import DATA, forget
from affilia.lone import alone, refuse_second
from gateway.caught import Login

PORT = 8080
ADDRESS = "127.0.0.1"
THREADS = 8
PATIENCE_S = 60.0
JOURNAL = "journal.log"
UNFINISHED = "seeding"
"""A file that stands while the demo is being peopled: found at start, it says that the last time did not end."""

PASSWORD = "Terrasse-Soleil-2026"
CASEWORKER = {"email": "camille.conseil@affilia.example", "first_name": "Camille", "last_name": "CONSEIL"}
NEVER_STARTED = "Aucune démonstration n'a encore été lancée ici : make demo"
STORY_DAY = date(2026, 6, 15)
"""The civil date that the story is played on unless told otherwise: before the declarations of the sample lot."""


class Stopped(Exception):
    """Ctrl-C came while the demo was being peopled."""


@click.command()
@click.option("--port", default=PORT, show_default=True, help="Le port d'écoute.")
@click.option("--fresh", is_flag=True, help="Oublie d'abord toutes les données locales.")
def demo(port: int, fresh: bool) -> None:
    """Démarre et peuple toute la plateforme en un processus."""
    refuse_second(DATA)
    refuse_busy(port)
    if fresh or (DATA / UNFINISHED).exists():
        _forget()
    run(port, peopled=True)


@click.command()
@click.option("--to", "base", default=f"http://localhost:{PORT}", show_default=True, metavar="URL", help="L'instance qui tourne.")
def seed(base: str) -> None:
    """Joue les données de démonstration à travers l'API de l'instance qui tourne."""
    from affilia import keys
    from affilia.story import Unexpected

    refuse_absent(base)
    known = logins()
    if not known:
        raise click.ClickException(NEVER_STARTED)
    if len(known) > 1:
        raise click.ClickException("La démonstration est déjà peuplée.")
    try:
        people(base, DATA, keys.load_or_create(DATA / "keys").feed_token, _say)
    except Unexpected as surprise:
        raise click.ClickException(f"Les données de démonstration s'arrêtent là : {surprise}") from None


def run(port: int, *, peopled: bool, folder: Path = DATA) -> None:
    """Serve until Ctrl-C; everything that was started is stopped on the way out, PostgreSQL included."""
    from gateway.embedded import find

    refuse_second(folder)
    refuse_busy(port)
    check_brands(BRANDS)
    started = time.monotonic()
    with alone(folder, f"http://localhost:{port}"), _told("PostgreSQL", started) as tell, opened(folder, port=port) as house:
        tell("bases")
        bring_up_to_date(find().values(), house.databases)
        tell("services")
        if peopled:
            ensure_caseworker(house)
        _serve(house, partial(_welcome, house, peopled, started))


def refuse_busy(port: int) -> None:
    """Say in French that somebody else has the port, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except (OSError, OverflowError):
            another = typed(f"demo --port {port + 1}")
            raise click.ClickException(
                f"Le port {port} n'est pas libre : une autre instance tourne peut-être déjà. Essayez : {another}"
            ) from None


def refuse_absent(base: str) -> None:
    """Say in French that nothing runs at this address."""
    import urllib3

    try:
        with urllib3.PoolManager(retries=False, timeout=5) as pool:
            pool.request("GET", f"{base}/healthz")
    except urllib3.exceptions.HTTPError:
        raise click.ClickException(f"Aucune instance ne répond sur {base} : lancez make demo") from None


def logins(folder: Path = DATA) -> list[Login]:
    """The demo accounts, none before the first start."""
    file = folder / "logins.json"
    return msgspec.json.decode(file.read_bytes(), type=list[Login]) if file.exists() else []


def ensure_caseworker(house: Installation) -> None:
    """The caseworker of the demo: her account cannot come from the API, which needs a caseworker first."""
    from gateway.embedded import find
    from services.identity import actions

    if logins(house.folder):
        return
    running = house.start(find(("identity",))["identity"])
    with running.working() as work:
        branded = work.for_brand(running.default_brand)
        secret = actions.create_caseworker(branded, **CASEWORKER, password=PASSWORD, role="administer").secret
    running.stop()
    _write(house.folder, [Login(role="conseiller", email=CASEWORKER["email"], password=PASSWORD, space="conseil", totp=secret)])
    (house.folder / UNFINISHED).touch()


def people(base: str, folder: Path, feed_token: str, say: Callable[[str], None]) -> None:
    """Play the seed through the API of a running platform, then list who can sign in."""
    from affilia import seed as seeds
    from affilia.story import Credentials

    (caseworker, *_others) = logins(folder)
    cast, harmonie = seeds.plant(base, Credentials(caseworker.email, caseworker.password, caseworker.totp), feed_token, say)
    employer = Login(role="employeur", email=cast.employer["email"], password=PASSWORD, space="entreprise")
    member = Login(role="assurée", email=str(cast.dominique.email), password=PASSWORD, space="assure")
    elsewhere = Login(role="assurée", email=str(harmonie.dominique.email), password=PASSWORD, space="assure", brand="harmonie")
    _write(folder, [caseworker, employer, member, elsewhere])
    (folder / UNFINISHED).unlink(missing_ok=True)


def application(house: Installation) -> Any:
    """What granian serves, made in the process that serves it; its words go to a file, so that the terminal stays readable."""
    from chassis import logs

    sys.stdout = sys.stderr = (house.folder / JOURNAL).open("a", buffering=1, encoding="utf-8")
    logs.configure(pretty=False)
    platform = house.platform().start()
    util.Finalize(platform, platform.stop, exitpriority=10)
    return platform.wsgi


def _serve(house: Installation, welcome: Any) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "affilia.demo:application",
        address=ADDRESS,
        port=house.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        workers_kill_timeout=8,
    )
    failures: list[str] = []
    told = {"stopping": lambda: server.interrupt_signal, "failures": failures}
    _once_forked(threading.Thread(target=welcome, kwargs=told, daemon=True).start)
    _tell_the_end(server)
    server.serve(target_loader=partial(application, house), wrap_loader=False)
    if failures:
        raise click.ClickException(f"La démonstration n'a pas pu démarrer : {failures[0]}\nLe journal est dans {house.folder / JOURNAL}.")


def _once_forked(start: Callable[[], None]) -> None:
    """Call ``start`` when the server's process is made: from a thread that imports meanwhile it would inherit a lock that nobody holds."""
    pending = [start]
    os.register_at_fork(after_in_parent=lambda: pending.pop()() if pending else None)


def _tell_the_end(server: Any) -> None:
    """Answer Ctrl-C at once: the end itself takes a few seconds."""
    stop = server.signal_handler_interrupt

    def interrupt(*signal_and_frame: Any) -> None:
        if not server.interrupt_signal:
            _say("Arrêt en cours…")
        stop(*signal_and_frame)

    server.signal_handler_interrupt = interrupt


def _welcome(house: Installation, peopled: bool, started: float, stopping: Callable[[], bool], failures: list[str]) -> None:
    """Wait for the platform to answer, people it the first time, then say where everything is. A failure stops the server.

    A demo whose peopling is stopped half-way is forgotten and peopled anew by the next start.
    """

    def say(sentence: str) -> None:
        if stopping():
            raise Stopped
        _say(sentence)

    try:
        _wait(house.base)
        if peopled and (house.folder / UNFINISHED).exists():
            say("→ données de démonstration, jouées à travers l'API")
            people(house.base, house.folder, house.ring.feed_token, say)
        say(_card(house, time.monotonic() - started))
    except Exception as error:
        if not stopping():
            failures.append(str(error))
            os.kill(os.getpid(), signal.SIGTERM)


def _wait(base: str) -> None:
    import urllib3

    deadline = time.monotonic() + PATIENCE_S
    with urllib3.PoolManager(retries=False, timeout=2) as pool:
        while True:
            try:
                if pool.request("GET", f"{base}/readyz").status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise TimeoutError("la plateforme ne répond pas.")
            time.sleep(0.1)


def _card(house: Installation, seconds: float) -> str:
    """The few lines a newcomer keeps."""
    from affilia.story.story import spoken

    lines = [
        "",
        click.style(f"Affilia est là, en {seconds:.0f} s.", bold=True),
        "",
        f"  Accueil       {house.base}",
        f"  Messages      {house.base}/_inbox",
        f"  API           {house.base}/api/docs",
        "",
        *(line for login in logins(house.folder) for line in _login(house, login)),
        "",
        f"  Le code du conseiller est sur {house.base}/_inbox, ou : {typed('totp')}",
        f"  L'histoire se joue au {spoken(STORY_DAY)} : make story (make story DATE=2026-07-01 pour un autre jour)",
        "  Ctrl-C arrête tout.",
    ]
    return "\n".join(lines)


def _login(house: Installation, login: Login) -> tuple[str, str]:
    """An account and the address of its space."""
    who = login.role.capitalize()
    return f"  {who:<12}  {login.email:<36}  {login.password}", f"  {'':<12}  {house.space(login.space, login.brand)}"


@contextmanager
def _told(first: str, started: float) -> Iterator[Any]:
    """One quiet line a stage."""

    def tell(stage: str) -> None:
        _say(click.style(f"→ {stage}", dim=True))

    tell(first)
    yield tell


def _forget() -> None:
    try:
        forget()
    except RuntimeError as refusal:
        raise click.ClickException(str(refusal)) from None


def _write(folder: Path, accounts: list[Login]) -> None:
    """The accounts of the demo, readable by the owner of the folder alone."""
    atomic.replace(folder / "logins.json", msgspec.json.format(msgspec.json.encode(accounts)))


def _say(sentence: str) -> None:
    click.echo(sentence)
