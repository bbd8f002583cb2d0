"""What one pre-affiliation does in each service, and the proof that each did it once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.faults.checker import Witness

AFFILIATIONS = "SELECT id::text FROM affiliation"
SENT = "SELECT substr(subject, 13) FROM outbox WHERE name = 'affiliation.sent.v1'"
LINKED = "SELECT substr(subject, 13) FROM outbox WHERE name = 'identity.link_issued.v1'"
NOTICED = "SELECT substr(about, 13) FROM notice WHERE about LIKE 'affiliation:%' AND state = 'handed_over'"
CAUGHT = """
SELECT substr(n.about, 13) FROM caught c LEFT JOIN attempt a ON a.reference = 'caught:' || c.id LEFT JOIN notice n ON n.id = a.notice_id
WHERE n.id IS NULL OR n.about LIKE 'affiliation:%'
"""
EFFECTS: Mapping[str, tuple[str, ...]] = {"affiliation": (AFFILIATIONS, SENT), "identity": (LINKED,), "messaging": (NOTICED, CAUGHT)}
"""By service, queries that give the id of an affiliation once an effect."""


@dataclass(frozen=True)
class Effects:
    """The effects counted by query and affiliation, at one moment."""

    counted: Mapping[str, Counter[str]]

    @classmethod
    def seen(cls, witness: Witness) -> "Effects":
        return cls({query: Counter(row[0] for row in witness.rows(name, query)) for name, queries in EFFECTS.items() for query in queries})

    def faults_since(self, before: "Effects", acknowledged: Iterable[str]) -> list[str]:
        """Which acknowledged commands had no effect or several, and which effects nobody asked for."""
        expected = Counter(dict.fromkeys(acknowledged, 1))
        return [
            f"{found - expected} too many, {expected - found} missing: {query}"
            for query, counted in self.counted.items()
            if (found := counted - before.counted[query]) != expected
        ]
