"""The words: one Jinja file a message, whose blocks are written once and come out as mail text, mail HTML, SMS, letter or bell."""

import re
import textwrap
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, Undefined
from markupsafe import Markup

from chassis.config import Brand
from chassis.labels import _
from chassis.work import PARIS
from services.messaging import rules
from services.messaging.actions.ports import Parcel
from services.messaging.adapters.letter import Letter, print_letter
from services.messaging.config import MessagingBrand
from services.messaging.errors import Refused
from services.messaging.models import Notice

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
LOCALE = "fr"
KIT = ("p", "facts", "button", "code_box", "note", "steps")
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
LINE = 72
ACCESS_PAGE = "acces"
"""Where a personal link leads unless its notice names another page."""
CASEWORKER_SPACE = _("Espace Conseil")
BLANK_LINES = re.compile(r"\n{3,}")
PUNCTUATION = re.compile(r" (?=[:;?!»])|(?<=«) ")


class Composer:
    """Composes messages. ``public_url`` is a pattern of ``{space}`` and ``{brand}``: where links lead."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url
        self._html, self._text = _environment(autoescape=True), _environment(autoescape=False)
        self._bell = _environment(autoescape=False, undefined=Undefined)

    def parcel(self, notice: Notice, brand: Brand[MessagingBrand], values: Mapping[str, Any], address: str) -> Parcel:
        """The message of a notice. Raises ``Refused`` when the words and the values do not fit together."""
        try:
            return _SHAPES[notice.channel](self, notice, self._context(notice, brand, values), address)
        except (TemplateError, KeyError) as error:
            raise Refused(f"unwritable_{type(error).__name__}") from error

    def ring(self, notice: Notice, brand: Brand[MessagingBrand], values: Mapping[str, Any]) -> tuple[str, str]:
        """Title and text of a notice in the bell. It shows notices of years ago: a value they never had leaves no hole in the page."""
        context = self._context(notice, brand, values)
        said = (_block(self._bell, notice, name, context) for name in ("title", "bell"))
        title, text = map(_typeset, said)
        return title, text

    def _mail(self, notice: Notice, context: dict[str, Any], address: str) -> Parcel:
        said = {name: self._say(notice, name, context) for name in ("subject", "title", "preview")}
        bodies = [self._body(environment, notice, context, said) for environment in (self._text, self._html)]
        sender = context["brand"]
        return Parcel(
            **_common(notice, context), to=address, sender=sender.sender_email, sender_name=sender.name, subject=said["subject"],
            text=bodies[0], html=bodies[1],
        )  # fmt: skip

    def _sms(self, notice: Notice, context: dict[str, Any], address: str) -> Parcel:
        sender = context["brand"]
        text = rules.as_sms(self._say(notice, "sms", context))
        return Parcel(**_common(notice, context), to=address, sender=sender.sms_sender, sender_name=sender.name, subject="", text=text)

    def _letter(self, notice: Notice, context: dict[str, Any], address: str) -> Parcel:
        sender, code = context["brand"], context["code"]
        said = {name: self._say(notice, name, context) for name in ("subject", "opening", "panel", "closing")}
        letter = Letter(
            identity=sender, sender=context["own"].postal_return, to=_addressee(context, address), written_on=day(context["now"]),
            subject=said["subject"], opening=said["opening"], panel=said["panel"], closing=said["closing"],
            signature=_typeset(context["own"].signature), code=code, link=context["link"], support=_line(context["support"]),
        )  # fmt: skip
        text = "\n\n".join((said["opening"], said["panel"], code, context["link"], said["closing"]))
        return Parcel(
            **_common(notice, context), to="\n".join(letter.to), sender="", sender_name=sender.name, subject=said["subject"], text=text,
            pdf=print_letter(letter),
        )  # fmt: skip

    def _body(self, environment: Environment, notice: Notice, context: dict[str, Any], said: dict[str, str]) -> str:
        kind = "html" if environment.autoescape else "txt"
        kit = environment.get_template(f"kit.{kind}.j2").make_module({"colours": context["colours"]})
        body = _block(environment, notice, "body", context | {name: getattr(kit, name) for name in KIT})
        layout = environment.get_template(f"layout.{kind}.j2")
        return layout.render(context | said | {"body": Markup(body) if kind == "html" else BLANK_LINES.sub("\n\n", body)})

    def _say(self, notice: Notice, block: str, context: dict[str, Any]) -> str:
        return _typeset(_block(self._text, notice, block, context))

    def _context(self, notice: Notice, brand: Brand[MessagingBrand], values: Mapping[str, Any]) -> dict[str, Any]:
        base = self._public_url.format(space=notice.space, brand=notice.brand)
        token = values.get("token")
        secret = values.get("code") or (token if notice.channel == "post" else None) or ""
        return {
            **values,
            "brand": brand.identity,
            "own": brand.own,
            "wording": brand.own.wording,
            "colours": brand.identity.colours,
            "space": notice.space,
            "place": _place(brand.own, notice.space),
            "support": next((line for line in brand.identity.support if line.space == notice.space), None),
            "site": base.partition("://")[2],
            "secret": secret,
            "code": rules.in_groups(secret),
            "link": _link(base, values.get("page"), token),
        }


def _link(base: str, page: str | None, token: str | None) -> str:
    """Where a message leads: a page of the space, or behind it the way that a token opens."""
    return f"{base}/{page or ACCESS_PAGE}/{token}" if token else f"{base}/{page}" if page else base


_SHAPES = {"email": Composer._mail, "sms": Composer._sms, "post": Composer._letter}


def day(value: date | str) -> str:
    """« 1er juillet 2026 », from a date, an instant (its day in Paris) or either in ISO."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(PARIS).date()
    return f"{'1er' if value.day == 1 else value.day} {MONTHS[value.month - 1]} {value.year}"


