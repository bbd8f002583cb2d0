"""The whole service in one file, because it is one table, a few routes and a subscription."""

import os
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy import CheckConstraint, MetaData, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import http, ids, problems
from chassis.service import Service
from chassis.streams import Streamed
from chassis.tables import NAMING, TYPES
from chassis.vault import Vault
from chassis.work import Told, Work
from events.messaging import NoticeHandedOver

VAULT = Vault()


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


class Parcel(Base):
    __tablename__ = "parcel"
    __table_args__ = (CheckConstraint("weight > 0", name="weight_positive"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    recipient: Mapped[str]
    content: Mapped[str] = mapped_column(VAULT.text())
    weight: Mapped[int]


class TooHeavy(problems.Refusal):
    status, slug, title = 409, "colis-trop-lourd", "Ce colis est trop lourd."


class NewParcel(http.Request):
    recipient = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    content = ma.fields.String(required=True)
    weight = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(min=1))


class ParcelAnswer(http.Answer):
    id = ma.fields.UUID(required=True)
    recipient = ma.fields.String(required=True)
    content = ma.fields.String(required=True)


door = http.Door("parcels", __name__, audience=("clerk", "recipient"))


@door.post("/parcels")
@door.creating
@door.arguments(NewParcel)
@door.response(201, ParcelAnswer)
def post_parcel(form: dict[str, Any]) -> Parcel:
    return post(http.work(), form)


@door.get("/parcels")
@door.response(200, ParcelAnswer(many=True))
def list_parcels() -> list[Parcel]:
    return list(http.work().session.scalars(select(Parcel).order_by(Parcel.id)))


@door.get("/parcels.txt")
@door.response(200)
def print_parcels() -> Response:
    http.work().audit("parcels.printed", "parcels")
    return Streamed(printed, "text/plain")


@door.get("/broken")
@door.response(200)
def broken() -> Response:
    raise RuntimeError("1 80 04 75 999 005 38 leaked")


def post(work: Work[Any], form: dict[str, Any]) -> Parcel:
    if form["weight"] > 30:
        raise TooHeavy(weight=form["weight"])
    parcel = Parcel(**form)
    work.session.add(parcel)
    work.session.flush()
    work.emit(NoticeHandedOver(notice_id=parcel.id, about=f"recipient:{parcel.recipient}", template="parcel", channel="post"))
    work.audit("parcel.posted", f"parcel:{parcel.id}", weight=parcel.weight)
    return parcel


def printed(work: Work[Any]) -> Iterator[bytes]:
    """A line a parcel; one of them cannot be printed."""
    for content, weight in work.session.told(select(Parcel.content, Parcel.weight).order_by(Parcel.id)):
        yield f"{content} {30 // (weight - 13)}\n".encode()


def on_notice(work: Work[Any], tolds: Sequence[Told[NoticeHandedOver]], adapters: Any) -> None:
    """Adds a parcel for each notice; some templates misbehave on purpose."""
    for told in tolds:
        misbehave(told.fact.template)
        if told.fact.template == "unspeakable":
            work.for_brand("no database holds \0").emit(told.fact)
        work.session.add(Parcel(id=told.fact.notice_id, recipient=told.fact.about, content=told.fact.template, weight=1))


def misbehave(template: str) -> None:
    if template == "raises":
        raise RuntimeError("this handler raises")
    if template == "kills":
        os._exit(9)


SERVICE = Service(
    name="parcels",
    title="Colis",
    package="tests.chassis.parcels",
    metadata=Base.metadata,
    vault=VAULT,
    doors=(door,),
    subscriptions={NoticeHandedOver: on_notice},
)
