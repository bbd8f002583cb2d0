"""The file of newcomers in and out (S1:200-208): its lines read cell by cell, and what is said of it line by line."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.http import Answer, Request
from chassis.labels import _
from chassis.uploads import File
from identifiers.fields import BirthDate
from services.affiliation.schemas.declarations import Flaw, PreAffiliation

NOT_A_DAY = _("Cette date n'existe pas, ou n'est pas écrite jj/mm/aaaa : par exemple 01/02/2026.")
FRENCH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


class BulkFile(Request):
    """A workbook or a CSV file on the model of the template."""

    file = File(required=True)


class BulkQuery(Request):
    """``dry_run`` reads and checks everything and takes nothing."""

    dry_run = fields.Boolean(load_default=False)


class TemplateQuery(Request):
    """Which template."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(["xlsx", "csv"]))


class BulkFlaw(Flaw):
    """What is wrong, and on which line of the file."""

    line = fields.Integer(required=True)


class BulkWarning(Answer):
    """What looks like a duplicate: told, not refused."""

    line = fields.Integer(required=True)
    message = fields.String(required=True)


class BulkReport(Answer):
    """What came, or would come, of a file. ``more`` counts the flaws beyond the two hundred that are told."""

    lines = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    errors = fields.List(fields.Nested(BulkFlaw), required=True)
    more = fields.Integer(required=True)
    warnings = fields.List(fields.Nested(BulkWarning), required=True)


class WrittenDate(fields.Date):
    """A date as a French spreadsheet writes it."""

    default_error_messages: Mapping[str, str] = {"invalid": NOT_A_DAY}  # type: ignore[assignment]

    def _deserialize(self, value: Any, *around: Any, **options: Any) -> date:
        return super()._deserialize(_iso(value), *around, **options)


class WrittenBirthDate(BirthDate):
    """The same, of somebody who may be alive."""

    WRONG = NOT_A_DAY

    def _deserialize(self, value: Any, *around: Any, **options: Any) -> date:
        return super()._deserialize(_iso(value), *around, **options)


class Line(PreAffiliation):
    """A declaration as a line of the file holds it."""

    starts_on = WrittenDate(required=True)
    birth_on = WrittenBirthDate(load_default=None, allow_none=True)


def declared(rows: Iterable[tuple[int, dict[str, str]]]) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, dict[str, str]]]]:
    """The lines of a file as declarations, and the flaws of those that cannot be read, each with its line."""
    cells, read, flaws = _Cells(), [], []
    for line, said in rows:
        values = cells.read(said)
        wrong = [(name, value) for name, value in values.items() if isinstance(value, ma.ValidationError)]
        flaws += [(line, {"field": name, "message": str(error.messages[0])}) for name, error in wrong]
        if not wrong:
            read.append((line, values))
    return read, flaws


class _Cells:
    """Reads cells, each distinct one of a column once: a file repeats its establishment, its contract and its dates."""

    def __init__(self) -> None:
        self._fields = Line().load_fields
        self._known: dict[tuple[str, Any], Any] = {}

    def read(self, said: dict[str, str]) -> dict[str, Any]:
        """The value of each column, or what is wrong with it."""
        return {name: self._value(name, said.get(name, ma.missing)) for name in self._fields}

    def _value(self, name: str, typed: Any) -> Any:
        if (name, typed) not in self._known:
            try:
                self._known[name, typed] = self._fields[name].deserialize(typed)
            except ma.ValidationError as error:
                self._known[name, typed] = error
        return self._known[name, typed]


def _iso(typed: Any) -> Any:
    """A French date as ISO; anything else stays as it is, for the field to refuse."""
    found = FRENCH_DAY.fullmatch(typed) if isinstance(typed, str) else None
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else typed
