"""The archive of somebody's data: for programs one JSON file a service (RGPD art. 20), for people one page each (art. 15)."""

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.copies import Section
from chassis.labels import _
from chassis.work import PARIS

TITLES = {
    "identity": _("Compte et connexions"),
    "members": _("Droits et bénéficiaires"),
    "employers": _("Entreprises et habilitations"),
    "affiliation": _("Affiliation"),
    "documents": _("Fichiers"),
    "messaging": _("Messages"),
}
"""The services in the order of the archive, as people call what they hold."""
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
WORDS = {True: _("Oui"), False: _("Non"), None: "—", "": "—"}
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("pages")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def archive(parts: Mapping[str, list[Section]], now: datetime) -> bytes:
    """A ZIP of ``<service>.json`` and ``<service>.html`` for each part, and of ``index.html``."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("index.html", _page("index.html.j2", titles=TITLES, made_on=f"{now.astimezone(PARIS):%d/%m/%Y}"))
        for service, title in TITLES.items():
            sections = parts[service]
            box.writestr(f"{service}.json", _json(sections))
            box.writestr(f"{service}.html", _page("part.html.j2", title=title, sections=sections))
    return written.getvalue()


def _json(sections: list[Section]) -> bytes:
    return msgspec.json.format(msgspec.json.encode({section.key: section.rows for section in sections}), indent=2)


def _page(name: str, **context: Any) -> str:
    return _pages.get_template(name).render(context)


def _shown(value: Any) -> str:
    """A value as people read it: days in French order, yes and no, a dash for nothing."""
    if value is None or isinstance(value, bool) or value == "":
        return WORDS[value]
    text = str(value)
    found = DAY.match(text)
    return f"{found[3]}/{found[2]}/{found[1]}" if found else text


_pages.filters["shown"] = _shown
