"""What marshmallow says, in French, and how its nested messages become a flat list of places and sentences."""

from typing import Any

from marshmallow import fields, validate

from chassis.labels import _

BAD_DATE = _("Indiquez une date au format AAAA-MM-JJ.")
BAD_JSON = _("Ce JSON n'est pas lisible : ligne {line}, caractère {column}.")
CONFLICT = _("Cet élément vient d'être modifié ou existe déjà. Rechargez la page avant de réessayer.")

FIELD_MESSAGES: dict[type[fields.Field[Any]], dict[str, str]] = {
    fields.Field: {
        "required": _("Cette information est obligatoire."),
        "null": _("Cette information ne peut pas être vide."),
        "validator_failed": _("Cette valeur n'est pas acceptée."),
    },
    fields.Nested: {"type": _("Un objet est attendu.")},
    fields.List: {"invalid": _("Une liste est attendue.")},
    fields.String: {"invalid": _("Un texte est attendu."), "invalid_utf8": _("Ce texte n'est pas lisible.")},
    fields.UUID: {"invalid_uuid": _("Cet identifiant n'est pas valable.")},
    fields.Number: {"invalid": _("Un nombre est attendu."), "too_large": _("Ce nombre est trop grand.")},
    fields.Integer: {"invalid": _("Un nombre entier est attendu.")},
    fields.Float: {"special": _("Ce nombre n'est pas accepté.")},
    fields.Decimal: {"special": _("Ce nombre n'est pas accepté.")},
    fields.Boolean: {"invalid": _("Répondez par vrai ou faux.")},
    fields.DateTime: {
        "invalid": _("Indiquez une date et une heure valables."),
        "invalid_awareness": _("Précisez le fuseau horaire."),
        "format": _("Cette valeur ne peut pas être mise en forme."),
    },
    fields.Date: {"invalid": BAD_DATE, "format": _("Cette valeur ne peut pas être mise en forme.")},
    fields.Enum: {"unknown": _("Choisissez parmi : {choices}.")},
    fields.Mapping: {"invalid": _("Un objet est attendu.")},
}
VALIDATOR_MESSAGES: dict[type[Any], dict[str, str]] = {
    validate.Length: {
        "message_min": _("Trop court : {min} caractères au moins."),
        "message_max": _("Trop long : {max} caractères au plus."),
        "message_all": _("Entre {min} et {max} caractères sont attendus."),
        "message_equal": _("{equal} caractères sont attendus."),
    },
    validate.Range: {  # formatted twice: first with its operators
        "message_min": _("La valeur doit être au moins {{min}}."),
        "message_max": _("La valeur doit être au plus {{max}}."),
        "message_all": _("La valeur doit être comprise entre {{min}} et {{max}}."),
    },
    validate.OneOf: {"default_message": _("Choisissez parmi : {choices}.")},
    validate.Regexp: {"default_message": _("Ce format n'est pas accepté.")},
}
UNKNOWN_FIELD = _("Ce champ n'est pas attendu.")
NOT_AN_OBJECT = _("Un objet JSON est attendu.")


def speak() -> None:
    """Give marshmallow's own classes their French sentences; harmless when repeated."""
    from marshmallow import Schema

    for kind, messages in FIELD_MESSAGES.items():
        kind.default_error_messages = {**kind.default_error_messages, **messages}
    for validator, attributes in VALIDATOR_MESSAGES.items():
        for name, sentence in attributes.items():
            setattr(validator, name, sentence)
    Schema._default_error_messages = {"type": NOT_AN_OBJECT, "unknown": UNKNOWN_FIELD, "string_keys": NOT_AN_OBJECT}


def flatten(messages: Any, path: str = "") -> list[dict[str, str]]:
    """``{"json": {"a": {"b": ["x"]}}}`` → ``[{"field": "a.b", "message": "x"}]``."""
    if isinstance(messages, dict):
        return [entry for key, value in messages.items() for entry in flatten(value, _join(path, str(key)))]
    if isinstance(messages, list):
        return [entry for value in messages for entry in flatten(value, path)]
    return [{"field": path or "corps", "message": str(messages)}]


def _join(path: str, key: str) -> str:
    hidden = {"json", "query", "form", "files", "headers", "_schema", "json_or_form", "path", "view_args"}
    if key in hidden and not path:
        return ""
    return f"{path}.{key}" if path and key != "_schema" else path or key
