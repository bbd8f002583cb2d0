"""When cover ends though the employment goes on: its own end (70.015), or an establishment that covers nobody under it (15.004)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from events.dsn import NobodyCovered, Radiation
from services.members.rules.spells import Course, Spell


@dataclass(frozen=True)
class Stop:
    """The last covered day, and which fact says so."""

    ended_on: date
    told_by: Radiation | NobodyCovered


def stop(spell: Spell, course: Course, ends: Iterable[Radiation], closures: Iterable[NobodyCovered]) -> Stop | None:
    """What stops the cover of a spell while its employment goes on, the earliest when several do."""
    own = course.chain[-1].cover_end(ends, spell.contract_reference) if course.chain else None
    stops = [Stop(own.ended_on, own) if own else None, _deserted(spell, course, closures)]
    held = [one for one in stops if one and course.holds(one.ended_on, spell)]
    return min(held, key=lambda one: one.ended_on, default=None)


def _deserted(spell: Spell, course: Course, closures: Iterable[NobodyCovered]) -> Stop | None:
    """The eve of the first month in which her establishment says that it covers nobody, and after which it never named her again."""
    place = course.chain[-1].key[0] if course.chain else spell.siret
    seen = (fact for trail in course.chain for fact, _ in trail.seen(spell.contract_reference))
    named = [fact.declaration.month for fact in seen if fact.declaration.siret == place and fact.declaration.month]
    since = max(named, default=date.min)
    empty = [
        (month, closure)
        for closure in closures
        if closure.declaration.siret == place
        and closure.contract_reference == spell.contract_reference
        and (month := closure.declaration.month)
        and month > since
        and spell.starts_on < month
    ]
    if not empty:
        return None
    month, closure = min(empty, key=lambda one: (one[0], one[1].declaration.rank))
    return Stop(month - timedelta(days=1), closure)
