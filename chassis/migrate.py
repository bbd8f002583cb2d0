"""One Alembic history per service, run with the owner's role; the environment script is this one for all of them."""

from functools import lru_cache
from typing import Any

from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine

from chassis import tables
from chassis.actor import SYSTEM
from chassis.database import ActingSession
from chassis.service import Service


def upgrade(service: Service, owner_url: str) -> None:
    """Bring a service's database to the head of its history."""
    _with_connection(service, owner_url, lambda config: command.upgrade(config, "head"))


def refresh(service: Service, owner_url: str) -> None:
    """Load what ships with a service and differs from what its database holds, as the platform itself."""
    if service.ships is None:
        return
    engine = create_engine(owner_url, poolclass=NullPool)
    with ActingSession(engine, SYSTEM) as session, session.begin():
        service.ships(session)


def drift(service: Service, owner_url: str) -> list[Any]:
    """What the models say and the history does not: empty when both agree."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        return [
            difference
            for metadata in (service.metadata, tables.PLUMBING)
            for difference in _own(compare_metadata(found, metadata), metadata)
        ]


def _own(differences: list[Any], metadata: Any) -> list[Any]:
    """Differences about tables that ``metadata`` knows; the other half of the database is compared with its own metadata."""
    return [d for d in differences if not (isinstance(d, tuple) and d[0].startswith("remove_") and _table_of(d) not in metadata.tables)]


def _table_of(difference: Any) -> str:
    thing = difference[1]
    return str(getattr(getattr(thing, "table", thing), "name", ""))


def current_revision(connection: Connection) -> str | None:
    """Where the database stands."""
    return MigrationContext.configure(connection).get_current_revision()


@lru_cache
def head_revision(service: Service) -> str | None:
    """Where the code expects it."""
    return ScriptDirectory.from_config(_config(service)).get_current_head()


def run() -> None:
    """What each ``env.py`` calls."""
    service: Service = context.config.attributes["service"]
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=[service.metadata, tables.PLUMBING], compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


def plumbing(op: Any) -> None:
    """The plumbing's tables, for the first revision of a service; the audit trail only grows, whoever asks."""
    tables.PLUMBING.create_all(op.get_bind())
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    for table in ("audit", "audit_link"):
        op.execute(f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def protect(op: Any, table: str, visible: str) -> None:
    """Force row-level security on a business table: ``visible`` is the SQL condition under which the actor sees and writes a row.

    The platform itself (workers, timers) acts as ``system`` and sees all rows; whoever does not say who acts sees none.
    """
    rule = f"current_setting('affilia.kind', true) = 'system' OR ({visible})"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY {table}_wall ON {table} USING ({rule}) WITH CHECK ({rule})")


def show(op: Any, table: str, readable: str) -> None:
    """Let the actor read, and no more, the rows of a protected table that fulfil a condition."""
    op.execute(f"CREATE POLICY {table}_shown ON {table} FOR SELECT USING ({readable})")


KIND = "current_setting('affilia.kind', true)"
REFERENCE = "current_setting('affilia.reference', true)"
ACCOUNT = "current_setting('affilia.account', true)"
GRANTS = "(SELECT string_to_array(current_setting('affilia.grants', true), ','))::text[]"
"""SQL for the conditions of :func:`protect`: the acting kind, what its account stands for, its id, and the scopes it was granted.

The scopes are a query of their own, so that PostgreSQL cuts the text once a statement rather than once a row (1,000 scopes: five times
faster).
"""


def _config(service: Service) -> Config:
    config = Config()
    config.set_main_option("script_location", str(service.migrations))
    config.set_main_option("path_separator", "os")
    config.attributes["service"] = service
    return config


def _with_connection(service: Service, owner_url: str, act: Any) -> None:
    config = _config(service)
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        act(config)
