"""« Où est prouvée la ligne S0:120 ? »: what journeys name, what they owe, and the page that says it."""

from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from affilia import guides
from affilia.cli import main
from affilia.guides import Chapter, Journey, Lines


def journey(*lines: str) -> Journey:
    return Journey(Path("tests/journeys/test_x.py"), "test_claire_comes_in", tuple(Lines.named(", ".join(lines))))


def test_a_docstring_names_lines_one_by_one_and_by_ranges():
    assert [str(lines) for lines in Lines.named("S1:238, S1:244-249; RGPD art. 15; S0:7")] == ["S1:238", "S1:244-249", "S0:7"]


@pytest.mark.parametrize(
    ("proofs", "owes"),
    [
        ([], True),
        (["S0:120"], True),
        (["S0:120-124", "S0:125-130"], False),
        (["S0:100-200"], False),
        (["S1:120-126"], True),
    ],
)
def test_a_chapter_that_is_due_owes_each_of_its_lines(proofs: list[str], owes: bool):
    chapter = Chapter(Lines("S0", 120, 126), "Trois occasions", due=True)
    assert chapter.owes([journey(lines) for lines in proofs]) is owes


def test_one_line_is_answered_with_its_chapter_and_its_journeys():
    said = CliRunner().invoke(main, ["guides", "S0:120"]).output
    assert said.startswith("S0:120-126 Les trois occasions")
    assert "tests/journeys/test_own_account.py::test_one_life_of_an_account" in said
    assert "Aucun guide n'a cette ligne" in CliRunner().invoke(main, ["guides", "S9:1"]).output
    assert "S0:120 ou S0:120-126" in CliRunner().invoke(main, ["guides", "la ligne 120"]).output


def test_what_no_journey_names_is_told_apart_from_its_neighbours():
    """S1:347-391: the chatbot, which nobody proves, is not the shelf of documents."""
    chatbot = CliRunner().invoke(main, ["guides", "S1:350"]).output
    assert (chatbot.startswith("S1:347-353 "), guides.UNPROVED in chatbot) == (True, True)
    assert "test_contact.py" in CliRunner().invoke(main, ["guides", "S1:363"]).output


def test_a_line_that_is_due_and_lost_its_journey_is_refused_by_its_chapter(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guides, "journeys", lambda: [journey("S1:1-400")])
    refused = CliRunner().invoke(main, ["guides", "--check"])
    assert refused.exit_code == 1
    monkeypatch.setattr(guides, "keep", lambda *_documents, **_how: None)
    assert "S0:120-126 (Les trois occasions" in CliRunner().invoke(main, ["guides", "--check"]).output


def test_chapters_follow_one_another_without_meeting():
    for _title, found in guides.chapters().values():
        for before, after in pairwise(found):
            assert before.lines.last < after.lines.first, f"{before.lines} / {after.lines}"
