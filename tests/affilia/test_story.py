"""How the story is told: dates as one says them, and who was written to."""

from datetime import date

import pytest

from affilia.story.story import spoken


@pytest.mark.parametrize(
    ("on", "said"),
    [(date(2026, 6, 30), "30 juin 2026"), (date(2026, 7, 1), "1er juillet 2026"), (date(2026, 8, 11), "11 août 2026")],
)
def test_a_date_is_said_as_people_say_it(on: date, said: str):
    assert spoken(on) == said