def until(value: str, now: datetime) -> str:
    """How long something is good for: « jusqu'à 14h32 » today, else « jusqu'au 30 juin 2026 »."""
    end = datetime.fromisoformat(value).astimezone(PARIS)
    if end.date() == now.astimezone(PARIS).date():
        return f"jusqu'à {end.hour}h{end:%M}"
    return f"jusqu'au {day(end)}"


def _environment(*, autoescape: bool, undefined: type[Undefined] = StrictUndefined) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=autoescape, undefined=undefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(day=day, until=until, typeset=_typeset, wrapped=_wrapped)
    return environment


def _block(environment: Environment, notice: Notice, name: str, context: dict[str, Any]) -> str:
    template: Template = environment.get_template(f"{LOCALE}/{notice.template}.j2")
    written = template.blocks[name](template.new_context(context))
    return environment.concat(written).strip()


def _typeset(text: str) -> str:
    """French typography: curly apostrophes, no line end before « : ; ? ! » nor inside guillemets. Markup stays markup."""
    spaced = PUNCTUATION.sub("\u00a0", str(text).replace("&#39;", "’").replace("'", "’"))
    return Markup(spaced) if isinstance(text, Markup) else spaced


def _wrapped(text: str, first: str = "", then: str | None = None) -> str:
    """Plain text in lines of 72 columns, the first one after ``first``, the others after ``then``."""
    flat = str(text).replace("\n", " ")
    return textwrap.fill(flat, LINE, initial_indent=first, subsequent_indent=first if then is None else then, break_on_hyphens=False)


def _common(notice: Notice, context: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": notice.id,
        "channel": notice.channel,
        "brand": notice.brand,
        "link": context["link"],
        "code": context["secret"] or None,
    }


def _place(own: MessagingBrand, space: str) -> str:
    """How the brand calls one of its spaces."""
    return {"assure": own.wording.member_space, "entreprise": own.wording.employer_space}.get(space, CASEWORKER_SPACE)


def _addressee(context: dict[str, Any], address: str) -> tuple[str, ...]:
    """The address block: the person's name first, unless the address already begins with it."""
    lines = [line.strip() for line in address.splitlines() if line.strip()]
    name = f"{context.get('first_name', '')} {context.get('last_name', '')}".strip()
    if name and name.casefold() not in lines[0].casefold():
        lines.insert(0, name)
    return tuple(lines[:6])


def _line(support: Any) -> str:
    return f"{support.phone}, {support.hours}" if support else ""
