"""The general conditions: accepted with a proof that stays, and asked again when they change (S1:82)."""

from services.identity import access
from services.identity.actions.second_factor import network
from services.identity.config import IdentityWork, Terms
from services.identity.errors import TermsChanged
from services.identity.models import Account, Opening, TermsAcceptance


def in_force(work: IdentityWork, space: str, version: str) -> Terms:
    """The conditions of a space, when ``version`` is the one in force. Raises :class:`TermsChanged`."""
    terms = work.brand.own.terms[space]
    if version != terms.version:
        raise TermsChanged(version=terms.version)
    return terms


def to_accept(work: IdentityWork, account: Account) -> Terms | None:
    """The conditions that an account has not accepted yet, ``None`` when it is up to date."""
    terms = work.brand.own.terms[account.space]
    return None if account.terms_version == terms.version else terms


def accept(work: IdentityWork, account: Account, version: str) -> None:
    """Accept the conditions in force, now and from here. Raises :class:`TermsChanged`."""
    terms = in_force(work, account.space, version)
    _keep(work, account, TermsAcceptance(version=terms.version, digest=terms.digest, accepted_at=work.now, network=network(work)))


def accept_own(work: IdentityWork, version: str) -> None:
    """Whoever is signed in accepts the new conditions. Raises :class:`TermsChanged`."""
    accept(work, access.expected_account(work), version)


def accept_with_form(work: IdentityWork, account: Account, opening: Opening) -> None:
    """The conditions accepted when the form was sent, whatever they became before its code was given."""
    proof = TermsAcceptance(
        version=opening.terms_version, digest=opening.terms_digest, accepted_at=opening.asked_at, network=opening.network
    )
    _keep(work, account, proof)


def _keep(work: IdentityWork, account: Account, proof: TermsAcceptance) -> None:
    account.terms_version = proof.version
    work.session.flush()  # the account may be as new as its proof
    proof.account_id, proof.space = account.id, account.space
    work.session.add(proof)
    work.audit("terms.accepted", account.subject, version=proof.version, digest=proof.digest.hex())
