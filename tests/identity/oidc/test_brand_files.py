"""What a brand file may say of a provider, and what stops the start."""

from pathlib import Path

import pytest

from affilia.keys import generate
from chassis.config import BadConfiguration, Brand, read_brands
from chassis.testing import BRANDS, Bench
from services.identity.adapters import make_adapters
from services.identity.config import IdentityBrand, Oidc
from tests.identity.oidc import provider as providers
from tests.identity.oidc.provider import TABLES


def opened(folder: Path, tables: str) -> dict[str, Brand[IdentityBrand]]:
    (folder / "hcr.toml").write_text((BRANDS / "hcr.toml").read_text() + tables)
    return read_brands(folder, "identity", IdentityBrand)


@pytest.mark.parametrize(
    ("found", "written_instead", "said"),
    [
        ("[identity.oidc.assure]", "[identity.oidc.nulle-part]", "espace inconnu"),
        ("[identity.oidc.entreprise", "[identity.oidc.conseil", "conseil"),
        ('issuer = "{issuer}"', 'issuer = "http://exemple.fr"', "issuer"),
        ('redirect_uri = "http://localhost:8080/connexion/retour"', 'redirect_uri = "exemple.fr"', "redirect_uri"),
        ('client_id = "espace-assure"', 'client_id = "x"\nscopes = ["email"]', "openid"),
        ('client_id = "espace-assure"', 'client_id = "x"\nclient_secret = "y"', "client_secret"),
    ],
)
def test_a_brand_file_that_weakens_the_door_is_refused(tmp_path: Path, found: str, written_instead: str, said: str):
    assert found in TABLES
    with pytest.raises(BadConfiguration, match=said):
        opened(tmp_path, TABLES.replace(found, written_instead).replace("{issuer}", "https://exemple.fr"))


def test_a_provider_without_its_secret_or_in_production_without_https_stops_the_start(bench: Bench):
    with pytest.raises(BadConfiguration, match="hcr/entreprise"):
        make_adapters(providers.settings_of(bench, oidc_secrets={"hcr/assure": "x"}))
    sound = {"mode": "production", "time_travel": False, "keys": generate("essai-").of("identity")}
    with pytest.raises(BadConfiguration, match="https"):
        make_adapters(providers.settings_of(bench, **sound))


def test_hosts_agreed_beside_the_issuers_are_its_own():
    told = Oidc(issuer="https://a.exemple", client_id="x", label="A", redirect_uri="https://b.exemple/r", hosts=("cles.exemple",))
    assert told.may_call("https://cles.exemple/keys")
    assert not told.may_call("http://cles.exemple/keys")
    assert not told.may_call("https://cles.exemple.ailleurs/keys")
    assert not told.may_call("https://cles.exemple@ailleurs/keys")
