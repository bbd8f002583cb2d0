"""Settings and brand files: typed, read once, and refused with a sentence that says where and why."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, get_origin

import msgspec

Mode = Literal["demo", "test", "production"]
T = TypeVar("T")
DEVELOPMENT = "dev-"


class BadConfiguration(Exception):
    """The process must not start; the message says which value, where it comes from and what is wrong with it."""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The secrets one service is given: all in base64url, by key id. Only the signer has ``signing`` (a private JWK)."""

    vault: dict[str, str]
    index: str
    events: dict[str, str]
    events_current: str
    feed: dict[str, str] = {}
    jwks: dict[str, Any] = {}
    signing: dict[str, Any] | None = None
    edge_secret: str = ""

    def ids(self) -> list[str]:
        published = [str(key.get("kid", "")) for key in self.jwks.get("keys", [])]
        return [*self.vault, *self.events, *self.feed, *published]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What every service is told at start. ``mode`` is for logs and for the two refusals below, not for ``if``.

    Without a ``broker_url`` facts go straight from outbox to inbox. Without an ``audit_anchor``, a file, heads of the trail go to the log.
    """

    mode: Mode = "production"
    database_url: str
    owner_url: str = ""
    broker_url: str = ""
    brands: Path
    keys: Keys
    time_travel: bool = False
    pool_size: int = 8
    statement_timeout_ms: int = 5_000
    audit_anchor: Path | None = None

    def __post_init__(self) -> None:
        if self.mode == "production":
            self._refuse_development()

    def _refuse_development(self) -> None:
        for key_id in self.keys.ids():
            if key_id.startswith(DEVELOPMENT):
                raise BadConfiguration(f"La clé « {key_id} » est une clé de développement : elle est refusée en production.")
        if self.time_travel:
            raise BadConfiguration("Le réglage « time_travel » est réservé à la démonstration : il est refusé en production.")


S = TypeVar("S", bound=msgspec.Struct)
STRUCTURES = (dict, list, tuple, msgspec.Struct)


def from_environment(kind: type[S], service: str, environ: Mapping[str, str]) -> S:
    """Settings of a part from ``AFFILIA_<PART>_<NAME>``, else ``AFFILIA_<NAME>``; ``…_FILE`` names a file that holds the value.

    What is more than a word (keys, a table, a list) is written in JSON.
    """
    origin, fields = f"environnement du service {service}", msgspec.structs.fields(kind)
    said = {field.name: (field.type, value) for field in fields if (value := _lookup(environ, service, field.name)) is not None}
    found = {name: _structured(wanted, value, f"{origin}, « {name} »") for name, (wanted, value) in said.items()}
    return convert(found, kind, origin, strict=False)


def _structured(kind: Any, value: str, origin: str) -> Any:
    outer = get_origin(kind) or kind
    if not (isinstance(outer, type) and issubclass(outer, STRUCTURES)):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        raise BadConfiguration(f"{origin} : du JSON est attendu.") from None


def _lookup(environ: Mapping[str, str], service: str, name: str) -> str | None:
    for variable in (f"AFFILIA_{service}_{name}".upper(), f"AFFILIA_{name}".upper()):
        if variable in environ:
            return environ[variable]
        if f"{variable}_FILE" in environ:
            return _content(f"{variable}_FILE", environ)
    return None


def _content(variable: str, environ: Mapping[str, str]) -> str:
    try:
        return Path(environ[variable]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "ce n'est pas du texte"
        raise BadConfiguration(f"{variable} : le fichier {environ[variable]} ne peut pas être lu ({reason}).") from None


def convert(data: Any, kind: type[T], origin: str, *, strict: bool = True) -> T:
    """``data`` as a ``kind``. Raises :class:`BadConfiguration` naming ``origin`` and the place."""
    try:
        return msgspec.convert(data, kind, strict=strict, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise BadConfiguration(f"{origin} : {error}") from error


def _decode(kind: type, value: Any) -> Any:
    """What msgspec does not read by itself: a path."""
    if kind is Path:
        return Path(value)
    raise NotImplementedError(f"cannot read a {kind.__name__}")


class SupportLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A telephone line and its opening hours, as people read them."""

    space: str
    phone: str
    hours: str


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[brand]`` table: what every part knows of a brand."""

    key: str
    name: str
    legal_name: str
    default: bool = False
    sender_email: str
    sms_sender: str
    colours: dict[str, str]
    support: tuple[SupportLine, ...] = ()
    complaints: str = ""


B = TypeVar("B")


class Brand(msgspec.Struct, Generic[B], frozen=True, kw_only=True):
    """One brand as one part of the house sees it: who it is, and that part's own table."""

    identity: Identity
    own: B


def read_brands(folder: Path, table: str, kind: type[B]) -> dict[str, Brand[B]]:
    """Every ``<brand>.toml`` of ``folder``, by key; ``table`` is the part's own table, typed as ``kind``."""
    brands = [_read_brand(path, table, kind) for path in sorted(folder.glob("*.toml"))]
    if not brands:
        raise BadConfiguration(f"{folder} : aucun fichier de marque (*.toml).")
    return {brand.identity.key: brand for brand in brands}


def _read_brand(path: Path, table: str, kind: type[B]) -> Brand[B]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadConfiguration(f"{path} : {error}") from error
    identity = convert(data.get("brand", {}), Identity, f"{path} [brand]")
    if identity.key != path.stem:
        raise BadConfiguration(f"{path} [brand] : la clé « {identity.key} » doit être le nom du fichier.")
    return Brand(identity=identity, own=convert(data.get(table, {}), kind, f"{path} [{table}]"))
