"""Where letters and mails lead until each has its own page: ``/acces``, ``/acces/<token>``, and under it ``invitation/<token>``,
``mot-de-passe/<token>`` and ``opposition/<token>``.

Opening a page uses nothing up: ``POST /api/identity/access``, ``…/invitations/acceptance``, ``…/password-resets/use`` and ``…/objections``
alone do. A token is neither read, shown, logged nor passed on.
"""

from flask import Blueprint, Response, abort, render_template, request

from gateway.house import house

ADDRESS = "/acces"
APPLICANTS = "assure"
"""The space that letters and links lead to."""
INVITING = frozenset({"entreprise", "conseil"})
"""The spaces that people are invited to."""
FORGETFUL = INVITING | {"assure"}
"""The spaces whose passwords are chosen again by a link."""

QUIET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

door = Blueprint("access", __name__)


@door.get(ADDRESS, strict_slashes=False)
def by_code() -> str:
    """Where a letter sends its reader, personal code in hand: what the code is for and how it opens the form today."""
    return _explained(linked=False)


@door.get(f"{ADDRESS}/<token>")
def by_link(token: str) -> str:
    """What the link is for and how it is opened today, whatever the token is worth."""
    return _explained(linked=True)


@door.get(f"{ADDRESS}/invitation/<token>")
def by_invitation(token: str) -> str:
    """What an invitation opens and how it is accepted today, whatever the token is worth."""
    if house().place.space not in INVITING:
        abort(404)
    return render_template("invitation.html", enrols=house().place.space == "conseil")


@door.get(f"{ADDRESS}/mot-de-passe/<token>")
def by_password_link(token: str) -> str:
    """What the link of a forgotten password is for and how it is used today, whatever the token is worth."""
    if house().place.space not in FORGETFUL:
        abort(404)
    return render_template("password.html", enrolled=house().place.space == "conseil")


@door.get(f"{ADDRESS}/opposition/<token>")
def by_objection(token: str) -> str:
    """What « it was not me » undoes and how it is said today, whatever the token is worth."""
    if house().place.space not in FORGETFUL:
        abort(404)
    return render_template("objection.html")


@door.after_app_request
def keep_quiet(answer: Response) -> Response:
    """No page of these addresses tells another where the visitor comes from, refusals included."""
    if f"{request.path}/".startswith(f"{ADDRESS}/"):
        answer.headers.update(QUIET)
    return answer


def _explained(*, linked: bool) -> str:
    if house().place.space != APPLICANTS:
        abort(404)
    return render_template("access.html", linked=linked)
