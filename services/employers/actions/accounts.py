"""What becomes of an employer's account elsewhere, and follows here: another e-mail, or none at all."""

from events.identity import AccountDeleted, ContactChanged
from services.employers.access import habilitations as access
from services.employers.actions import habilitations
from services.employers.config import Work
from services.employers.models import email_fingerprint


def reach(work: Work, fact: ContactChanged) -> None:
    """An employer proved another e-mail (S1:158): the list of habilitations shows it. Accounts of other kinds are not known here."""
    account = access.account(work, fact.account_id)
    if account is not None:
        account.email, account.email_fingerprint = fact.email.value, email_fingerprint(work.brand_key, fact.email.value)


def forget(work: Work, fact: AccountDeleted) -> None:
    """An employer deleted her account (S2:30): every right ends, her name goes. The last administrator may leave too: the company
    then opens again by its contact on file, as the first time."""
    held = access.of_account(work, fact.account_id)
    access.lock_companies(work, {habilitation.siren for habilitation in held})
    for habilitation in held:
        company = access.lock_company(work, habilitation.siren)
        work.session.refresh(habilitation)
        if habilitation.revoked_at is None:
            habilitations.end(work.for_brand(company.brand), habilitation)
    account = access.account(work, fact.account_id)
    if account is not None:
        work.session.delete(account)
