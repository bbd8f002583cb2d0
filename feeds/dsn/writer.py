"""Files made from others: one envoi of a lot as its own lot, other people in the same declarations, counts made right again.

For demos and tests; a payroll's files come from its own software.
"""

from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO

from feeds.dsn.lines import read_lines
from feeds.plausible import luhn

LOT_SAMPLE = "lot-oc-fctu-nature07-p26v01-synthetique.dsn"
MONTHLY_SAMPLE = "mensuelle-nature01-p26v01-synthetique.dsn"

NICS = ("S10.G00.01.002", "S21.G00.06.002", "S21.G00.11.001")
NTT = "S21.G00.30.020"

Pair = tuple[str, str]
"""A rubrique's code and its value."""


def sample(name: str = LOT_SAMPLE) -> bytes:
    """A synthetic file shipped with the package: five ends of contract in an insurer's lot, or a month of six people."""
    return (files("feeds.dsn") / "samples" / name).read_bytes()


def split(lot: bytes) -> list[bytes]:
    """Each envoi of a lot (or of a bare file) as its own file, wrapped in the same lot when there was one."""
    pairs = _pairs(lot)
    opening = [pair for pair in pairs if pair[0].startswith("S05")]
    closing = [pair for pair in pairs if pair[0].startswith("S95")]
    return [_written(counted(_wrapped(opening, envoi, closing))) for envoi in _envois(pairs)]


def with_people(
    lot: bytes,
    *,
    siren: str | None = None,
    nic: str | None = None,
    replacements: Mapping[str, str] | None = None,
) -> bytes:
    """The same file for another company and other people.

    ``siren`` replaces the company's everywhere (SIRETs and NTTs too; NICs keep their four digits and get a right key), ``nic`` the
    establishment's; ``replacements`` maps whole values (a NIR, a name, a date, an order number) to others, wherever they stand.
    """
    pairs = _pairs(lot)
    if siren or nic:
        pairs = _moved(pairs, siren, nic)
    changed = replacements or {}
    return _written(counted([(code, changed.get(value, value)) for code, value in pairs]))


def counted(pairs: list[Pair]) -> list[Pair]:
    """The lines with every count recomputed: S90 of each envoi, S96 of each group, S95 and S05 of the lot."""
    total = sum(code == "S20.G00.05.001" for code, _ in pairs)
    rubriques = declarations = in_group = 0
    result = []
    for code, value in pairs:
        lot_line = code[4:7] == "G51"
        rubriques += not lot_line
        if code == "S10.G00.00.001":
            rubriques, declarations = 1, 0
        declarations += code == "S20.G00.05.001"
        in_group = 0 if code == "S06.G51.00.001" else in_group + (code == "S20.G00.05.001")
        counts = {
            "S90.G00.90.001": rubriques + 1,
            "S90.G00.90.002": declarations,
            "S96.G51.00.002": in_group,
            "S95.G51.00.002": total,
            "S05.G51.00.006": total,
        }
        result.append((code, str(counts.get(code, value))))
    return result


def _pairs(content: bytes) -> list[Pair]:
    lines = list(read_lines(BytesIO(content)))
    if wrong := next((line for line in lines if line.fault), None):
        raise ValueError(f"ligne {wrong.number} : {wrong.fault}")
    return [(line.code or "", line.value) for line in lines]


def _envois(pairs: list[Pair]) -> list[list[Pair]]:
    envois: list[list[Pair]] = []
    for code, value in pairs:
        if code == "S10.G00.00.001":
            envois.append([])
        if code[4:7] != "G51":
            envois[-1].append((code, value))
    return envois


def _wrapped(opening: list[Pair], envoi: list[Pair], closing: list[Pair]) -> list[Pair]:
    if not opening:
        return envoi
    group_end = [("S96.G51.00.001", "FINSL"), ("S96.G51.00.002", "1")]
    return [*opening, ("S06.G51.00.001", "DSNOK"), *envoi, *group_end, *closing]


def _moved(pairs: list[Pair], siren: str | None, nic: str | None) -> list[Pair]:
    """The same lines for another company: its SIREN, its NICs, the SIRETs and NTTs that hold them."""
    values = dict(reversed(pairs))
    old_siren, old_nic = values["S21.G00.06.001"], values["S21.G00.11.001"]
    new_siren = siren or old_siren
    nics = {value: _right_nic(new_siren, value) for code, value in pairs if code in NICS}
    nics[old_nic] = nic or nics[old_nic]
    sirets = {old_siren: new_siren} | {old_siren + old: new_siren + new for old, new in nics.items()}
    return [(code, _moved_value(code, value, sirets, nics, (old_siren, new_siren))) for code, value in pairs]


def _moved_value(code: str, value: str, sirets: Mapping[str, str], nics: Mapping[str, str], sirens: tuple[str, str]) -> str:
    if code in NICS:
        return nics[value]
    if code == NTT and value[1:10] == sirens[0]:
        return value[0] + sirens[1] + value[10:]
    return sirets.get(value, value)


def _right_nic(siren: str, nic: str) -> str:
    return next(nic[:4] + key for key in "0123456789" if luhn(siren + nic[:4] + key))


def _written(pairs: list[Pair]) -> bytes:
    return "".join(f"{code},'{value}'\n" for code, value in pairs).encode("latin-1")
