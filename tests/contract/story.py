"""What each house lived before the tests: everything through the doors of the services, so that its rows are true ones."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import text

from affilia.story import papers
from events.affiliation import Dependent, Finalised
from events.dsn import AffiliationSeen, Declaration, DeclarationTaken, Employment, Rank
from events.fact import Sealed
from events.identity import AccountActivated
from events.members import PersonRegistered
from events.noemie import Care, Party, StatementTold, care, party
from identifiers import invented
from services.identity.actions import create_caseworker
from tests.contract.door import Visit
from tests.contract.people import HUGO, NADIA, YVES, House
from tests.contract.world import World

RENAMED = text("UPDATE account SET id = :id, reference = :reference WHERE id = :made")
PDF = papers.pdf("Relevé d'identité bancaire")
STARTS_ON = "2026-02-01"
CONTRACT: dict[str, Any] = {
    "insurer_code": "P9999",
    "label": "BASE CCN HCR NC SEUL RG",
    "population": "NC",
    "starts_on": "2018-01-01",
    "guarantees": [{"domain": "DENT", "label": "Dentaire", "level": "125 % BR"}],
    "card": {"amc_number": "0099999999", "convention_type": "SP", "csr": "HCR", "responsible": True},
}


def open_the_desk(world: World) -> None:
    """The caseworkers have accounts: whoever keeps the others is looked up."""
    with world.benches["identity"].running.working() as work:
        for actor in (NADIA, HUGO, YVES):
            name, role = f"conseil-{actor.grants['platform']}", actor.grants["platform"]
            made = create_caseworker(work.for_brand("hcr"), f"{name}@gestion.example", "Camille", "CONSEIL", "Bureau-calme-et-clair", role)
            work.session.execute(RENAMED, {"id": actor.account_id, "reference": actor.reference, "made": made.account_id})


def play(world: World, house: House) -> None:
    """A company, its place and its contract; an applicant in the middle of her form; a member with his rights; a file and a notice each."""
    owned = world.ids.setdefault(house, {})
    owned["contract"] = _register(world.visit(world.tokens(house)["caseworker"]), house)
    world.settle()
    employer = world.visit(world.tokens(house)["employer"])
    owned["affiliation"] = UUID(_created(employer.post("/api/affiliation/affiliations", json=declaration(house)))["id"])
    world.settle()
    _apply(world.visit(world.tokens(house)["applicant"]), house)
    _become_member(world, house, owned)
    _declare(world, house, owned)
    _reimburse(world, house, owned)
    for kind in ("employer", "applicant", "member"):
        _store(world, house, kind, owned)
    world.settle()
    _activate(world, house, owned)
    for kind in ("employer", "member"):
        _write(world, house, kind, owned)
    for kind in ("employer", "member"):
        owned[f"{kind}-notice"] = UUID(world.visit(world.tokens(house)[kind]).get("/api/messaging/notices").json["items"][0]["id"])


def declaration(house: House) -> dict[str, Any]:
    """A newcomer of the house, as her employer declares her."""
    return {
        "siret": house.siret,
        "contract_reference": house.contract_reference,
        "professional_status": "ACTIF NON CADRE",
        "starts_on": STARTS_ON,
        "first_name": "Dominique",
        "last_name": f"ESSAI-{house.name.upper()}",
        "email": f"dominique.{house.name}@exemple.example",
    }


def _register(desk: Visit, house: House) -> UUID:
    """The company with its contract, whose id is returned."""
    company = {"siren": house.siren, "name": house.name.upper(), "insurer": "klesia", "identifier": f"HCR-{house.siren}"}
    _created(desk.post("/api/employers/companies", json=company | {"contact_email": f"contact@{house.name}.example"}))
    _created(
        desk.post(f"/api/employers/companies/{house.siren}/establishments", json={"siret": house.siret, "name": f"SALLE {house.name}"})
    )
    contract = CONTRACT | {"siren": house.siren, "reference": house.contract_reference}
    return UUID(_created(desk.post("/api/members/contracts", json=contract))["contract_id"])


def _apply(applicant: Visit, house: House) -> None:
    assert applicant.post("/api/affiliation/journey/start").status_code == 200
    draft = {"nir": invented.nir(house.name), "birth_on": invented.birth_date(house.name).isoformat(), "iban": invented.iban(house.name)}
    assert applicant.put("/api/affiliation/journey/draft", json=draft).status_code == 200


def _become_member(world: World, house: House, owned: dict[str, UUID]) -> None:
    """Another employee of the house, whose form was complete: members opens his rights."""
    world.tell("affiliation", finalised(house))
    owned["person"] = UUID(world.last_subject("members", PersonRegistered).removeprefix("person:"))
    page = world.visit(world.tokens(house)["employer"]).get("/api/members/employees?status=all").json
    owned["rights"] = UUID(page["items"][0]["rights_id"])
    view = {"name": f"Vue {house.name}", "filters": {"siren": house.siren}}
    kept = world.visit(world.tokens(house)["employer"]).post("/api/members/employees/views", json=view)
    owned["view"] = UUID(_created(kept)["view_id"])


def _declare(world: World, house: House, owned: dict[str, UUID]) -> None:
    """The payroll of the house declared a month without anybody, and hired somebody whom nobody affiliated."""
    owned["declaration"] = house.id("declaration")
    rank = Rank(built_on=date(2026, 7, 2), number=1)
    month = Declaration(siret=house.siret, nature="01", type="without_individual", rank=rank, month=date(2026, 6, 1))
    taken = DeclarationTaken(declaration=month, individuals=0, facts=0)
    world.benches["members"].deliver(taken, brand="", ids=[owned["declaration"]])
    hired = Declaration(siret=house.siret, nature="08", type="normal", rank=Rank(built_on=date(2026, 7, 3), number=2))
    names = {"last_name": Sealed(f"PAIE-{house.name.upper()}"), "first_name": Sealed("Alex"), "birth_on": Sealed("1990-01-01")}
    unknown = Employment(starts_on=date(2026, 7, 1), number="00099", nir=Sealed(invented.nir(f"{house.name}-hired")[:13]), **names)
    world.benches["members"].deliver(AffiliationSeen(declaration=hired, employment=unknown), brand="")
    world.settle()


def _reimburse(world: World, house: House, owned: dict[str, UUID]) -> None:
    """The fund paid a dentist's care of the member, and members its part."""
    form, day = finalised(house), date(2026, 3, 3)
    about = Party(
        nir=form.nir.value[:13],
        birth_on=date.fromisoformat(form.birth_on.value),
        first_name=form.first_name.value,
        last_name=form.last_name.value,
    )
    amounts = {"cost": Decimal("28.92"), "base": Decimal("28.92"), "base_scheme": Decimal("17.35")}
    lines = care([Care(number=1, act="SC", starts_on=day, rate=60, **amounts)])
    key = {"fund": "01751", "number": f"2026-{house.name}", "amc_number": CONTRACT["card"]["amc_number"]}
    owned["statement"] = house.id("statement")
    told = StatementTold(issued_on=day, party=party(about), lines=lines, **key)
    world.benches["members"].deliver(told, brand="", ids=[owned["statement"]])
    world.settle()
    (line,) = world.visit(world.tokens(house)["member"]).get("/api/members/me/reimbursements").json["items"]
    owned["reimbursement"] = UUID(line["id"])


