"""What a declaration is refused for: the rubrique, its line and a French reason; and nothing of it is told."""

import pytest

from feeds.dsn import Refused, Taken
from feeds.dsn.checks import REQUIRED, RULES
from feeds.dsn.lines import MOST_FLAWS
from feeds.dsn.tree import KEPT
from tests.feeds.files import (
    CHARLIE_STAYS,
    DOMINIQUE_LEAVES,
    LOT,
    MONTHLY,
    PEOPLE,
    as_monthly,
    outcomes,
    pairs,
    reasons,
    refused,
    taken,
    with_lines,
    with_values,
    without,
    written,
)

IN_CLEAR = "le numéro de contrat contient le NIR ou le NTT, qui ne doivent pas circuler en clair"

VALUES = [
    ("S10.G00.00.006", "P24V01", "version de norme non prise en charge (acceptées : P25V01, P26V01, P27V01)"),
    ("S10.G00.00.005", "03", "code essai-réel inconnu (01 essai, 02 réel)"),
    ("S10.G00.01.001", "123456789", "SIREN invalide (9 chiffres, clé de contrôle comprise)"),
    ("S20.G00.05.001", "02", "nature de déclaration inconnue (acceptées : 01, 04, 05, 07, 08, 09, 10 ; la fin de contrat est 07)"),
    ("S20.G00.05.002", "06", "type de déclaration inconnu (acceptés : 01, 02, 03, 04, 05)"),
    ("S20.G00.05.003", "1", "fraction invalide (attendu : numéro puis nombre de fractions)"),
    ("S20.G00.05.004", "12A", "numéro d'ordre invalide (1 à 15 chiffres)"),
    ("S20.G00.05.007", "31022026", "date invalide (attendu : JJMMAAAA)"),
    ("S21.G00.06.001", "000000000", "SIREN invalide (9 chiffres, clé de contrôle comprise)"),
    ("S21.G00.11.001", "00011", "SIRET invalide (SIREN et NIC ne forment pas une clé juste)"),
    ("S21.G00.11.001", "0001²", "NIC invalide (5 chiffres)"),
    ("S21.G00.15.002", "Q9999", "code organisme de prévoyance invalide"),
    ("S21.G00.15.005", "2", "adhésion inconnue dans cet établissement (S21.G00.15.005)"),
    ("S21.G00.15.005", "1234", "valeur de plus de 3 caractères"),
    ("S21.G00.30.001", "280047599900599", "NIR ou NIA invalide (13 caractères, sans clé)"),
    ("S21.G00.30.001", "7800475999005", "numéro provisoire (7 ou 8) refusé : déclarer le NIA"),
    ("S21.G00.30.001", "2801375999005", "NIR ou NIA invalide (13 caractères, sans clé)"),
    ("S21.G00.30.001", "2809999999999", "NIR ou NIA invalide (13 caractères, sans clé)"),
    ("S21.G00.30.001", "2810475999005", "année du NIR différente de celle de la naissance"),
    ("S21.G00.30.001", "2800420999005", "département corse du NIR incompatible avec la date de naissance"),
    ("S21.G00.30.001", "2800496999005", "département 96 du NIR incompatible avec la date de naissance"),
    ("S21.G00.30.006", "32041980", "date de naissance invalide (attendu : JJMMAAAA)"),
    ("S21.G00.40.001", "01070226", "date invalide (attendu : JJMMAAAA)"),
    ("S21.G00.40.009", "X2800475999005", IN_CLEAR),
    ("S21.G00.62.001", "31012026", "fin de contrat antérieure à son début"),
    ("S21.G00.62.002", "43", "motif de rupture invalide (3 chiffres)"),
    ("S21.G00.62.002", "998", "motif 998 interdit dans une fin de contrat"),
    ("S21.G00.62.002", "099", "motif 099 interdit dans une fin de contrat"),
    ("S21.G00.86.002", "04", "unité d'ancienneté inconnue (01 jours, 02 mois, 03 années)"),
    ("S21.G00.86.003", "1e5", "ancienneté invalide (nombre attendu)"),
]


@pytest.mark.parametrize(("code", "value", "reason"), VALUES)
def test_a_wrong_value_refuses_the_declaration_at_its_rubrique(code: str, value: str, reason: str) -> None:
    told = reasons(with_values(DOMINIQUE_LEAVES, **{code.replace(".", "_"): value}))
    blamed = "S21.G00.70.013" if reason.startswith("adhésion inconnue") else code
    assert (blamed, reason) in told
    assert not any(value in reason for _, reason in told if code.startswith("S21.G00.30"))


