"""The audit trail: lines written with the business transaction, chained by one notary a database, the head of the chain kept outside of it.

A line says who did what to which subject, with ids, codes and counts, never personal content. Each link of the chain is an HMAC over the
link before it and the content of its line, under a key derived from the service's own: whoever can only write to the database can neither
alter, delete, insert nor reorder lines unseen. That the end of a chain was cut off shows against the anchor alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from sqlalchemy import Connection, text

from chassis import logs
from chassis.database import records
from chassis.labels import _
from chassis.work import Work

if TYPE_CHECKING:
    from chassis.service import Running

MOST = 5_000
SEAL_EVERY_S = 1.0
ANCHOR_EVERY_S = 60.0
READ_AT_ONCE = 10_000
SEALED_WITHIN = "10 minutes"
"""A line that still waits for its link after that was kept from the notary."""

CONTENT = (
    "jsonb_build_array(a.id, CAST(extract(epoch FROM a.at) * 1000000 AS bigint), a.actor, a.action, a.subject, a.brand, a.trace, a.details)"
    "::text"
)
"""What a link is computed over: every column by itself, so that a new column changes no old link."""
WRITE = text("""
WITH told AS (
  INSERT INTO audit (at, actor, action, subject, brand, trace, details)
  SELECT at, actor, action, subject, brand, trace, details
  FROM json_to_recordset(CAST(:lines AS json))
       AS t(place integer, at timestamptz, actor text, action text, subject text, brand text, trace text, details jsonb)
  ORDER BY place RETURNING id
)
INSERT INTO audit_waiting (audit_id) SELECT id FROM told
""")
TURN = text("SELECT pg_advisory_xact_lock(hashtext('affilia:audit'))")
HEAD = text("SELECT position, link FROM audit_link ORDER BY position DESC LIMIT 1")
WAITING = text(f"SELECT a.id, {CONTENT} FROM audit_waiting w JOIN audit a ON a.id = w.audit_id ORDER BY a.id LIMIT :most")
CHAIN = text("""
INSERT INTO audit_link (position, audit_id, link)
SELECT * FROM unnest(CAST(:positions AS bigint[]), CAST(:ids AS bigint[]), CAST(:links AS bytea[]))
""")
TAKEN = text("DELETE FROM audit_waiting WHERE audit_id = ANY(:ids)")
WALK = text(f"""
SELECT l.position, l.audit_id, l.link, {CONTENT} AS content FROM audit_link l LEFT JOIN audit a ON a.id = l.audit_id ORDER BY l.position
""")
STRANGERS = text("""
SELECT a.id FROM audit a WHERE NOT EXISTS (SELECT FROM audit_link l WHERE l.audit_id = a.id)
AND NOT EXISTS (SELECT FROM audit_waiting w WHERE w.audit_id = a.id) ORDER BY a.id
""")
OVERDUE = text(f"""
SELECT w.audit_id FROM audit_waiting w LEFT JOIN audit a ON a.id = w.audit_id
WHERE a.id IS NULL OR a.at < now() - interval '{SEALED_WITHIN}' ORDER BY w.audit_id
""")


class Head(msgspec.Struct, frozen=True):
    """The end of a service's chain at an instant; ``link`` in hexadecimal."""

    service: str
    position: int
    link: str
    at: datetime


class Anchor(Protocol):
    """Where heads are kept, out of reach of whoever can write to the database."""

    def keep(self, head: Head) -> None: ...

    def heads(self, service: str) -> Sequence[Head]: ...


class FileAnchor:
    """One JSON line a head, in a file that is only ever appended to (operators: another disk, ``chattr +a``, or a log shipper)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, head: Head) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(head) + b"\n")

    def heads(self, service: str) -> Sequence[Head]:
        if not self._path.exists():
            return []
        return [head for line in self._path.read_bytes().splitlines() if (head := _head(line)) and head.service == service]


def _head(line: bytes) -> Head | None:
    """A line of the file; one that a dying process left half written says nothing."""
    try:
        return msgspec.json.decode(line, type=Head)
    except msgspec.DecodeError:
        return None


class LogAnchor:
    """Heads in the log, which leaves the machine by itself; they are compared there, so nothing is read back here."""

    def keep(self, head: Head) -> None:
        logs.log(head.service).info("audit.anchored", position=head.position, link=head.link)

    def heads(self, service: str) -> Sequence[Head]:
        return []


def anchor(running: Running) -> Anchor:
    """Where this service's heads go: the file that its settings name, else the log."""
    path = running.settings.audit_anchor
    return FileAnchor(path) if path else LogAnchor()


def write(work: Work[Any]) -> None:
    """Write the lines of a work, in one statement of its transaction."""
    if not work.lines:
        return
    rows = [{"place": place, **msgspec.structs.asdict(line)} for place, line in enumerate(work.lines)]
    work.session.execute(WRITE, {"lines": records(rows)})
    work.lines.clear()


