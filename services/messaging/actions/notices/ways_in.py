"""What lets somebody in: codes, links, invitations."""

from events.fact import opened
from events.identity import CodeIssued, InvitationIssued, LinkIssued, PasswordLinkIssued
from services.messaging import rules
from services.messaging.actions.notices.drafts import Draft, write
from services.messaging.config import MessagingWork

PASSWORD_PAGE = "acces/mot-de-passe"


def issue_code(work: MessagingWork, fact: CodeIssued) -> None:
    """A one-time code, by the channel that the fact names; too late is too late."""
    write(
        work,
        Draft(
            cause=f"code:{fact.code_id}",
            recipient=f"code:{fact.code_id}",
            template=rules.CODE_TEMPLATES[fact.channel],
            about=f"code:{fact.code_id}",
            channel=fact.channel,
            space=rules.space_of(fact.kind),
            to=fact.to.value,
            content={"purpose": fact.purpose, "code": fact.code.value, "expires_at": fact.expires_at.isoformat()},
            expires_at=fact.expires_at,
        ),
    )


def issue_link(work: MessagingWork, fact: LinkIssued) -> None:
    """A personal link to an affiliation form: a mail, a reminder, or a letter (S1:210-216, S1:249)."""
    content = {
        "token": fact.token.value,
        "first_name": fact.first_name.value,
        "last_name": fact.last_name.value,
        "establishment": fact.establishment_name,
        "expires_at": fact.expires_at.isoformat(),
        "reminder": fact.reminder,
    }
    write(
        work,
        Draft(
            cause=f"link:{fact.link_id}",
            recipient=f"affiliation:{fact.affiliation_id}",
            template=rules.LINK_TEMPLATES[(fact.channel, fact.reminder)],
            about=f"affiliation:{fact.affiliation_id}",
            channel=fact.channel,
            to=fact.to.value,
            content=content,
            expires_at=fact.expires_at,
        ),
    )


def invite(work: MessagingWork, fact: InvitationIssued) -> None:
    """A link for somebody invited, to companies (S1:141) or as a caseworker; each sending is a mail of its own."""
    content = {
        "page": rules.INVITATION_PAGE,
        "token": fact.token.value,
        "first_name": fact.first_name.value,
        "company_names": list(fact.company_names),
        "others": fact.companies - len(fact.company_names),
        "inviter": opened(fact.inviter),
        "expires_at": fact.expires_at.isoformat(),
    }
    write(
        work,
        Draft(
            cause=f"invitation:{fact.invitation_id}:{fact.issued_at.isoformat()}",
            recipient=f"invitation:{fact.invitation_id}",
            template=rules.INVITATION_TEMPLATES[(fact.kind, fact.renews)],
            about=f"invitation:{fact.invitation_id}",
            space=rules.space_of(fact.kind),
            to=fact.to.value,
            content=content,
            expires_at=fact.expires_at,
        ),
    )


def issue_password_link(work: MessagingWork, fact: PasswordLinkIssued) -> None:
    """A link to choose another password (S2:43); too late is too late."""
    about = f"account:{fact.account_id}"
    content = {"token": fact.token.value, "page": PASSWORD_PAGE, "first_name": fact.first_name.value}
    write(
        work,
        Draft(
            cause=f"password-link:{fact.link_id}",
            recipient=about,
            template="password_link",
            about=about,
            space=rules.space_of(fact.kind),
            to=fact.to.value,
            content=content | {"expires_at": fact.expires_at.isoformat()},
            expires_at=fact.expires_at,
        ),
    )
