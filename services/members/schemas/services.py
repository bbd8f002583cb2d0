"""« Mes services »: families, services, and the link to the teleconsultation."""

from marshmallow import fields

from chassis import http


class ServiceLine(http.Answer):
    """A service: ``open`` by the contract ``contract_label``, or not, and ``why`` not. ``action`` is the page that gives it."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    text = fields.String(required=True)
    action = fields.String(required=True, allow_none=True)
    open = fields.Boolean(required=True)
    contract_label = fields.String(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True)


class ServiceFamily(http.Answer):
    key = fields.String(required=True)
    label = fields.String(required=True)
    services = fields.List(fields.Nested(ServiceLine), required=True)


class MyServices(http.Answer):
    title = fields.String(required=True)
    families = fields.List(fields.Nested(ServiceFamily), required=True)


class HandOver(http.Answer):
    """Where to send the browser before ``ends_at``: the token stands after ``#``, which no server and no log is told."""

    url = fields.String(required=True)
    partner = fields.String(required=True)
    ends_at = fields.AwareDateTime(required=True)
