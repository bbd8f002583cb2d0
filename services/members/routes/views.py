"""The views that an employer keeps of « Mes salariés affiliés »."""

import uuid
from typing import Any

from chassis import http
from services.members.actions import saved_views as actions
from services.members.queries import saved_views
from services.members.schemas import NewView, ViewAnswer, ViewAnswers

door = http.Door("employee_views", __name__, url_prefix="/employees/views", audience=("employer",), description="Vues enregistrées")


@door.get("")
@door.response(200, ViewAnswers, description="Les vues, celle qui s'ouvre d'abord en tête")
def list_views() -> dict[str, Any]:
    """Lister ses vues"""
    return saved_views.views(http.work())


@door.post("")
@door.creating
@door.arguments(NewView)
@door.response(201, ViewAnswer, description="La vue gardée")
def keep_view(form: dict[str, Any]) -> dict[str, Any]:
    """Garder une vue : un nom, des filtres, un ordre"""
    return saved_views.view(actions.keep(http.work(), form))


@door.put("/<uuid:view_id>")
@door.arguments(NewView)
@door.response(200, ViewAnswer, description="La vue telle qu'elle est gardée")
def change_view(form: dict[str, Any], view_id: uuid.UUID) -> dict[str, Any]:
    """Renommer une vue, changer ses filtres ou son ordre, en faire la première"""
    return saved_views.view(actions.change(http.work(), view_id, form))


@door.delete("/<uuid:view_id>")
@door.response(204, description="La vue n'est plus gardée")
def forget_view(view_id: uuid.UUID) -> None:
    """Supprimer une vue"""
    actions.forget(http.work(), view_id)