def _activate(world: World, house: House, owned: dict[str, UUID]) -> None:
    """The employer activates her space: she is welcomed, administers the company, invites somebody, and asks for one more company."""
    name = {"first_name": "Lucie", "last_name": "MARTIN", "email": f"lucie@{house.name}.example"}
    pair = {"siret": house.siret, "identifier": f"HCR-{house.siren}"}
    asked = world.visit().post("/api/employers/activations", json=pair | name).json
    world.settle()
    sealed = {key: Sealed(value) for key, value in name.items()}
    reference, activation = f"company:{house.siren}", UUID(asked["activation_id"])
    account = house.id("employer")
    world.tell("identity", AccountActivated(account_id=account, kind="employer", activation_id=activation, reference=reference, **sealed))
    employer = world.visit(world.tokens(house)["employer"])
    guest = name | {"first_name": "Paul", "email": f"paul@{house.name}.example"}
    _created(employer.post("/api/employers/invitations", json=guest | {"grants": [{"siren": house.siren, "role": "user"}]}))
    invited = next(line for line in employer.get("/api/employers/habilitations").json["items"] if line["state"] == "invited")
    owned["habilitation"] = UUID(invited["id"])
    assert employer.post("/api/employers/scope-requests", json=pair).status_code == 202
    world.settle()


def _write(world: World, house: House, kind: str, owned: dict[str, UUID]) -> None:
    """A conversation with the caseworkers."""
    visit = world.visit(world.tokens(house)[kind])
    motif = visit.get("/api/messaging/motifs").json["items"][0]["motifs"][0]["key"]
    said = {"motif": motif, "object": f"Question de {house.name}", "text": "Bonjour."}
    owned[f"{kind}-thread"] = UUID(_created(visit.post("/api/messaging/threads", json=said))["id"])


def finalised(house: House) -> Finalised:
    """The complete form of Camille, husband and employee."""
    seed = f"{house.name}-camille"
    spouse = Dependent(
        kinship="spouse", first_name=Sealed("Andréa"), last_name=Sealed(f"FAUX-{house.name.upper()}"), birth_on=Sealed("1981-06-15")
    )
    return Finalised(
        affiliation_id=house.id("finalised"),
        siren=house.siren,
        siret=house.siret,
        contract_reference=house.contract_reference,
        professional_status="ACTIF NON CADRE",
        starts_on=date(2026, 2, 1),
        first_name=Sealed("Camille"),
        last_name=Sealed(f"FAUX-{house.name.upper()}"),
        birth_on=Sealed(invented.birth_date(seed).isoformat()),
        nir=Sealed(invented.nir(seed)),
        iban=Sealed(invented.iban(seed)),
        email=Sealed(f"camille.{house.name}@exemple.example"),
        phone=Sealed(invented.mobile(seed)),
        address=Sealed(f"3 RUE {house.name.upper()}\n69003 LYON"),
        dependents=(spouse,),
    )


def _store(world: World, house: House, kind: str, owned: dict[str, UUID]) -> None:
    form = {"file": (BytesIO(PDF), "piece.pdf", "application/pdf"), "kind": "rib"}
    owner = {"owner": f"company:{house.siren}"} if kind == "employer" else {}
    stored = _created(world.visit(world.tokens(house)[kind]).post("/api/documents/files", data=form | owner))
    owned[f"{kind}-file"] = UUID(stored["id"])


def _created(answer: Any) -> Any:
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.json
