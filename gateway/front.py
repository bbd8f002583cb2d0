"""The first pages: the start page with the spaces of every brand, the page of one space, the API page."""

from flask import Blueprint, render_template, request

from gateway.config import Space
from gateway.house import house

door = Blueprint("front", __name__)


@door.get("/")
def start() -> str:
    """The start page, or the space that the host name means."""
    home = house()
    if home.place.front:
        return render_template("start.html", port=_port())
    return render_template("space.html", space=_space())


@door.get("/api/docs")
def api_page() -> str:
    """Swagger UI, from our own files."""
    return render_template("api.html")


def _space() -> Space:
    home = house()
    return next(space for space in home.brand.own.spaces if space.key == home.place.space)


def _port() -> str:
    """The port the visitor used, to put after another host name."""
    _name, colon, port = request.host.rpartition(":")
    return f":{port}" if colon and port.isdigit() else ""