@pytest.mark.parametrize(
    "code",
    [
        "S10.G00.00.005",
        "S10.G00.00.006",
        "S20.G00.05.001",
        "S20.G00.05.002",
        "S20.G00.05.004",
        "S20.G00.05.007",
        "S21.G00.06.001",
        "S21.G00.11.001",
        "S21.G00.15.001",
        "S21.G00.30.002",
        "S21.G00.30.004",
        "S21.G00.30.006",
        "S21.G00.40.001",
        "S21.G00.40.009",
        "S21.G00.62.001",
        "S21.G00.62.002",
        "S21.G00.70.013",
    ],
)
def test_what_facts_are_drawn_from_cannot_be_absent(code: str) -> None:
    assert (code, "rubrique obligatoire absente") in reasons(without(DOMINIQUE_LEAVES, code))


@pytest.mark.parametrize(
    ("block", "rubrique", "reason"),
    [
        ("S21.G00.06", None, "entreprise (S21.G00.06) ou établissement (S21.G00.11) absent"),
        ("S21.G00.11", "S21.G00.15", "bloc sans bloc parent S21.G00.11"),
        ("S21.G00.15", "S21.G00.70.013", "adhésion inconnue dans cet établissement (S21.G00.15.005)"),
        ("S21.G00.30", "S21.G00.40", "bloc sans bloc parent S21.G00.30"),
        ("S21.G00.40", "S21.G00.30.001", "individu sans contrat (S21.G00.40)"),
        ("S21.G00.62", "S21.G00.40.001", "fin de contrat absente (S21.G00.62)"),
        ("S21.G00.30.001", "S21.G00.30.020", "ni NIR ni NTT : l'un des deux est obligatoire"),
        ("S20", "S21.G00.06.001", "rubrique avant toute déclaration (S20.G00.05)"),
    ],
)
def test_a_missing_block_is_told_where_it_is_missed(block: str, rubrique: str | None, reason: str) -> None:
    assert (rubrique, reason) in reasons(without(DOMINIQUE_LEAVES, block))


@pytest.mark.parametrize(
    ("changes", "rubrique", "reason"),
    [
        ({"S20_G00_05_002": "03"}, "S20.G00.05.006", "identifiant de la déclaration annulée absent"),
        ({"S20_G00_05_002": "04", "S20_G00_05_001": "04"}, "S20.G00.05.002", "annulation interdite pour cette nature de déclaration"),
        ({"S20_G00_05_002": "03", "S20_G00_05_001": "08"}, "S20.G00.05.002", "annule et remplace interdit pour un amorçage"),
        ({"S20_G00_05_001": "01"}, "S20.G00.05.005", "mois principal déclaré absent d'une déclaration mensuelle"),
        ({"S20_G00_05_002": "02"}, "S20.G00.05.002", "déclaration sans individu qui en contient"),
    ],
)
def test_nature_type_and_target_must_agree(changes: dict[str, str], rubrique: str, reason: str) -> None:
    assert (rubrique, reason) in reasons(with_values(DOMINIQUE_LEAVES, **changes))


def test_a_former_number_that_holds_a_nir_or_a_ntt_is_refused() -> None:
    moved = (("S21.G00.41.001", "01062026"), ("S21.G00.41.014", "2800475999005-1"))
    assert reasons(with_lines(as_monthly(DOMINIQUE_LEAVES), "S21.G00.40.037", *moved)) == [("S21.G00.41.014", IN_CLEAR)]
    by_ntt = with_lines(without(DOMINIQUE_LEAVES, "S21.G00.30.001"), "S21.G00.30.019", ("S21.G00.30.020", "21234567820005"))
    assert reasons(with_values(by_ntt, S21_G00_40_009="21234567820005")) == [("S21.G00.40.009", IN_CLEAR)]


def test_an_end_of_contract_is_about_one_person() -> None:
    assert reasons(without(DOMINIQUE_LEAVES, *PEOPLE)) == [("S20.G00.05.001", "un seul individu attendu dans cette nature, 0 trouvé(s)")]


def test_a_target_is_a_date_and_an_order_number() -> None:
    wrong = with_values(CHARLIE_STAYS, S20_G00_05_006="320720261003")
    assert [rubrique for rubrique, _ in reasons(wrong)] == ["S20.G00.05.006"]


def test_somebody_covered_by_a_contract_that_covers_nobody_is_a_contradiction() -> None:
    told = reasons(with_values(MONTHLY, S21_G00_15_004="02"))
    assert set(told) == {("S21.G00.70.013", "affiliation à un contrat déclaré sans personnel couvert (S21.G00.15.004)")}
    assert len(told) == 6


