"""An insured person changes her e-mail in her space: members follows (S0:275-281)."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import select

from chassis.testing import Bench
from events import Sealed, seal
from events.identity import ContactChanged
from services.members.models import Person
from tests.members.people import DOMINIQUE, finalised, settle_in


def changed(reference: str, email: str, phone: str | None) -> ContactChanged:
    return ContactChanged(
        account_id=uuid.uuid4(),
        kind="member",
        reference=reference,
        what="email",
        email=Sealed(email),
        phone=seal(phone),
        hold_until=datetime.now(UTC),
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
