"""What rubriques must say together: a declaration's heading, then one person of it. Formats are checked before (``checks``)."""

from collections.abc import Callable, Iterator, Sequence

from events.dsn import Declaration
from feeds.dsn.checks import day
from feeds.dsn.lines import Flaw
from feeds.dsn.tree import AFFILIATION, CONTRACT, CONTRACT_CHANGE, CONTRACT_END, PERSON_CHANGE, Block
from feeds.plausible import IN_CLEAR, siret_is_right

CANCELLABLE = ("07", "08", "09")
NOT_IN_END_OF_CONTRACT = ("099", "100", "116", "998", "999")
"""Motives of 62.002 that are not an end of relation, so that a nature 07 may not hold them."""

ALONE_IN_DECLARATION = ("04", "05", "07")
WITHOUT_INDIVIDUAL = ("without_individual", "replaces_without_individual")
NOBODY = "02"

Adhesions = dict[str, Block]
"""The insurer contracts of the establishment by their id within the declaration (15.005)."""


def heading_flaws(root: Block, company: Block, establishment: Block) -> Iterator[Flaw]:
    """What the heading contradicts itself on; its own rubriques were examined."""
    yield from _type_flaws(root, root.get("001"), root.get("002"))
    if not siret_is_right(company["001"] + establishment["001"]):
        yield establishment.flaw("001", "SIRET invalide (SIREN et NIC ne forment pas une clé juste)")


def adhesion_flaws(adhesions: Sequence[Block]) -> Iterator[Flaw]:
    """15.005 names one adhesion, and a contract of an insurer stands once."""
    for named in (("005",), ("001", "002")):
        seen = set()
        for adhesion in adhesions:
            key = tuple(adhesion.get(rubrique) for rubrique in named)
            if key in seen:
                yield adhesion.flaw(named[0], "adhésion déclarée deux fois")
            seen.add(key)


def count_flaws(declaration: Declaration, root: Block, individuals: int) -> Iterator[Flaw]:
    """How many people a declaration of this nature and type may hold."""
    if declaration.type in WITHOUT_INDIVIDUAL and individuals:
        yield root.flaw("002", "déclaration sans individu qui en contient")
    elif declaration.nature in ALONE_IN_DECLARATION and individuals != 1:
        yield root.flaw("001", f"un seul individu attendu dans cette nature, {individuals} trouvé(s)")


def person_flaws(declaration: Declaration, adhesions: Adhesions, person: Block) -> Iterator[Flaw]:
    """What one person's blocks contradict."""
    yield from _identity_flaws(person)
    yield from _contract_count_flaws(declaration, person)
    for contract in person.under(CONTRACT):
        for check in CONTRACT_CHECKS:
            yield from check(declaration, adhesions, person, contract)


def against_birth(nir: str, birth: str) -> str | None:
    """What a NIR contradicts of a birth date (``JJMMAAAA``), if anything."""
    year, department = int(birth[4:]), nir[5:7]
    if nir[1:3] != birth[6:]:
        return "année du NIR différente de celle de la naissance"
    if (department in ("2A", "2B") and year < 1976) or (department == "20" and year >= 1976):
        return "département corse du NIR incompatible avec la date de naissance"
    if department == "96" and year >= 1968:
        return "département 96 du NIR incompatible avec la date de naissance"
    return None


def _type_flaws(root: Block, nature: str | None, type_: str | None) -> Iterator[Flaw]:
    if nature == "01" and not root.get("005"):
        yield root.flaw("005", "mois principal déclaré absent d'une déclaration mensuelle")
    if type_ == "04" and nature not in CANCELLABLE:
        yield root.flaw("002", "annulation interdite pour cette nature de déclaration")
    if type_ == "03" and nature == "08":
        yield root.flaw("002", "annule et remplace interdit pour un amorçage")
    # The usage table forbids 05.006 in a monthly though type 03 exists for it: accepted there, obligatory elsewhere.
    if type_ in ("03", "04") and nature != "01" and not root.get("006"):
        yield root.flaw("006", "identifiant de la déclaration annulée absent")


def _identity_flaws(person: Block) -> Iterator[Flaw]:
    nir = person.get("001")
    if nir is None and person.get("020") is None:
        yield person.flaw("020", "ni NIR ni NTT : l'un des deux est obligatoire")
    if nir and (reason := against_birth(nir, person["006"])):
        yield person.flaw("001", reason)


def _contract_count_flaws(declaration: Declaration, person: Block) -> Iterator[Flaw]:
    contracts = len(person.under(CONTRACT))
    if contracts == 0:
        yield person.flaw("001", f"individu sans contrat ({CONTRACT})")
    elif contracts > 1 and declaration.nature in ALONE_IN_DECLARATION:
        yield person.flaw("001", "plusieurs contrats dans une déclaration qui n'en admet qu'un")


def _number_flaws(declaration: Declaration, adhesions: Adhesions, person: Block, contract: Block) -> Iterator[Flaw]:
    # The number names the spell in clear events: a NIR or a NTT inside it would travel in clear.
    former = [change.get("008") for change in person.under(PERSON_CHANGE)]
    secrets = [secret for secret in (person.get("001"), person.get("020"), *former) if secret]
    numbers = [(contract, "009"), *((change, "014") for change in contract.under(CONTRACT_CHANGE))]
    for block, rubrique in numbers:
        if any(secret in (block.get(rubrique) or "") for secret in secrets):
            yield block.flaw(rubrique, IN_CLEAR)


def _end_flaws(declaration: Declaration, adhesions: Adhesions, person: Block, contract: Block) -> Iterator[Flaw]:
    ends = contract.under(CONTRACT_END)
    if not ends and declaration.nature == "07":
        yield contract.flaw("001", f"fin de contrat absente ({CONTRACT_END})")
    for end in ends:
        if declaration.nature == "07" and end["002"] in NOT_IN_END_OF_CONTRACT:
            yield end.flaw("002", f"motif {end['002']} interdit dans une fin de contrat")
        ended, started = day(end["001"]), day(contract["001"])
        if ended and started and ended < started and end["002"] != "099":
            yield end.flaw("001", "fin de contrat antérieure à son début")


def _affiliation_flaws(declaration: Declaration, adhesions: Adhesions, person: Block, contract: Block) -> Iterator[Flaw]:
    for affiliation in contract.under(AFFILIATION):
        adhesion = adhesions.get(affiliation["013"])
        if adhesion is None:
            yield affiliation.flaw("013", "adhésion inconnue dans cet établissement (S21.G00.15.005)")
        elif adhesion.get("004") == NOBODY:
            yield affiliation.flaw("013", "affiliation à un contrat déclaré sans personnel couvert (S21.G00.15.004)")
        starts, ends = day(affiliation.get("014") or ""), day(affiliation.get("015") or "")
        if starts and ends and ends < starts:
            yield affiliation.flaw("015", "fin d'affiliation antérieure à son début")


CONTRACT_CHECKS: tuple[Callable[[Declaration, Adhesions, Block, Block], Iterator[Flaw]], ...] = (
    _number_flaws,
    _end_flaws,
    _affiliation_flaws,
)