class Notary:
    """Links the lines of one database, and anchors the head now and then. Belongs to the worker, which leads its database."""

    def __init__(self, running: Running) -> None:
        self._running, self._key, self._anchor = running, key_of(running), anchor(running)
        self._seal_at = self._anchor_at = 0.0
        self._unanchored: Head | None = None

    def once(self) -> int:
        """Link what waits, when it is time; returns how many lines were linked."""
        if time.monotonic() < self._seal_at:
            return 0
        self._seal_at = time.monotonic() + SEAL_EVERY_S
        linked = self.seal()
        if self._unanchored and time.monotonic() >= self._anchor_at:
            self.anchor()
        return linked

    def seal(self) -> int:
        """Link the lines that wait, in the order of their ids, at most 5,000."""
        with self._running.engine.begin() as connection:
            connection.execute(TURN)
            waiting = connection.execute(WAITING, {"most": MOST}).all()
            if not waiting:
                return 0
            position, link = connection.execute(HEAD).one_or_none() or (0, b"")
            links = list(_links(self._key, bytes(link), [content for _id, content in waiting]))
            ids = [audit_id for audit_id, _content in waiting]
            positions = list(range(position + 1, position + 1 + len(ids)))
            connection.execute(CHAIN, {"positions": positions, "ids": ids, "links": links})
            connection.execute(TAKEN, {"ids": ids})
            now = connection.scalar(text("SELECT now()"))
        self._unanchored = Head(self._running.name, positions[-1], links[-1].hex(), now)
        return len(ids)

    def anchor(self) -> None:
        """Keep the newest head outside the database."""
        if self._unanchored:
            self._anchor.keep(self._unanchored)
        self._unanchored, self._anchor_at = None, time.monotonic() + ANCHOR_EVERY_S


def key_of(running: Running) -> bytes:
    """The key of a service's chain: derived, so that the index key itself signs nothing."""
    return hmac.new(base64.urlsafe_b64decode(running.settings.keys.index + "=="), b"affilia:audit", hashlib.sha256).digest()


def _links(key: bytes, previous: bytes, contents: Sequence[str]) -> Iterator[bytes]:
    for content in contents:
        previous = _link(key, previous, content)
        yield previous


def _link(key: bytes, previous: bytes, content: str) -> bytes:
    return hmac.digest(key, previous + content.encode(), "sha256")


@dataclass(frozen=True)
class Finding:
    """Something wrong with a trail: ``what`` in French, ``at`` the number of the line (``audit``) or of the link (``chaînon``)."""

    what: str
    at: int


@dataclass
class Verdict:
    """How many links were walked, and all that was found."""

    walked: int
    findings: list[Finding]


def verify(running: Running) -> Verdict:
    """Walk the whole chain against the lines and the anchored heads."""
    with running.engine.connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        return examine(connection, key_of(running), anchor(running).heads(running.name))


def examine(connection: Connection, key: bytes, heads: Sequence[Head]) -> Verdict:
    """The trail as one transaction sees it."""
    walk = _Walk(key, {head.position: bytes.fromhex(head.link) for head in heads})
    found = [finding for row in _rows(connection) for finding in walk.step(*row)]
    return Verdict(walk.position, [*found, *walk.missing(), *_outside(connection)])


def _rows(connection: Connection) -> Iterator[tuple[int, int, bytes, str | None]]:
    streamed = connection.execution_options(yield_per=READ_AT_ONCE).execute(WALK)
    for position, audit_id, link, content in streamed:
        yield position, audit_id, bytes(link), content


class _Walk:
    """From link to link. Each is judged from the one written before it, so that one fault does not hide the next."""

    def __init__(self, key: bytes, anchored: Mapping[int, bytes]) -> None:
        self._key, self._anchored, self._previous = key, anchored, b""
        self.position = 0

    def step(self, position: int, audit_id: int, link: bytes, content: str | None) -> Iterator[Finding]:
        if position != self.position + 1:
            yield Finding(_("chaînons absents avant celui-ci"), position)
        if content is None:
            yield Finding(_("ligne supprimée"), audit_id)
        elif not hmac.compare_digest(link, _link(self._key, self._previous, content)):
            yield Finding(_("ligne modifiée, déplacée ou insérée"), audit_id)
        if self._anchored.get(position, link) != link:
            yield Finding(_("chaînon différent de celui ancré hors de la base"), position)
        self._previous, self.position = link, position

    def missing(self) -> list[Finding]:
        """Anchored heads beyond the end: the chain was cut."""
        return [
            Finding(_("fin de chaîne coupée : chaînon ancré hors de la base et absent"), at) for at in self._anchored if at > self.position
        ]


def _outside(connection: Connection) -> list[Finding]:
    """Lines that no link knows."""
    inserted = [Finding(_("ligne insérée hors de la chaîne"), audit_id) for audit_id in connection.scalars(STRANGERS)]
    overdue = [Finding(_("ligne restée sans chaînon, ou supprimée avant de l'être"), audit_id) for audit_id in connection.scalars(OVERDUE)]
    return inserted + overdue
