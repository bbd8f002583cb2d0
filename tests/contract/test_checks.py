"""What counts as a refusal of ours: the ruler of the other tests, itself measured."""

import pytest

from chassis.problems import PROBLEM_JSON
from tests.contract.checks import flaw_of

GOOD = '{"type": "/problemes/introuvable", "title": "Cet élément est introuvable.", "status": 404}'


def test_a_problem_of_ours_has_no_flaw():
    assert flaw_of(404, PROBLEM_JSON, GOOD) is None


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (404, "text/html", GOOD),
        (403, PROBLEM_JSON, GOOD),
        (404, PROBLEM_JSON, "[]"),
        (404, PROBLEM_JSON, "{"),
        (404, PROBLEM_JSON, GOOD.replace("/problemes", "about:")),
        (404, PROBLEM_JSON, GOOD.replace("Cet élément est introuvable.", "")),
        (404, PROBLEM_JSON, GOOD.replace("}", ', "detail": "psycopg.errors.DataError"}')),
    ],
    ids=["a page", "another status", "a list", "no JSON", "no type of ours", "no title", "the engine room"],
)
def test_what_is_not_told_as_we_do_is_seen(status: int, content_type: str, body: str):
    assert flaw_of(status, content_type, body) is not None
