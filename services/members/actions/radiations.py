"""« Radiation contexte sans DSN » (S1:314): what an employer, or a caseworker for her, says of the end of an employment.

It is a fact beside those of the payroll: the same fold decides. That fold needs facts and rows that no employer sees, so the platform
does it, in her transaction, once she was found to have the right to speak.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from chassis import four_eyes
from chassis.hold import refuse_while_held
from chassis.problems import Forbidden, Invalid
from services.members.access import radiations as access
from services.members.access.radiations import Employed
from services.members.access.rights import must_handle
from services.members.actions.payroll import settle
from services.members.config import Work
from services.members.errors import RadiationRefused, SecondPersonExpected, not_one_company, said_twice, unknown_employee
from services.members.models import PendingAct, Radiation, Rights
from services.members.rules import radiations as rules
from services.members.rules.direct import SIDES, DirectSource
from services.members.rules.radiations import Verb

KIND = "radiations"
AUDITED = {Verb.RADIATE: "radiation.told", Verb.CORRECT: "radiation.corrected", Verb.WITHDRAW: "radiation.withdrawn"}


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one employment; without a day nor a motive, that its end is taken back."""

    rights_id: uuid.UUID
    ended_on: date | None = None
    motive: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Voice:
    """Who speaks: for which side, and by which account."""

    source: DirectSource
    account_id: uuid.UUID


def tell(work: Work, verb: Verb, word: Word) -> None:
    """Radiate somebody, correct it, or take it back. Raises ``Forbidden``, ``Held``, ``NotFound``, ``RadiationRefused``, ``Invalid``, and
    ``SecondPersonExpected`` for one more than the brand lets one person radiate in 24 h."""
    voice = _voice(work)
    row = access.one(work, word.rights_id).rights
    if verb is Verb.RADIATE and _are_many(work, row, voice, 1):
        raise SecondPersonExpected
    _say(work, verb, [word], voice)


def tell_all(work: Work, words: Sequence[Word]) -> PendingAct | None:
    """Radiate people of one company, all or none. More than the brand's number in 24 h wait, as the act returned, for a second person.

    Raises ``Forbidden``, ``Held``, ``Invalid`` with the line of each flaw.
    """
    voice = _voice(work)
    found = access.employed(work, _ids(words))
    _check_list(work, words, found, voice)
    first = found[words[0].rights_id].rights
    if _are_many(work, first, voice, len(words)):
        return _ask(work, words, first.siren)
    _say(work, Verb.RADIATE, words, voice)
    return None


def approve(work: Work, act_id: uuid.UUID) -> PendingAct:
    """Approve the list of somebody else, and radiate. Raises ``Forbidden``, ``Held``, ``NotFound``, ``SamePerson``, ``Decided``, and
    ``Invalid`` when somebody on it can no longer be radiated: it then waits on, to be refused."""
    refuse_while_held(work)
    act = access.act(work, act_id)
    access.deciding(work, act)
    act.approve(work)
    words = msgspec.json.decode(act.content, type=list[Word])
    _say(work, Verb.RADIATE, words, Voice("employer", act.asked_by), listed=True)
    return act


def refuse(work: Work, act_id: uuid.UUID) -> PendingAct:
    """Refuse a list, or take one's own back. Raises ``Forbidden``, ``NotFound``, ``Decided``."""
    act = access.act(work, act_id)
    if work.actor.account_id != act.asked_by:
        access.deciding(work, act)
    act.refuse(work)
    return act


def _voice(work: Work) -> Voice:
    refuse_while_held(work)
    source, account_id = SIDES.get(work.actor.kind), work.actor.account_id
    if source is None or account_id is None:
        raise Forbidden
    if source == "caseworker":
        must_handle(work)
    return Voice(source, account_id)


def _ids(words: Sequence[Word]) -> list[uuid.UUID]:
    return [word.rights_id for word in words]


def _are_many(work: Work, row: Rights, voice: Voice, more: int) -> bool:
    """Whether so many more are too many for one employer's person."""
    if voice.source != "employer":
        return False
    return access.told_lately(work, row.siren) + more > access.terms(work, row.brand).four_eyes_above


