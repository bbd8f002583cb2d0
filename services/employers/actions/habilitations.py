"""What administrators do with the habilitations of their companies (S1:136-146), and what time does.

Who loses a right takes her unanswered invitations with her. A company never loses its last administrator to a colleague.
"""

from datetime import date
from typing import Any
from uuid import UUID

from events import employers as facts
from events import opened, seal
from events.employers import Role
from events.identity import AccountActivated
from services.employers import errors, lifecycle, rules
from services.employers.access import habilitations as access
from services.employers.config import Work
from services.employers.lifecycle import State, Verb
from services.employers.models import Account, Company, Habilitation, email_fingerprint


def edit(work: Work, habilitation_id: UUID, role: Role, ends_on: date | None, sees_nir: bool) -> Habilitation:
    """Change the role held on one company, the last day of the mandate, and whether a user reads whole social security numbers.

    Raises ``NotFound``, ``LastAdministrator``, ``ForbiddenTransition``, ``Invalid``.
    """
    habilitation = access.managed(work, habilitation_id)
    _check_end(work, ends_on)
    lifecycle.after(habilitation.state_at(work.now), Verb.EDIT)
    if role != rules.ADMINISTRATOR:
        _guard(work, habilitation)
        _withdraw_invitations_of(work, habilitation)
    rises = role == rules.ADMINISTRATOR and habilitation.role != role
    habilitation.role, habilitation.ends_on, habilitation.sees_nir = role, ends_on, sees_nir
    habilitation.live(Verb.EDIT, work.now)
    if habilitation.state == State.ACTIVE:
        _tell_granted(work, habilitation)
    if rises and habilitation.state == State.ACTIVE:
        tell_gained(work, habilitation)
    _audit(work, habilitation, "edited", role=role, sees_nir=sees_nir, ends_on=ends_on and ends_on.isoformat())
    return habilitation


def suspend(work: Work, habilitation_id: UUID, resumes_on: date | None) -> Habilitation:
    """Take the right away until ``resumes_on``, or until somebody gives it back (S1:146).

    Raises ``NotFound``, ``LastAdministrator``, ``ForbiddenTransition``, ``Invalid``.
    """
    habilitation = access.managed(work, habilitation_id)
    if resumes_on is not None and resumes_on <= work.today:
        raise errors.past_return()
    lifecycle.after(habilitation.state_at(work.now), Verb.SUSPEND)
    _guard(work, habilitation)
    shut(work, habilitation, resumes_on)
    return habilitation


def shut(work: Work, habilitation: Habilitation, resumes_on: date | None = None) -> None:
    """Suspend a habilitation whose company is locked."""
    before = habilitation.live(Verb.SUSPEND, work.now)
    habilitation.resumes_on = resumes_on
    if before is State.ACTIVE:
        _tell_lost(work, habilitation)
    _audit(work, habilitation, "suspended", resumes_on=resumes_on and resumes_on.isoformat())


def reactivate(work: Work, habilitation_id: UUID) -> Habilitation:
    """Give a suspended right back. Raises ``NotFound``, ``ForbiddenTransition``."""
    habilitation = access.managed(work, habilitation_id)
    resume(work, habilitation)
    return habilitation


def resume(work: Work, habilitation: Habilitation) -> None:
    """Give a suspended right back; its company is locked."""
    habilitation.live(Verb.REACTIVATE, work.now)
    _tell_granted(work, habilitation)
    _audit(work, habilitation, "reactivated")


def approve(work: Work, habilitation_id: UUID) -> Habilitation:
    """Let in somebody who proved that she knows the company's identifier (S1:166). Raises ``NotFound``, ``ForbiddenTransition``."""
    habilitation = access.managed(work, habilitation_id)
    habilitation.live(Verb.APPROVE, work.now)
    _tell_granted(work, habilitation)
    tell_gained(work, habilitation)
    _audit(work, habilitation, "approved")
    return habilitation


def revoke(work: Work, habilitation_id: UUID) -> None:
    """Take a right, an invitation or a request away for good. Raises ``NotFound``, ``LastAdministrator``."""
    habilitation = access.managed(work, habilitation_id)
    _guard(work, habilitation)
    end(work, habilitation)


def end(work: Work, habilitation: Habilitation) -> None:
    """End a habilitation whose company is locked, and the invitation that nothing is left of."""
    before = habilitation.live(Verb.REVOKE, work.now)
    if before is State.ACTIVE:
        _tell_lost(work, habilitation)
    if before in (State.INVITED, State.EXPIRED):
        _withdraw_if_empty(work, habilitation)
    _audit(work, habilitation, "revoked")


def let_time_pass(work: Work) -> bool:
    """End one suspension or one mandate whose day has come, whoever holds it. Returns whether there was one.

    A mandate ends even when it is the last administrator's: the company then opens again by the contact on file, as the first time.
    """
    habilitation = access.due(work)
    if habilitation is None:
        return False
    company = access.lock_company(work, habilitation.siren)
    work.session.refresh(habilitation)
    branded = work.for_brand(company.brand)
    if habilitation.ends_on and habilitation.ends_on < work.today and not habilitation.revoked_at:
        end(branded, habilitation)
    elif habilitation.state == State.SUSPENDED and habilitation.resumes_on and habilitation.resumes_on <= work.today:
        resume(branded, habilitation)
    return True


