"""Settings and brand files: read once, refused with the place and the reason."""

from pathlib import Path

import msgspec
import pytest

from chassis.config import BadConfiguration, Settings, from_environment, read_brands
from chassis.testing import invented_keys

BRANDS = Path(__file__).parent / "brands"


class Own(msgspec.Struct, forbid_unknown_fields=True):
    """The table of a part that has one setting."""

    days: int = 3


def settings(**values: object) -> Settings:
    return Settings(database_url="postgresql://x", brands=BRANDS, keys=invented_keys(), **values)  # type: ignore[arg-type]


def test_production_refuses_development_keys_by_name():
    with pytest.raises(BadConfiguration, match="dev-vault"):
        settings(mode="production")


def test_production_refuses_time_travel():
    keys = msgspec.json.decode(msgspec.json.encode(invented_keys()).replace(b"dev-", b"prod-"), type=type(invented_keys()))
    with pytest.raises(BadConfiguration, match="time_travel"):
        Settings(database_url="x", brands=BRANDS, keys=keys, mode="production", time_travel=True)


def test_the_environment_gives_settings_and_files_give_secrets(tmp_path: Path):
    (tmp_path / "keys.json").write_bytes(msgspec.json.encode(invented_keys()))
    environ = {
        "AFFILIA_MODE": "demo",
        "AFFILIA_MEMBERS_DATABASE_URL": "postgresql://m",
        "AFFILIA_DATABASE_URL": "postgresql://other",
        "AFFILIA_BRANDS": str(BRANDS),
        "AFFILIA_KEYS_FILE": str(tmp_path / "keys.json"),
        "AFFILIA_POOL_SIZE": "3",
    }
    read = from_environment(Settings, "members", environ)
    assert (read.database_url, read.pool_size, read.keys.events_current) == ("postgresql://m", 3, "dev-events")


def test_a_missing_setting_is_named():
    with pytest.raises(BadConfiguration, match=r"environnement du service members.*database_url"):
        from_environment(Settings, "members", {})


def test_a_brand_shows_each_part_its_own_table():
    brand = read_brands(BRANDS, "parcels", Own)["hcr"]
    assert (brand.identity.name, brand.own.days) == ("Marque d'essai", 3)


def write(folder: Path, *, change: tuple[str, str] = ("", ""), more: str = "", name: str = "hcr.toml") -> Path:
    (folder / name).write_text((BRANDS / "hcr.toml").read_text().replace(*change) + more)
    return folder


@pytest.mark.parametrize(
    ("change", "more", "said"),
    [
        (("key =", "keey ="), "", r"hcr.toml \[brand\]"),
        (('"hcr"', '"other"'), "", "doit être le nom du fichier"),
        (("", ""), "\n[parcels]\ndays = 'trois'\n", r"hcr.toml \[parcels\].*days"),
        (("", ""), "\n[parcels]\ndayz = 3\n", "dayz"),
        (("", ""), "\n[broken", "hcr.toml"),
    ],
)
def test_a_bad_brand_file_stops_the_process_and_says_why(tmp_path: Path, change: tuple[str, str], more: str, said: str):
    folder = write(tmp_path, change=change, more=more) if change[0] else write(tmp_path, more=more, change=("\0", ""))
    with pytest.raises(BadConfiguration, match=said):
        read_brands(folder, "parcels", Own)


def test_no_brand_at_all_is_refused(tmp_path: Path):
    with pytest.raises(BadConfiguration, match="aucun fichier de marque"):
        read_brands(tmp_path, "parcels", Own)


def test_a_file_that_cannot_be_read_is_named_with_its_setting(tmp_path: Path):
    (tmp_path / "binary").write_bytes(b"\xff")
    for file, reason in ((tmp_path / "missing", "No such file"), (tmp_path / "binary", "ce n'est pas du texte"), (tmp_path, "directory")):
        with pytest.raises(BadConfiguration, match=rf"AFFILIA_DATABASE_URL_FILE : le fichier .* \(.*{reason}.*\)"):
            from_environment(Settings, "members", {"AFFILIA_DATABASE_URL_FILE": str(file)})
