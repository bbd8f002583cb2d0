"""The colours of the brands, as one stylesheet of variables: pages say ``data-brand`` and never hold a style of their own."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from flask import Response

from gateway.config import EdgeBrand
from gateway.house import house

DERIVED = {"brand_ink": "#ffffff", "brand_soft": "color-mix(in srgb, var(--brand) 8%, white)", "accent": "var(--brand)"}
"""What a brand file may leave out."""

KEPT = "public, max-age=31536000, immutable"


def css(brands: Mapping[str, EdgeBrand]) -> str:
    """``[data-brand="hcr"] { --brand: …; }`` for each brand. Colours were checked when the files were read."""
    return "\n".join(_rule(key, {**DERIVED, **brand.identity.colours}) for key, brand in brands.items())


def version(brands: Mapping[str, EdgeBrand]) -> str:
    """What changes when a colour does, so that the stylesheet can be kept for a year."""
    return _digest(css(brands))


def stylesheet() -> Response:
    """``/brand.css?v=…``."""
    return Response(css(house().brands), mimetype="text/css", headers={"Cache-Control": KEPT})


def _rule(key: str, colours: Mapping[str, str]) -> str:
    variables = " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in colours.items())
    return f'[data-brand="{key}"] {{ {variables} }}'


@lru_cache
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