def grant(work: Work, account_id: UUID, company: Company, role: Role) -> None:
    """Let an account act for a company whose contact on file it proved; harmless when it holds something there already."""
    held = access.live_habilitation(work, account_id, company.siren)
    if held is not None and held.state != State.REQUESTED:
        return
    habilitation = held or Habilitation(account_id=account_id, siren=company.siren, state=lifecycle.after(None, Verb.GRANT))
    habilitation.role, habilitation.granted_at, habilitation.changed_at = role, work.now, work.now
    habilitation.state = State.ACTIVE
    work.session.add(habilitation)
    work.session.flush()
    branded = work.for_brand(company.brand)
    _tell_granted(branded, habilitation)
    tell_gained(branded, habilitation)
    branded.audit("habilitation.granted", habilitation.holder, siren=company.siren, role=role)


def request(work: Work, company: Company, account_id: UUID) -> rules.State:
    """The pair was right and somebody administers the company: its administrators are asked. Returns what the request becomes."""
    access.lock_company(work, company.siren)
    if access.live_habilitation(work, account_id, company.siren) is not None:
        return "already_active"
    state = lifecycle.after(None, Verb.REQUEST)
    asked = Habilitation(account_id=account_id, siren=company.siren, role=rules.USER, state=state, changed_at=work.now)
    work.session.add(asked)
    work.session.flush()
    tell_gained(work, asked)
    work.audit("habilitation.requested", asked.holder, siren=company.siren)
    return "requested"


def is_kept(work: Work, company: Company) -> bool:
    """Whether a company does not open by its contact on file: somebody administers it, or two caseworkers shut it.

    Whoever a colleague suspended for good keeps nobody out once that colleague has left, and does not come back by it.
    """
    return company.shut_at is not None or access.has_administrator(work, company.siren)


def know_account(work: Work, fact: AccountActivated) -> None:
    """Keep the name of an account for the list of habilitations."""
    known = {"first_name": fact.first_name, "last_name": fact.last_name, "email": fact.email}
    index = email_fingerprint(work.brand_key, fact.email.value)
    work.session.merge(Account(id=fact.account_id, email_fingerprint=index, **{name: opened(value) for name, value in known.items()}))


def accept(work: Work, habilitation: Habilitation, account_id: UUID) -> None:
    """Somebody followed her invitation; the company is locked."""
    habilitation.live(Verb.ACCEPT, work.now)
    habilitation.account_id = account_id
    work.session.flush()
    _tell_granted(work, habilitation)
    tell_gained(work, habilitation)
    _audit(work, habilitation, "accepted", role=habilitation.role)


def tell_gained(work: Work, habilitation: Habilitation) -> None:
    """Tell the administrators who were there, but for whoever did it, that somebody gained a right, or asks for one."""
    concerned = {habilitation.account_id, work.actor.account_id}
    told = [account for account in access.administrators(work, habilitation.siren) if account not in concerned]
    person = access.account(work, habilitation.account_id)
    if not told or habilitation.account_id is None:
        return
    work.emit(
        facts.RightGained(
            habilitation_id=habilitation.id,
            siren=habilitation.siren,
            account_id=habilitation.account_id,
            role=habilitation.role,  # type: ignore[arg-type]
            first_name=seal(person.first_name) if person else None,
            last_name=seal(person.last_name) if person else None,
            administrators=tuple(told),
            pending=habilitation.state == State.REQUESTED,
        )
    )


def _guard(work: Work, habilitation: Habilitation) -> None:
    """Refuse to take away the last administrator; the company is locked, so two who remove each other cannot both succeed."""
    administers = habilitation.state == State.ACTIVE and habilitation.role == rules.ADMINISTRATOR
    if administers and access.administrators(work, habilitation.siren) == [habilitation.account_id]:
        raise errors.LastAdministrator


def _check_end(work: Work, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < work.today:
        raise errors.past_end()


def _tell_granted(work: Work, habilitation: Habilitation) -> None:
    if habilitation.account_id:
        role: Any = habilitation.role
        work.emit(
            facts.HabilitationGranted(
                account_id=habilitation.account_id, siren=habilitation.siren, role=role, sees_nir=habilitation.sees_nir
            )
        )


def _tell_lost(work: Work, habilitation: Habilitation) -> None:
    """The right is lost everywhere, and so are the invitations its holder sent for this company."""
    if habilitation.account_id:
        work.emit(facts.HabilitationRevoked(account_id=habilitation.account_id, siren=habilitation.siren))
        _withdraw_invitations_of(work, habilitation)


def _withdraw_invitations_of(work: Work, loser: Habilitation) -> None:
    for invited in access.invited_by(work, loser.account_id, loser.siren) if loser.account_id else ():
        end(work, invited)


def _withdraw_if_empty(work: Work, ended: Habilitation) -> None:
    """An invitation that gives nothing more is withdrawn: its link opens nothing."""
    work.session.flush()
    invitation = access.open_invitation(work, ended.invitation_id) if ended.invitation_id else None
    if invitation is not None and not access.invited(work, invitation.id):
        invitation.close(work.now)
        work.emit(facts.InvitationWithdrawn(invitation_id=invitation.id))


def _audit(work: Work, habilitation: Habilitation, what: str, **details: Any) -> None:
    work.audit(f"habilitation.{what}", habilitation.holder, siren=habilitation.siren, **details)
