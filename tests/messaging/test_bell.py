"""The bell of members and employers, as their portals read it."""

import uuid
from datetime import UTC, date, datetime, timedelta

import msgspec

from events.employers import HabilitationRevoked
from events.fact import Sealed
from events.identity import PhoneEnrolled
from tests.messaging.conftest import (
    DOMINIQUE,
    NADIA,
    SIREN,
    activated,
    changed,
    code,
    company,
    dominique,
    employer,
    link,
    member,
    nadia_reads,
    opened,
)


def test_dominique_reads_what_changed_in_plain_words(bench):
    bench.tell(*company(), dominique(), opened(), changed(ends_on=date(2026, 6, 30), portability_months=6))
    answer = bench.as_(member()).get("/notices").json
    assert answer["unread"] == 2
    assert [(item["title"], item["text"], item["read"]) for item in answer["items"]] == [
        (
            "Votre couverture peut continuer pendant 6 mois",
            "Portabilité en attente de justificatif (6 mois possibles)\u00a0: adressez-nous votre attestation d’ouverture de droits"
            " de France Travail depuis votre espace ou par courrier.",
            False,
        ),
        ("Votre couverture santé commence", "Vos droits sont ouverts à compter du 1er février 2026 (BASE CCN HCR NC SEUL RG).", False),
    ]


def test_a_notice_is_read_once_and_stays_read(bench):
    bench.tell(*company(), dominique(), opened())
    claire = bench.as_(member())
    [notice] = claire.get("/notices").json["items"]
    first, again = (claire.post(f"/notices/{notice['id']}/read") for _ in range(2))
    assert (first.status_code, first.json["read"]) == (200, True)
    assert again.json == first.json
    assert claire.get("/notices").json["unread"] == 0


def test_nadia_sees_her_company_by_name_and_her_employee_by_initial(bench):
    bench.tell(*company(), dominique(), activated(), nadia_reads(), changed("ended", "Démission.", ends_on=date(2026, 6, 30)))
    change, welcome = bench.as_(employer()).get("/notices").json["items"]
    assert change["text"] == "Dominique E. (RESTAURANT FICTIF)\u00a0: fin des droits au 30 juin 2026. Démission."
    assert welcome["title"] == "Votre Espace Entreprise est ouvert"


def test_a_phone_that_was_added_is_told_to_the_address_that_was_there_before_and_rings(bench, post):
    enrolled = PhoneEnrolled(
        account_id=uuid.uuid4(), kind="member", reference=f"person:{DOMINIQUE}", email=Sealed("avant@exemple.fr"),
        phone=Sealed("•• •• •• •• 66"), hold_until=datetime.now(UTC) + timedelta(hours=24),
    )  # fmt: skip
    bench.tell(dominique(), enrolled)
    bench.tell(enrolled)
    [mail] = post.box()
    assert (mail["to"], mail["subject"]) == ("avant@exemple.fr", "Un téléphone a été ajouté à votre Espace Assuré")
    [notice] = bench.as_(member()).get("/notices").json["items"]
    assert notice["text"] == "Le numéro •• •• •• •• 66 reçoit désormais vos codes de connexion."


def test_codes_and_links_never_ring(bench):
    bench.tell(dominique(), code(), link())
    assert bench.as_(member()).get("/notices").json == {"items": [], "next": None, "unread": 0, "changes_unread": 0}


def test_the_bell_shows_also_what_no_mail_could_carry(bench):
    bench.tell(*company(), dominique(email=None), opened())
    assert len(bench.as_(member()).get("/notices").json["items"]) == 1


def test_a_long_bell_is_read_page_by_page_without_a_gap(bench):
    bench.tell(dominique(), *(msgspec.structs.replace(opened(), rights_id=uuid.UUID(int=n)) for n in range(5)))
    claire, seen, after = bench.as_(member()), [], None
    while True:
        page = claire.get("/notices", query_string={"limit": 2} | ({"after": after} if after else {})).json
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_who_no_longer_acts_for_the_company_no_longer_reads_of_it(bench):
    bench.tell(*company(), dominique(), activated(), nadia_reads(), changed("ended", "Démission."))
    bench.tell(HabilitationRevoked(account_id=NADIA, siren=SIREN))
    titles = [item["title"] for item in bench.as_(employer(**{"999999999": "user"})).get("/notices").json["items"]]
    assert titles == ["Votre Espace Entreprise est ouvert"]


def test_bad_pages_and_bad_ids_are_told_where_they_are_wrong(bench):
    claire = bench.as_(member())
    for query, field in (({"limit": 0}, "limit"), ({"limit": "beaucoup"}, "limit"), ({"after": "ici"}, "after")):
        answer = claire.get("/notices", query_string=query)
        assert answer.status_code == 422, query
        assert [error["field"] for error in answer.json["errors"]] == [field]
    assert claire.post("/notices/pas-un-uuid/read").status_code == 404
