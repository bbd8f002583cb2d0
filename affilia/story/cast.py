"""Who plays: a company, its two places, four people of its payroll. Their numbers are the sample declarations', or invented ones."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date

from stdnum import luhn

from identifiers import invented, nir

COMPANY = "SOCIETE FICTIVE"
PASSWORD = "Terrasse-Soleil-2026"


@dataclass(frozen=True)
class Employee:
    """One employee as the payroll and the employer know her. ``nir13`` is the number without its key, as a DSN writes it."""

    first_name: str
    last_name: str
    nir13: str
    birth_on: date
    hired_on: date
    email: str | None
    phone: str
    address: str = "3 RUE DU TEST\n69003 LYON"

    @property
    def nir(self) -> str:
        """The fifteen characters printed on a carte Vitale."""
        return self.nir13 + nir.key_of(self.nir13)


@dataclass(frozen=True)
class Cast:
    """The company of the story and its people. ``tag`` keeps the e-mail addresses of several casts apart; ``insurer`` is one of its
    brand's."""

    siren: str
    identifier: str
    contract: str
    dominique: Employee
    charlie: Employee
    andrea: Employee
    tag: str = ""
    insurer: str = "klesia"
    product: str = "BASE CCN HCR NC SEUL RG"
    emits_dsn: bool = True
    employer: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def restaurant(self) -> str:
        """The establishment where everybody works."""
        return self._establishment("0001")

    @property
    def head_office(self) -> str:
        return self._establishment("0000")

    def addresses(self) -> list[tuple[str, ...]]:
        """By person, what a message to her is addressed to: an e-mail, or for Charlie a letter first."""
        return [
            (str(self.dominique.email),),
            (f"charlie{self.tag}@exemple.example", self.charlie.last_name),
            (str(self.andrea.email),),
            (self.employer["email"],),
        ]

    @property
    def contact_email(self) -> str:
        """The contact on file: the only address that the activation code of the company goes to."""
        return f"comptabilite{self.tag}@societe-fictive.example"

    def _establishment(self, number: str) -> str:
        return self.siren + number + str(luhn.calc_check_digit(self.siren + number))

    @classmethod
    def of_the_sample(cls) -> "Cast":
        """The people of the sample declarations: the seed of the demo."""
        phones = tuple(f"+3363998000{number}" for number in range(4))
        return cls._made("123456782", "SANTE-EX-0001", ("2800475999005", "1870775999007", "2970875999008"), phones, tag="")

    @classmethod
    def invented(cls, seed: str | None = None) -> "Cast":
        """Another company with other people, so that the story can be told again on the same instance."""
        seed = seed or secrets.token_hex(4)
        births = (date(1980, 4, 4), date(1987, 7, 7), date(1997, 8, 8))
        numbers = tuple(
            invented.nir(f"{seed}-{place}", birth, woman=woman)[:13]
            for place, (birth, woman) in enumerate(zip(births, (True, False, True), strict=True))
        )
        phones = tuple(invented.mobile(f"{seed}-{place}") for place in range(4))
        return cls._made(invented.siren(seed), f"SANTE-{seed.upper()}", numbers, phones, tag=f".{seed}")

    @classmethod
    def of_harmonie(cls) -> "Cast":
        """A company of another brand, whose member the guide calls Fatima L. (S4:325)."""
        made = cls.invented("harmonie")
        fatima = replace(made.dominique, first_name="Fatima", last_name="LESSAI", email="fatima@exemple.example")
        return replace(made, dominique=fatima, insurer="harmonie_mutuelle", product="BASE SANTÉ COLLECTIVE")

    @classmethod
    def _made(cls, siren: str, contract: str, numbers: tuple[str, ...], phones: tuple[str, ...], tag: str) -> "Cast":
        dominique = Employee(
            "Dominique", "ESSAI", numbers[0], date(1980, 4, 4), date(2026, 2, 1), f"dominique{tag}@exemple.example", phones[1]
        )
        charlie = replace(
            dominique, first_name="Charlie", last_name="FAUX", nir13=numbers[1], birth_on=date(1987, 7, 7), hired_on=date(2018, 3, 1),
            email=None, phone=phones[2],
        )  # fmt: skip
        andrea = replace(
            dominique, first_name="Andréa", last_name="MAQUETTE", nir13=numbers[2], birth_on=date(1997, 8, 8), hired_on=date(2026, 4, 1),
            email=f"andrea{tag}@exemple.example", phone=phones[3],
        )  # fmt: skip
        employer = {"first_name": "Lucie", "last_name": "MARTIN", "email": f"lucie{tag}@societe-fictive.example", "phone": phones[0]}
        return cls(siren, f"HCR-{siren[:6]}", contract, dominique, charlie, andrea, tag, employer=employer)
