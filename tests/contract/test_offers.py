"""What a motive offers first is something that the platform does (S1:327-340)."""

from chassis.config import read_brands
from chassis.testing import BRANDS
from services.messaging.config import MessagingBrand
from tests.contract.operations import Operation


def test_every_offer_of_every_brand_leads_to_an_operation_that_its_readers_may_call(operations: list[Operation]):
    kinds = {"assure": "member", "entreprise": "employer"}
    known = {str(operation): operation.audiences for operation in operations}
    motifs = [motif for brand in read_brands(BRANDS, "messaging", MessagingBrand).values() for motif in brand.own.motifs]
    wrong = [(motif.key, offer.api) for motif in motifs for offer in motif.offers if kinds[motif.space] not in known.get(offer.api, ())]
    assert motifs
    assert wrong == []
