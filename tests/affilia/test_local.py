"""The embedded PostgreSQL: roles that row security binds, databases closed to one another, and a start that survives a kill -9."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from affilia import local
from affilia.local import LocalPostgres, ServiceDatabase

DEMO = """
import sys
import tempfile
from pathlib import Path
from affilia.local import LocalPostgres

server = LocalPostgres(Path(sys.argv[1])).__enter__()
print("ready", flush=True)
input()
"""


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def ask(url: str, question: str) -> object:
    with connect(url) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


@pytest.fixture(scope="module")
def server() -> Iterator[LocalPostgres]:
    with own_folder() as folder, LocalPostgres(folder / "postgres", durable=False) as server:
        yield server


@pytest.fixture
def folder() -> Iterator[Path]:
    with own_folder() as folder:
        yield folder / "postgres"


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder of our own: pytest closes its `tmp_path` to other users at each run, and root's PostgreSQL runs as another user."""
    with tempfile.TemporaryDirectory(prefix="affilia-local-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def members(server: LocalPostgres) -> ServiceDatabase:
    database = server.create("members")
    with connect(database.owner_url) as owner:
        owner.execute("CREATE TABLE member (id bigserial PRIMARY KEY, name text)")
    return database


def test_the_app_role_reads_and_writes_what_the_owner_creates(members: ServiceDatabase) -> None:
    with connect(members.app_url) as app:
        app.execute("INSERT INTO member (name) VALUES ('Claire')")
        app.execute("UPDATE member SET name = 'Claire Martin'")
        assert app.execute("SELECT name FROM member").fetchall() == [("Claire Martin",)]
        app.execute("DELETE FROM member")


CHANGES = ["CREATE TABLE stray (id int)", "DROP TABLE member", "TRUNCATE member", "CREATE TEMP TABLE t (id int)"]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_app_role_cannot_change_the_tables_themselves(members: ServiceDatabase, statement: str) -> None:
    with connect(members.app_url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


def test_row_security_binds_both_roles(members: ServiceDatabase) -> None:
    flags = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert ask(members.app_url, flags) is False
    assert ask(members.owner_url, flags) is False


def test_one_service_cannot_open_the_database_of_another(server: LocalPostgres, members: ServiceDatabase) -> None:
    employers = server.create("employers")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        connect(employers.app_url.replace("affilia_employers", "affilia_members"))


def test_creating_twice_keeps_the_data_and_the_narrowed_rights(server: LocalPostgres, members: ServiceDatabase) -> None:
    with connect(members.owner_url) as owner:
        owner.execute("CREATE TABLE audit (entry text)")
        owner.execute("REVOKE UPDATE, DELETE ON audit FROM members_app")
    assert server.create("members") == members
    with connect(members.app_url) as app:
        app.execute("INSERT INTO audit VALUES ('lu')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM audit")


def test_a_dropped_service_leaves_neither_database_nor_role(server: LocalPostgres) -> None:
    database = server.create("passing")
    guest = connect(database.app_url)
    server.drop("passing")
    server.drop("passing")
    with pytest.raises(psycopg.OperationalError):
        guest.execute("SELECT 1")
    admin = server.url.render_as_string(hide_password=False)
    assert ask(admin, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'passing%'") == 0


def test_a_given_server_is_used_and_left_running(server: LocalPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFILIA_DATABASE_URL", server.url.render_as_string(hide_password=False))
    with LocalPostgres.chosen(tmp_path / "unused") as given:
        database = given.create("documents")
    assert ask(database.app_url, "SELECT current_user") == "documents_app"
    assert not (tmp_path / "unused").exists()


def test_parallel_runs_on_one_server_keep_apart(server: LocalPostgres) -> None:
    given = LocalPostgres(server_url=server.url.render_as_string(hide_password=False), suffix="_run2")
    assert (
        ask(given.create("members").app_url, "SELECT current_database() || ' ' || current_user") == "affilia_members_run2 members_app_run2"
    )


@pytest.mark.parametrize("name", ["", "Members", "members; DROP DATABASE postgres", "é", "a" * 32])
def test_a_strange_service_name_is_refused_in_french(server: LocalPostgres, name: str) -> None:
    with pytest.raises(ValueError, match="nom de service"):
        server.create(name)


def test_the_server_starts_again_after_a_kill_and_keeps_what_was_committed(folder: Path) -> None:
    with LocalPostgres(folder) as first:
        database = first.create("members")
        with connect(database.owner_url) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 'Claire' AS name")
        os.kill(postmaster_pid(folder), signal.SIGKILL)
    with LocalPostgres(folder) as second:
        assert ask(second.create("members").app_url, "SELECT name FROM kept") == "Claire"


def test_a_stale_pid_file_that_names_a_stranger_does_not_stop_the_start(folder: Path) -> None:
    with LocalPostgres(folder, durable=False):
        stale = (folder / "postmaster.pid").read_text().splitlines()
    (folder / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")  # after a reboot the number is anybody's
    (folder / ".handle_pids.json").write_text("[4194303]")
    with LocalPostgres(folder, durable=False) as server:
        assert ask(server.create("members").app_url, "SELECT 1") == 1
    assert not (folder / "postmaster.pid").exists()  # the dead user of the note did not keep the server alive


def test_a_killed_demo_leaves_a_server_that_the_next_one_takes_over_and_stops(folder: Path) -> None:
    demo = subprocess.Popen([sys.executable, "-c", DEMO, str(folder)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    assert demo.stdout.readline() == "ready\n"
    assert local.running(folder) == [demo.pid]
    with pytest.raises(RuntimeError, match="tourne encore"):
        local.forget(folder.parent)
    demo.kill()
    demo.communicate()
    survivor = postmaster_pid(folder)
    with LocalPostgres(folder) as server:
        assert postmaster_pid(folder) == survivor
        assert ask(server.create("members").app_url, "SELECT 1") == 1
    assert not (folder / "postmaster.pid").exists()


def test_a_long_path_starts_too_and_reset_forgets_it_all(folder: Path) -> None:
    root = folder.parent / ("dossier-au-nom-interminable-" * 5) / ".affilia"
    with LocalPostgres(root / "postgres", durable=False) as server:
        assert ask(server.create("members").app_url, "SELECT 1") == 1
    local.forget(root)
    assert not root.exists()


def postmaster_pid(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def test_reset_forgets_the_data_of_the_current_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (folder.parent / ".affilia" / "keys").mkdir(parents=True)
    assert "oubliées" in CliRunner().invoke(local.reset).output
    assert not (folder.parent / ".affilia").exists()