def test_the_same_person_or_the_same_adhesion_twice_is_refused() -> None:
    assert ("S21.G00.30.001", "NIR présent deux fois dans la déclaration") in reasons(
        with_values(MONTHLY, S21_G00_30_001="1900175999001", S21_G00_30_006="15011990")
    )
    assert ("S21.G00.15.005", "adhésion déclarée deux fois") in reasons(with_values(MONTHLY, S21_G00_15_005="1"))
    assert ("S21.G00.15.001", "adhésion déclarée deux fois") in reasons(with_values(MONTHLY, S21_G00_15_001="SANTE-EX-0001"))


def test_a_block_that_stands_alone_cannot_stand_twice() -> None:
    twice = with_lines(DOMINIQUE_LEAVES, "S21.G00.62.020", ("S21.G00.62.001", "29062026"), ("S21.G00.62.002", "043"))
    assert ("S21.G00.62", "bloc présent deux fois sous S21.G00.40") in reasons(twice)


def test_a_rubrique_written_again_begins_another_block() -> None:
    again = with_lines(DOMINIQUE_LEAVES, "S21.G00.62.002", ("S21.G00.62.002", "059"))
    assert ("S21.G00.62", "bloc présent deux fois sous S21.G00.40") in reasons(again)


def test_a_block_never_hangs_under_the_person_before() -> None:
    orphan = with_lines(MONTHLY, "S21.G00.86.005", ("S21.G00.30.002", "SANS CONTRAT"), ("S21.G00.62.001", "30062026"))
    assert ("S21.G00.62", "bloc sans bloc parent S21.G00.40") in reasons(orphan)


@pytest.mark.parametrize("siret", ["00000000000000", "12345678200011", "1234567820001", "1234567820001A"])
def test_a_former_establishment_has_a_right_siret(siret: str) -> None:
    moved = (("S21.G00.41.001", "01062026"), ("S21.G00.41.012", siret))
    told = reasons(with_lines(as_monthly(DOMINIQUE_LEAVES), "S21.G00.40.037", *moved))
    assert told == [("S21.G00.41.012", "SIRET invalide (14 chiffres, clé de contrôle comprise)")]


def test_an_adhesion_after_the_people_is_refused() -> None:
    late = with_lines(MONTHLY, "S21.G00.86.005", ("S21.G00.15.001", "X3"), ("S21.G00.15.002", "P9999"), ("S21.G00.15.005", "3"))
    assert ("S21.G00.15.001", "adhésion placée après un individu") in reasons(late)


@pytest.mark.parametrize(
    ("nir", "birth", "right"),
    [
        ("280042A999005", "04041980", True),
        ("275042B999005", "04041975", False),
        ("2750420999005", "04041975", True),
        ("2670496999005", "04041967", True),
        ("2802075999005", "99991980", True),
        ("2805075999005", "00001980", True),
        ("2804375999005", "04041980", False),
        ("2800400999005", "04041980", False),
        ("280042C999005", "04041980", False),
        ("2800475899999", "04041980", True),
        ("2800475999999", "04041980", False),
        ("3800475999005", "04041980", False),
    ],
)
def test_a_nir_follows_the_norm_and_the_birth_date(nir: str, birth: str, right: bool) -> None:
    (outcome,) = outcomes(with_values(DOMINIQUE_LEAVES, S21_G00_30_001=nir, S21_G00_30_006=birth))
    assert isinstance(outcome, Taken) == right, outcome


@pytest.mark.parametrize(("nic", "right"), [("00048", True), ("00014", True), ("00011", False)])
def test_la_poste_has_its_own_key(nic: str, right: bool) -> None:
    (outcome,) = outcomes(with_values(DOMINIQUE_LEAVES, S21_G00_06_001="356000000", S21_G00_11_001=nic))
    assert isinstance(outcome, Taken) == right, outcome


@pytest.mark.parametrize("version", ["P25V01", "P26V01", "P27V01"])
def test_three_versions_of_the_norm_are_read(version: str) -> None:
    assert taken(with_values(DOMINIQUE_LEAVES, S10_G00_00_006=version)).facts


def test_a_wrong_line_refuses_its_declaration_alone_and_says_where() -> None:
    broken = LOT.replace(b"S21.G00.30.002,'FAUX'", b"S21.G00.30.002,'FAUX", 1)
    told = outcomes(broken)
    assert [type(outcome) for outcome in told] == [Taken, Taken, Refused, Taken, Taken]
    (flaw,) = told[2].flaws  # type: ignore[union-attr]
    assert flaw == (264, "S21.G00.30.002", "valeur sans apostrophe de début ou de fin")


def test_two_declarations_in_one_envoi_are_judged_apart() -> None:
    lines = pairs(DOMINIQUE_LEAVES)
    declaration = [pair for pair in lines if pair[0].startswith(("S20", "S21"))]
    second = [(code, {"S20.G00.05.004": "77", "S21.G00.62.002": "099"}.get(code, value)) for code, value in declaration]
    both = with_lines(DOMINIQUE_LEAVES, "S21.G00.86.005", *second)
    # The lot counts declarations, the envoi rubriques and declarations: both were made right.
    first, other = outcomes(both)
    assert isinstance(first, Taken)
    assert isinstance(other, Refused)
    assert other.what == "declaration"
    assert other.flaws[0].rubrique == "S21.G00.62.002"


