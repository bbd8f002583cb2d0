"""« Localiser un professionnel de santé » (S0:214-225, S4:297-318): what is asked, and what is found near a place."""

from marshmallow import fields, validate

from chassis import http
from chassis.labels import _
from identifiers.fields import Text
from services.members.rules.specialties import specialties

MOST_AT_ONCE = 100
FARTHEST_KM = 100
NOT_A_POSTCODE = _("Un code postal compte 5 chiffres.")


class NearbyQuery(http.Request):
    """A page in the order of the distance, at most ``within_km`` away; ``after`` is the ``next`` of the page before."""

    within_km = fields.Integer(load_default=30, validate=validate.Range(1, FARTHEST_KM))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, MOST_AT_ONCE))
    after = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9]{1,8}\.[a-z0-9-]{1,60}$(?!\n)"))


class TownQuery(NearbyQuery):
    """A postcode, a town, or both (S0:219)."""

    postcode = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9]{5}$(?!\n)", error=NOT_A_POSTCODE))
    town = Text(max=80, load_default=None)


class PositionBody(NearbyQuery):
    """A position in degrees (WGS 84): it travels in the body, and nothing keeps it."""

    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    lon = fields.Float(required=True, validate=validate.Range(-180, 180))


class _Wanted(http.Request):
    specialty = fields.String(required=True, validate=validate.OneOf(sorted(specialties())))
    third_party_payment = fields.Boolean(load_default=False)
    network = fields.Boolean(load_default=False)


class ProfessionalsQuery(TownQuery, _Wanted):
    """Professionals of a specialty near a town; the flags keep those of whom the insurer says so."""


class ProfessionalsAround(PositionBody, _Wanted):
    """Professionals of a specialty around a position."""


class TownsQuery(http.Request):
    """The first letters of a town, accents and hyphens or not."""

    starts = Text(required=True, max=80)
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 50))


class SpecialtyLine(http.Answer):
    key = fields.String(required=True)
    label = fields.String(required=True)


class Specialties(http.Answer):
    items = fields.List(fields.Nested(SpecialtyLine), required=True)


class TownLine(http.Answer):
    insee = fields.String(required=True)
    name = fields.String(required=True)
    postcodes = fields.List(fields.String(), required=True)


class Towns(http.Answer):
    items = fields.List(fields.Nested(TownLine), required=True)


class PlaceLine(http.Answer):
    """Where distances are counted from; ``approximate`` when only the surroundings of the town are known."""

    label = fields.String(required=True)
    approximate = fields.Boolean(required=True)


class NearLine(http.Answer):
    """Something near; the distance is between centres of towns, which ``approximate`` says of a town that is not located itself."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    street = fields.String(required=True)
    postcode = fields.String(required=True)
    town = fields.String(required=True)
    phone = fields.String(required=True)
    distance_km = fields.Float(required=True)
    approximate = fields.Boolean(required=True)


class ProfessionalLine(NearLine):
    """A professional. The flags are the insurer's word, ``null`` where it says nothing; ``checked_on`` is the day it last checked.
    ``demonstration`` says that nobody of that name exists."""

    specialty = fields.String(required=True)
    specialty_label = fields.String(required=True)
    organisation = fields.String(required=True)
    third_party_payment = fields.Boolean(required=True, allow_none=True)
    network = fields.Boolean(required=True, allow_none=True)
    checked_on = fields.Date(required=True, allow_none=True)
    demonstration = fields.Boolean(required=True)


class Professionals(http.Answer):
    """A page. ``register_on`` is the day of the open register that the names and addresses come from."""

    place = fields.Nested(PlaceLine, required=True)
    register_on = fields.Date(required=True, allow_none=True)
    items = fields.List(fields.Nested(ProfessionalLine), required=True)
    next = fields.String(required=True, allow_none=True)


class DayHours(http.Answer):
    """A day's hours in words (« 09:00-12:30, 14:00-18:00 »), empty when the agency is closed."""

    day = fields.String(required=True)
    hours = fields.String(required=True)


class AgencyLine(NearLine):
    hours = fields.List(fields.Nested(DayHours), required=True)
    open_now = fields.Boolean(required=True)


class Agencies(http.Answer):
    place = fields.Nested(PlaceLine, required=True)
    told_on = fields.Date(required=True, allow_none=True)
    items = fields.List(fields.Nested(AgencyLine), required=True)
    next = fields.String(required=True, allow_none=True)
