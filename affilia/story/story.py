"""One telling of the story: where, with whom, who listens, and what a narrator may look up on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from affilia.story.cast import PASSWORD, Cast
from affilia.story.world import Credentials, Visitor, World, eventually

State = dict[str, tuple[str, str | None, int | None]]
"""Where everybody's rights stand: by last name, the status, the last covered day (ISO) and the months of portability."""


MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")


@dataclass
class Story:
    """``say`` hears each sentence; ``affiliations`` maps last names to ids.

    ``desk`` is the caseworker's, signed in already or not; ``employer`` and ``member`` sign in on the way.
    """

    world: World
    cast: Cast
    caseworker: Credentials
    feed_token: str
    say: Callable[[str], None] = lambda sentence: None
    desk: Visitor | None = None
    employer: Visitor = field(init=False)
    member: Visitor = field(init=False)
    affiliations: dict[str, str] = field(default_factory=dict)

    def at_the_desk(self) -> Visitor:
        """The caseworker, signed in with her second factor in her own brand: she keeps the portfolio of every brand."""
        if self.desk is None:
            self.desk = World(self.world.base, on=self.world.on).visitor("conseil")
            self.desk.sign_in(self.caseworker)
        return self.desk

    def open_account(self, visitor: Visitor, activation: str, code: str) -> None:
        """The end that every activation shares: the code, the terms, a password refused, a password accepted."""
        proof = visitor.post(f"/api/identity/activations/{activation}/proof", {"code": code}, expect=200)["proof"]
        terms = visitor.get("/api/identity/password-rule")["terms"]["version"]
        path = f"/api/identity/activations/{activation}/password"
        refusal = visitor.post(path, {"proof": proof, "password": "court", "terms_version": terms}, expect=422)
        self.say(f"   un mot de passe trop court est refusé : « {refusal['title']} »")
        visitor.post(path, {"proof": proof, "password": PASSWORD, "terms_version": terms})

    def employees(self) -> list[dict[str, Any]]:
        """The employer's list, whatever the status."""
        return list(self.employer.get("/api/members/employees?status=all&limit=200")["items"])

    def employee(self, last_name: str) -> dict[str, Any] | None:
        """The row of one employee."""
        return next((row for row in self.employees() if row["last_name"] == last_name), None)

    def state(self) -> State:
        """What any order of the same declarations must give."""
        return {row["last_name"]: (row["status"], row["ends_on"], (row["portability"] or {}).get("months")) for row in self.employees()}

    def settled(self, expected: State) -> None:
        """Wait until everybody stands where ``expected`` says. Raises ``Unexpected``."""
        eventually(lambda: self.state() == expected, f"{expected}, not {self.state()}")

    def told(self, since: str) -> int:
        """How many people of the cast were written to after an instant (ISO)."""
        new = [message["to"] for message in self.world.messages() if message["at"] > since]
        return sum(any(mark in to for mark in marks for to in new) for marks in self.cast.addresses())

    @contextmanager
    def dated(self, on: date) -> Iterator[None]:
        """Live on another civil date for a while."""
        before, self.world.on = self.world.on, on
        try:
            yield
        finally:
            self.world.on = before


def why(problem: dict[str, Any]) -> str:
    """What a refusal says to the person, to be quoted: guillemets inside guillemets are “ ”."""
    return str(problem.get("detail", problem["title"])).replace("« ", "“").replace(" »", "”")


def spoken(on: date) -> str:
    """A date as one says it: « 1er juillet 2026 »."""
    return f"{'1er' if on.day == 1 else on.day} {MONTHS[on.month - 1]} {on.year}"
