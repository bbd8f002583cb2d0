"""Crowds, written by PostgreSQL itself: a company of many people, a portfolio of many establishments."""

from typing import Any

from sqlalchemy import Connection, text

from services.members.models import VAULT

SYSTEM = text("SELECT set_config('affilia.kind', 'system', true)")
PEOPLE = text("""
INSERT INTO person (id, brand, member_number, first_name, last_name, search_name, birth_on, nir, iban, registered_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'hcr', 'C' || lpad(n::text, 9, '0'), 'Prenom' || lpad(n::text, 7, '0'),
       'NOM' || lpad((n % 5000)::text, 4, '0'), 'nom' || lpad((n % 5000)::text, 4, '0') || ' prenom' || lpad(n::text, 7, '0'),
       date '1980-04-04', :nir, :nir, now()
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
""")
RIGHTS = """
INSERT INTO rights (id, brand, person_id, search_name, affiliation_id, siren, siret, opened_siret, contract_reference, professional_status,
                    spouse_covered, starts_on, status, reason, source, ends_on)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'hcr', lpad(to_hex(n), 32, '0')::uuid,
       'nom' || lpad((n % 5000)::text, 4, '0') || ' prenom' || lpad(n::text, 7, '0'), lpad(to_hex(n), 32, '0')::uuid,
       left(place.siret, 9), place.siret, place.siret, 'SANTE-EX-0001', CASE n % 3 WHEN 0 THEN 'CADRE' ELSE 'ACTIF NON CADRE' END,
       false, date '2018-01-01' + n % 3000, CASE n % 10 WHEN 0 THEN 'ended' ELSE 'active' END, 'Droits ouverts.', 'affiliation',
       CASE n % 10 WHEN 0 THEN date '2026-12-31' END
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n, LATERAL (SELECT {siret} AS siret) place
"""
PER_COMPANY = 5


def portfolio_siren(company: int) -> str:
    """The SIREN of a company of :func:`portfolio`."""
    return f"{100_000_000 + company}"


def company(connection: Connection, siret: str, people: int, first: int = 0) -> None:
    """So many people in one establishment."""
    _fill(connection, "CAST(:place AS text)", first, people, place=siret)


def portfolio(connection: Connection, people: int, establishments: int, first: int = 0) -> None:
    """So many people, spread over so many establishments, five a company."""
    place = f"(100000000 + n % :establishments / {PER_COMPANY})::text || lpad((n % :establishments % {PER_COMPANY})::text, 5, '0')"
    _fill(connection, place, first, people, establishments=establishments)


def _fill(connection: Connection, siret: str, first: int, people: int, **told: Any) -> None:
    span = {"first": first, "last": first + people - 1}
    connection.execute(SYSTEM)
    connection.execute(PEOPLE, span | {"nir": VAULT.seal("280047599900531")})
    connection.execute(text(RIGHTS.format(siret=siret)), span | told)