def _ask(work: Work, words: Sequence[Word], siren: str) -> PendingAct:
    act = PendingAct(
        kind=KIND,
        subject=f"company:{siren}",
        brand=work.brand_key,
        siren=siren,
        reason=str(len(words)),
        content=msgspec.json.encode(words).decode(),
        asked_by=work.actor.account_id,
        asked_at=work.now,
        expires_at=work.now + four_eyes.LIFE,
    )
    work.session.add(act)
    work.session.flush()
    work.audit("act.asked", act.subject, kind=KIND, act=str(act.id), people=len(words))
    return act


def _say(work: Work, verb: Verb, words: Sequence[Word], voice: Voice, *, listed: bool = False) -> None:
    """Keep what is said, and let the rights of these people be decided again, alone with them."""
    people = {each.rights.person_id for each in access.employed(work, _ids(words)).values()}
    with work.session.as_platform():
        keys = access.hold(work, people)
        found = access.employed(work, _ids(words))
        if listed or len(words) > 1:
            _check_list(work, words, found, voice)
        else:
            _check(work, verb, words[0], found[words[0].rights_id], voice)
        for word in words:
            _keep(work, verb, found[word.rights_id].rights, word, voice)
        work.session.flush()
        settle(work, keys)


def _check(work: Work, verb: Verb, word: Word, of: Employed, voice: Voice) -> None:
    """Raises ``RadiationRefused`` for what cannot be done, ``Invalid`` for a day or a motive that cannot be."""
    terms = access.terms(work, of.rights.brand)
    if why := rules.refusal(verb, of.standing, voice.source, terms, work.today):
        raise RadiationRefused(why)
    if wrong := list(_flaws(work, verb, word, of)):
        raise Invalid(errors=[{"field": field, "message": message} for field, message in wrong])


def _flaws(work: Work, verb: Verb, word: Word, of: Employed) -> Iterator[rules.Flaw]:
    if word.ended_on is None or word.motive is None:
        return
    terms = access.terms(work, of.rights.brand)
    table = work.brands[of.rights.brand].own.motive_table
    yield from rules.flaws(of.standing, word.ended_on, word.motive, terms, work.today, table)
    told = of.standing.told
    if verb is Verb.CORRECT and told and (told.ended_on, told.motive) == (word.ended_on, word.motive):
        yield "ended_on", rules.NOTHING_NEW


def _check_list(work: Work, words: Sequence[Word], found: Mapping[uuid.UUID, Employed], voice: Voice) -> None:
    """Raises ``Invalid`` with every flaw of every line."""
    if len({each.rights.siren for each in found.values()}) > 1:
        raise not_one_company()
    errors = [
        {"field": f"radiations.{place}.{field}", "message": message}
        for place, word in enumerate(words)
        for field, message in _line_flaws(work, word, found.get(word.rights_id), voice, again=word.rights_id in _ids(words[:place]))
    ]
    if errors:
        raise Invalid(errors=errors)


def _line_flaws(work: Work, word: Word, of: Employed | None, voice: Voice, *, again: bool) -> Iterator[rules.Flaw]:
    if of is None or again:
        yield "rights_id", said_twice() if again else unknown_employee()
    elif why := rules.refusal(Verb.RADIATE, of.standing, voice.source, access.terms(work, of.rights.brand), work.today):
        yield "rights_id", why
    else:
        yield from _flaws(work, Verb.RADIATE, word, of)


def _keep(work: Work, verb: Verb, row: Rights, word: Word, voice: Voice) -> None:
    """One line more of what was said, and the rights with the last word."""
    said = {"ended_on": word.ended_on, "motive": word.motive, "message": word.message}
    told = {"source": voice.source, "told_by": voice.account_id, "told_at": work.now}
    work.session.add(Radiation(rights_id=row.id, verb=verb, **said, **told))
    row.direct_end_on, row.direct_motive, row.direct_source = word.ended_on, word.motive, voice.source
    if verb is not Verb.CORRECT:
        row.direct_on = work.today
    details = {"rights": str(row.id), "sirens": [row.siren], "motive": word.motive}
    work.for_brand(row.brand).audit(AUDITED[verb], f"person:{row.person_id}", **details)
