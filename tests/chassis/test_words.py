"""The chassis holds plumbing: not one word of insurance stands in it."""

import re
from pathlib import Path

import chassis

INSURANCE = re.compile(
    r"affiliat|assur|insur|\bmember|employer|employee|contract|reimburse|radiation|portabilit|\brights|dsn|noemie|siret|siren|\bnir\b|benef|guarantee",
    re.I,
)
ALLOWED = {"logs.py": {"iban", "nir"}, "testing.py": {"assur"}}
"""The redaction of logs names the keys that it hides; the bench's visitor stands in front of a space by default."""


def test_no_insurance_word_in_the_chassis():
    found = {}
    for path in Path(chassis.__file__).parent.rglob("*.py"):
        words = {word.lower() for word in INSURANCE.findall(path.read_text())} - ALLOWED.get(path.name, set())
        if words:
            found[path.name] = words
    assert found == {}
