"""The brand files: they load, say what the guides say, differ, and can be read on the screen."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from chassis.config import read_brands

FOLDER = Path(__file__).parents[2] / "deploy" / "brands"
BRANDS = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))}

DIFFERENT = (
    "brand.colours.brand",
    "brand.colours.accent",
    "identity.password.assure.min_length",
    "members.card.one_for_all",
    "messaging.adviser",
)


def leaves(table: dict[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= leaves(value, f"{path}{name}.") if isinstance(value, dict) else {f"{path}{name}": value}
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_platform_reads_every_brand_and_one_is_the_default() -> None:
    brands = read_brands(FOLDER, "employers", dict)
    assert list(brands) == ["assistance", "harmonie", "hcr", "klesia-pro"]
    assert [key for key, brand in brands.items() if brand.identity.default] == ["hcr"]
    assert brands["hcr"].own["identifier"]["klesia"]["label"] == "Numéro entreprise"


@pytest.mark.parametrize("key", BRANDS)
def test_each_insurer_of_a_brand_says_where_its_identifier_is(key: str) -> None:
    assert all(insurer["label"] and insurer["help"] for insurer in BRANDS[key]["employers"]["identifier"].values())


def test_hcr_holds_the_values_of_its_guides() -> None:
    hcr = BRANDS["hcr"]
    password = hcr["identity"]["password"]["assure"]
    assert (password["min_length"], password["required_classes"], password["any_of_classes"]) == (
        8,
        ["upper", "lower"],
        ["digit", "special"],
    )  # S0:84
    assert hcr["identity"]["second_factor"]["idle_days"] == 90  # S0:126
    quote = hcr["documents"]["uploads"]["quote"]
    assert (quote["max_files"], quote["max_bytes"]) == (4, 3_000_000)  # S0:295
    assert hcr["documents"]["uploads"]["employer_message"]["max_files"] == 6  # S1:342
    assert [(line["phone"], line["space"]) for line in hcr["brand"]["support"]] == [
        ("01 44 20 97 80", "assure"),
        ("01 44 20 80 63", "entreprise"),
    ]


def test_no_two_brands_look_alike_nor_share_a_door() -> None:
    for read in (
        lambda brand: brand["brand"]["colours"]["brand"],
        lambda brand: brand["brand"]["sms_sender"],
        lambda brand: brand["members"]["card"]["number_prefix"],
        lambda brand: tuple(space["host"] for space in brand["gateway"]["spaces"]),
    ):
        assert len({read(brand) for brand in BRANDS.values()}) == len(BRANDS)


def test_the_brands_differ_visibly() -> None:
    hcr, klesia = leaves(BRANDS["hcr"]), leaves(BRANDS["klesia-pro"])
    assert set(BRANDS["hcr"]["employers"]["identifier"]) != set(BRANDS["klesia-pro"]["employers"]["identifier"])
    for name in (
        "brand.colours.brand",
        "brand.colours.accent",
        "members.regime",
        "messaging.signature",
        "identity.password.assure.min_length",
    ):
        assert hcr[name] != klesia[name]


def test_harmonie_holds_the_words_of_its_guide() -> None:
    harmonie = BRANDS["harmonie"]
    assert harmonie["members"]["card"]["name"] == "carte mutualiste"  # S4:144
    assert harmonie["messaging"]["wording"]["member_space"] == "Espace Harmonie & Moi"  # S4:5
    (members,) = (space for space in harmonie["gateway"]["spaces"] if space["key"] == "assure")
    assert members["lands_on"] == "Mes remboursements"  # S4:59
    motifs = {motif["label"] for motif in harmonie["messaging"]["motifs"] if motif["space"] == "assure"}
    assert {"Faire une déclaration de portabilité", "Faire une autre demande"} <= motifs  # S4:160


def test_every_brand_says_as_much_as_every_other() -> None:
    """A brand that leaves out a table would fall silent on a screen; assistance has no document base and no invitations of its own."""
    told = {key: {name for name in leaves(brand) if name.count(".") < 2} for key, brand in BRANDS.items()}
    assert told["harmonie"] >= told["klesia-pro"] >= told["assistance"]


@pytest.mark.parametrize("key", BRANDS)
def test_a_brand_can_be_read_on_the_screen(key: str) -> None:
    colours = BRANDS[key]["brand"]["colours"]
    for text, ground in (("brand_ink", "brand"), ("brand", "brand_soft"), ("brand_ink", "accent")):
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)  # WCAG 1.4.3
