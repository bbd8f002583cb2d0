"""What nginx vouches for when it stands in front of the edge: from which address a call comes, by which method, for which service.

A client's own headers of these names are reserved (``shield``): nginx replaces them, and without the proof nothing is believed.
"""

import hmac
from collections.abc import Mapping
from typing import Any, NamedTuple

from gateway import shield

PROOF = "Affilia-Edge-Proof"
ADDRESS = "Affilia-Edge-Address"
METHOD = "Affilia-Edge-Method"
SERVICE = "Affilia-Edge-Service"
REFUSAL = "Affilia-Edge-Refusal"
"""In the edge's answer: the slug of the refusal. nginx knows yes and no, and tells the reason itself."""
QUESTION = "/_edge/identity"


class Vouched(NamedTuple):
    """What nginx says of a call; ``method`` and ``service`` are those of the call that its question is about, else empty."""

    address: str
    method: str
    service: str


def read(environ: Mapping[str, Any], secret: str) -> Vouched | None:
    """What nginx says, if it is nginx: only it shares ``secret`` with the edge (an empty one is never shared)."""
    shown = _said(environ, PROOF).encode("latin-1", "replace")
    if not secret or not hmac.compare_digest(shown, secret.encode()):
        return None
    return Vouched(_said(environ, ADDRESS), _said(environ, METHOD), _said(environ, SERVICE))


def _said(environ: Mapping[str, Any], header: str) -> str:
    return str(environ.get(shield.variable(header)) or "")
