"""Well-formed identifiers for Schemathesis: the formats that our OpenAPI document names and JSON Schema does not know."""

from functools import lru_cache

from hypothesis import strategies as st
from schemathesis import openapi

from identifiers import invented

SEEDS = st.integers(0, 10_000)
FORMATS: dict[str, st.SearchStrategy[str]] = {
    "nir": SEEDS.map(invented.nir),
    "siren": SEEDS.map(invented.siren),
    "siret": SEEDS.map(invented.siret),
    "iban": SEEDS.map(invented.iban),
    "phone": SEEDS.map(invented.mobile),
    "person-name": st.sampled_from(("Claire", "Andréa", "LE GOFF", "N'DIAYE", "Jean-Noël", "D’ALMEIDA")),
    "email": SEEDS.map("visiteur.{}@exemple.example".format),
}


@lru_cache
def register() -> None:
    """Teach the formats, once a process."""
    for name, strategy in FORMATS.items():
        openapi.format(name, strategy)