@pytest.mark.parametrize(
    ("code", "reason"),
    [("S90.G00.90.001", "nombre de rubriques faux : 100 lue(s)"), ("S90.G00.90.002", "nombre de déclarations faux : 1 lue(s)")],
)
@pytest.mark.parametrize("told", ["99", "0", "2²", "9999999999"])
def test_wrong_counts_refuse_the_envoi(code: str, reason: str, told: str) -> None:
    lines = [(line, told if line == code else value) for line, value in pairs(DOMINIQUE_LEAVES)]
    assert reasons(written(lines)) == [(code, reason)]


@pytest.mark.parametrize("kept", [1, 5, 30, 60, 90, 105, 106])
def test_a_file_cut_short_tells_nothing(kept: int) -> None:
    cut = b"".join(LOT.splitlines(keepends=True)[:kept])
    assert not any(isinstance(outcome, Taken) for outcome in outcomes(cut))
    assert any("tronqué" in flaw.reason for outcome in outcomes(cut) for flaw in outcome.flaws)  # type: ignore[union-attr]


def test_an_envoi_that_lost_its_end_does_not_take_the_next_one_with_it() -> None:
    lines = LOT.splitlines(keepends=True)
    told = outcomes(b"".join(lines[:105] + lines[107:]))
    assert [type(outcome) for outcome in told] == [Refused, Taken, Taken, Taken, Taken]


def test_rubriques_after_the_end_are_refused() -> None:
    content = with_lines(MONTHLY, "S90.G00.90.001", ("S21.G00.30.002", "INTRUS"))
    assert ("S21.G00.30.002", "rubrique après la fin de l'envoi (S90)") in reasons(content)


def test_blocks_of_another_norm_and_late_headers_are_refused() -> None:
    assert ("S89.G00.01.001", "bloc inconnu de la norme") in reasons(with_lines(MONTHLY, "S21.G00.86.005", ("S89.G00.01.001", "X")))
    assert ("S10.G00.02.001", "rubrique d'en-tête après une déclaration") in reasons(
        with_lines(MONTHLY, "S21.G00.86.005", ("S10.G00.02.001", "01"))
    )


def test_an_envoi_without_declaration_is_refused_unless_it_says_so() -> None:
    assert ("S20.G00.05", "envoi sans déclaration") in reasons(without(MONTHLY, "S20", "S21"))


def test_a_file_of_faults_fills_no_memory() -> None:
    outcome = refused(b"S10.G00.00.001,rien\n" * (MOST_FLAWS + 50))
    assert len(outcome.flaws) == MOST_FLAWS
    assert outcome.more >= 50


def test_every_rubrique_that_has_a_rule_is_read() -> None:
    """A value that the reader lets go would be refused by nobody."""
    ruled = {*RULES, *(f"{block}.{rubrique}" for block, rubriques in REQUIRED.items() for rubrique in rubriques)}
    read = {f"{block}.{rubrique}" for block, rubriques in KEPT.items() for rubrique in rubriques}
    assert {code for code in ruled if not code.startswith("S10")} <= read


@pytest.mark.parametrize("wrong", [b"S21.G00.79.004,''", b"S21.G00.78.004,'"])
def test_a_wrong_line_in_a_block_that_nobody_reads_refuses_the_declaration(wrong: bytes) -> None:
    told = reasons(MONTHLY.replace(next(line for line in MONTHLY.splitlines() if line[:14] == wrong[:14]), wrong, 1))
    assert [rubrique for rubrique, _ in told] == [wrong[:14].decode()]


def test_a_block_without_its_parent_is_told_even_when_nobody_reads_it() -> None:
    told = reasons(without(MONTHLY, "S21.G00.78"))
    assert set(told) == {(f"S21.G00.{block}", "bloc sans bloc parent S21.G00.78") for block in ("79", "81")}
    assert len(told) == 12


def test_a_flaw_stands_on_the_line_of_its_own_block_among_its_like() -> None:
    """Two contracts of an insurer follow one another: each wrong value is told where it is written."""
    spoilt = with_values(MONTHLY, S21_G00_15_002="Q9999")
    told = [flaw for outcome in outcomes(spoilt) if isinstance(outcome, Refused) for flaw in outcome.flaws]
    lines = [number for number, (code, _) in enumerate(pairs(spoilt), 1) if code == "S21.G00.15.002"]
    assert [flaw.line for flaw in told] == lines
    assert len(lines) == 2
