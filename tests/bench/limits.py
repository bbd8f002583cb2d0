"""What the payroll facts are compared with: the limit of the machine, and the way most projects take.

Both keep the ids of what they took, change a row of rights and write a row of outbox for each message; neither unseals, folds or audits.
"""

import datetime
import re
import uuid
from collections.abc import Callable, Sequence

import kombu
import msgspec
import psycopg
from sqlalchemy import DateTime, create_engine, func
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.bench.amqp_raw import RawAmqp

BATCH = 500
ID = re.compile(rb"cloudEvents:idS....(.{36})", re.DOTALL)
STAGING = """
CREATE TEMP TABLE came (place bigint GENERATED ALWAYS AS IDENTITY, event_id uuid, subject text, ended_on date, body bytea)
ON COMMIT DELETE ROWS
"""
COPY = "COPY came (event_id, subject, ended_on, body) FROM STDIN"
APPLY = """
WITH fresh AS (INSERT INTO inbox (event_id) SELECT event_id FROM came ON CONFLICT DO NOTHING RETURNING event_id),
 last AS (SELECT DISTINCT ON (subject) came.* FROM came JOIN fresh USING (event_id) ORDER BY subject, place DESC),
 moved AS (UPDATE rights r SET ends_on = last.ended_on, last_event = last.event_id, updated_at = now()
           FROM last WHERE r.subject = last.subject RETURNING 1)
INSERT INTO outbox (name, subject, body) SELECT 'rights.updated', subject, body FROM came JOIN fresh USING (event_id)
"""


class Base(DeclarativeBase):
    pass


class Taken(Base):
    __tablename__ = "inbox"
    event_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    received_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Standing(Base):
    __tablename__ = "rights"
    subject: Mapped[str] = mapped_column(primary_key=True)
    ends_on: Mapped[datetime.date | None]
    last_event: Mapped[uuid.UUID | None]
    updated_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Leaving(Base):
    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    subject: Mapped[str]
    body: Mapped[bytes]


class Declared(msgspec.Struct):
    siret: str


class Employed(msgspec.Struct):
    number: str


class Fact(msgspec.Struct):
    """As much of a fact as a plain consumer reads: a payroll's, or a décompte (``fund``, ``number``)."""

    declaration: Declared | None = None
    employment: Employed | None = None
    ended_on: datetime.date | None = None
    fund: str = ""
    number: str = ""

    @property
    def subject(self) -> str:
        if self.declaration is None:
            return f"{self.fund}/{self.number}"
        return f"{self.declaration.siret}/{self.employment.number if self.employment else ''}"


class Limits:
    """A database of three tables, and the two ways to fill it from a queue."""

    def __init__(self, url: str, broker_url: str, queue: str) -> None:
        self._engine = create_engine(url)
        self._url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._broker_url, self._queue = broker_url, queue

    def prepare(self, bodies: Sequence[bytes]) -> None:
        """Forget all; everybody that the messages name has rights."""
        Base.metadata.drop_all(self._engine)
        Base.metadata.create_all(self._engine)
        with Session(self._engine) as session:
            session.add_all(Standing(subject=subject) for subject in {_read(body).subject for body in bodies})
            session.commit()

    def raw(self, number: int) -> None:
        """A bare socket, COPY, and one statement a batch of 500."""
        with psycopg.connect(self._url) as connection, RawAmqp(self._broker_url) as amqp:
            connection.execute(STAGING)
            connection.commit()
            amqp.consume(self._queue, number, BATCH, _copying(connection))

    def usual(self, number: int) -> None:
        """kombu, the ORM, one transaction a message."""
        left = number
        with kombu.Connection(self._broker_url) as connection, Session(self._engine) as session:

            def take(message: kombu.Message) -> None:
                nonlocal left
                _take_one(session, message)
                message.ack()
                left -= 1

            with kombu.Consumer(
                connection, [kombu.Queue(self._queue, no_declare=True)], on_message=take, prefetch_count=50, auto_declare=False
            ):
                while left:
                    connection.drain_events(timeout=10)


def _copying(connection: psycopg.Connection) -> Callable[[list[tuple[bytes, bytes]]], None]:
    def take(messages: list[tuple[bytes, bytes]]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            with cursor.copy(COPY) as copy:
                for properties, body in messages:
                    fact = _read(body)
                    copy.write_row((_id(properties), fact.subject, fact.ended_on, body))
            cursor.execute(APPLY)

    return take


def _take_one(session: Session, message: kombu.Message) -> None:
    body = bytes(message.body)
    event_id, fact = uuid.UUID(message.headers["cloudEvents:id"]), _read(body)
    session.add(Taken(event_id=event_id))
    session.flush()
    standing = session.get_one(Standing, fact.subject)
    standing.ends_on, standing.last_event = fact.ended_on, event_id
    session.add(Leaving(name="rights.updated", subject=fact.subject, body=body))
    session.commit()


def _read(body: bytes) -> Fact:
    return msgspec.json.decode(body, type=Fact)


def _id(properties: bytes) -> str:
    found = ID.search(properties)
    assert found
    return found[1].decode()
