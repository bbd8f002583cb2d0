"""The fields of HTTP bodies: canonical values in, one French sentence for anything else, whatever its type."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from identifiers import invented
from identifiers.fields import BirthDate, Email, Iban, Nir, PersonName, Phone, Siren, Siret, Text


class Person(Schema):
    """A body with one of each."""

    nir = Nir(required=True)
    siren = Siren()
    siret = Siret()
    iban = Iban()
    phone = Phone()
    email = Email()
    name = PersonName()
    street = Text(max=50)
    message = Text(max=2000, lines=True)
    birth_on = BirthDate(allow_none=True)


CLAIRE = {
    "nir": invented.nir("claire"),
    "siren": invented.siren("acme"),
    "siret": invented.siret("acme"),
    "iban": invented.iban("claire"),
    "phone": invented.mobile("claire"),
    "email": "claire@exemple.fr",
    "name": "Claire",
    "street": "3 rue de l'Exemple",
    "message": "Bonjour,\nmerci.",
    "birth_on": "1992-03-10",
}


def refusal(**changed: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        Person().load({**CLAIRE, **changed})
    (field,) = changed
    messages = refused.value.messages_dict[field]
    assert isinstance(messages, list)
    return str(messages[0])


def test_claire_s_body_is_read_whole() -> None:
    assert Person().load(CLAIRE) == {**CLAIRE, "birth_on": date(1992, 3, 10)}
    assert Person().dump({"birth_on": date(1992, 3, 10), "nir": CLAIRE["nir"]}) == {"birth_on": "1992-03-10", "nir": CLAIRE["nir"]}


def test_typed_spaces_are_folded() -> None:
    assert Person().load({"nir": " ".join(CLAIRE["nir"])})["nir"] == CLAIRE["nir"]


@pytest.mark.parametrize("field", [field for field in CLAIRE if field != "birth_on"])
@pytest.mark.parametrize("value", [12, 1.5, True, [], {}, ["1"], b"octets"], ids=repr)
def test_what_is_no_text_is_refused(field: str, value: object) -> None:
    assert refusal(**{field: value}) == "Ce champ attend du texte."


@pytest.mark.parametrize(
    "value", ["10/03/1992", "1992-02-30", "19920310", "", "1992-3-1", "١٩٩٢-٠٣-١٠", 19920310, [], True, "1992-03-10T00:00"], ids=repr
)
def test_what_is_no_date_is_refused(value: object) -> None:
    assert "pas valable" in refusal(birth_on=value)


def test_nobody_was_born_before_1880() -> None:
    assert "trop ancienne" in refusal(birth_on="1879-12-31")
    assert Person().load({**CLAIRE, "birth_on": "1880-01-01"})["birth_on"] == date(1880, 1, 1)
    assert Person().load({**CLAIRE, "birth_on": None})["birth_on"] is None


def test_missing_null_and_endless_values_speak_french() -> None:
    with pytest.raises(ValidationError, match="obligatoire"):
        Person().load({})
    assert refusal(nir=None) == "Ce champ ne peut pas être vide."
    assert refusal(nir=" " * 65) == "Ce texte est trop long : 64 caractères au plus."
    assert refusal(street="x" * 51) == "Ce texte est trop long : 50 caractères au plus."
    assert refusal(message="\x00") == "Ce texte contient un caractère invisible ou de contrôle : saisissez-le à nouveau au clavier."


def test_the_api_description_tells_what_to_send() -> None:
    described = Person().fields
    assert described["nir"].metadata["format"] == "nir"
    assert described["street"].metadata["maxLength"] == 50
    for name, field in described.items():
        if example := field.metadata.get("example"):
            assert Person(only=[name]).load({name: example})


@settings(deadline=None)
@given(st.sampled_from(sorted(CLAIRE)), st.text() | st.none() | st.integers() | st.lists(st.text()))
def test_any_value_is_read_or_refused(field: str, value: object) -> None:
    refused = Person(only=[field]).validate({field: value})
    assert set(refused) <= {field}
    assert all(str(sentence).endswith(".") for sentence in refused.get(field, []))
