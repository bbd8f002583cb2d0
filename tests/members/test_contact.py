"""An insured person changes her e-mail in her space, or deletes it: members follows (S0:275-281, S2:30)."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import select, text

from chassis.testing import Bench
from events import Sealed, seal
from events.identity import AccountDeleted, ContactChanged
from events.members import PersonRegistered
from services.members.models import Person
from tests.members.people import DOMINIQUE, finalised, member, settle_in


def changed(reference: str, email: str, phone: str | None, **how: bool) -> ContactChanged:
    return ContactChanged(
        account_id=uuid.uuid4(),
        kind="member",
        reference=reference,
        what="email",
        email=Sealed(email),
        phone=seal(phone),
        hold_until=datetime.now(UTC),
        **how,
    )


def test_dominiques_letters_follow_her_new_address(bench: Bench):
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    with bench.running.working() as work:
        person = work.session.scalars(select(Person)).one()
    bench.tell(changed(f"person:{person.id}", "nouvelle@exemple.fr", "+33639980077"))
    bench.tell(changed(f"person:{uuid.uuid4()}", "inconnue@exemple.fr", None), changed(f"account:{uuid.uuid4()}", "rh@exemple.fr", None))
    with bench.running.working() as work:
        (known,) = work.session.scalars(select(Person)).all()
    assert (known.email, known.phone) == ("nouvelle@exemple.fr", "+33639980077")
    assert bench.parked() == []
    for how, phone in (({}, "+33639980077"), ({"phone_removed": True}, None)):
        bench.tell(changed(f"person:{person.id}", "dominique@exemple.fr", None, **how))
        with bench.running.working() as work:
            assert work.session.scalars(select(Person.phone)).one() == phone, "forgotten only when it was somebody else's"


def test_who_deletes_her_space_may_open_another_while_her_rights_run(bench: Bench):
    """S2:30."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    (known,) = bench.told(PersonRegistered)
    email = Sealed("dominique@exemple.fr")
    bench.tell(AccountDeleted(account_id=uuid.uuid4(), kind="member", reference=known.subject, email=email))
    assert [told.person_id for told in bench.told(PersonRegistered)] == [known.person_id, known.person_id]
    with bench.running.working() as work:
        work.session.execute(text("UPDATE rights SET status = 'ended', ends_on = starts_on"))
    bench.tell(AccountDeleted(account_id=uuid.uuid4(), kind="member", reference=known.subject, email=email))
    bench.tell(AccountDeleted(account_id=uuid.uuid4(), kind="member", reference=f"person:{uuid.uuid4()}", email=email))
    assert len(bench.told(PersonRegistered)) == 2
    assert bench.parked() == []


def test_dominique_gives_her_landline_and_where_letters_go(bench: Bench):
    """S0:277-281."""
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE))
    home = bench.as_(member(bench, DOMINIQUE))
    kept = home.put("/me/contact", json={"landline": "01 44 20 97 80", "address": "12 RUE DES LILAS\n75011 PARIS"})
    assert kept.json == {"landline": "+33144209780", "address": "12 RUE DES LILAS\n75011 PARIS"}
    assert home.get("/me/contact").json == kept.json
    home.put("/me/contact", json=kept.json)
    assert bench.audited().count("person.contact_changed") == 1, "the same again changes nothing"
    assert home.put("/me/contact", json={"landline": "12", "address": "x"}).status_code == 422
    assert home.put("/me/contact", json={"landline": None}).status_code == 422
