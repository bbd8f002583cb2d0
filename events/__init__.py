"""The facts services tell each other: one module per publisher, samples of every version, and nothing about plumbing."""

from events import affiliation, documents, dsn, employers, identity, members, messaging, noemie
from events.fact import Fact, Sealed, decode, encode, opened, seal

PUBLISHERS = (affiliation, documents, dsn, employers, identity, members, messaging, noemie)

CATALOGUE: dict[str, type[Fact]] = {
    kind.name: kind
    for module in PUBLISHERS
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind.name
}
"""Every fact by its name ``publisher.fact.vN``."""

__all__ = ["CATALOGUE", "PUBLISHERS", "Fact", "Sealed", "decode", "encode", "opened", "seal"]
