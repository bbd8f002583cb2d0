"""``affilia audit``: whether the audit trails are whole."""

import sys

import click

from affilia.keys import SERVICES
from affilia.operations import one_service, refuse_untold
from chassis import audit

MOST_SHOWN = 20
NOT_ANCHORED = (
    "{name} : sans « audit_anchor », une fin de chaîne coupée ne se voit pas ici : voyez le dernier « audit.anchored » du journal."
)


@click.group("audit")
def command() -> None:
    """Éprouve la piste d'audit des services."""


@command.command()
@click.argument("service", type=click.Choice(SERVICES), required=False)
def verify(service: str | None) -> None:
    """Vérifie que la piste d'audit de SERVICE, ou de tous, est entière : rien de modifié, supprimé, inséré, déplacé ni coupé."""
    names = (service,) if service else SERVICES
    refuse_untold(names)
    whole = [_verify(name) for name in names]
    sys.exit(0 if all(whole) else 1)


def _verify(name: str) -> bool:
    with one_service(name) as running:
        verdict = audit.verify(running)
        anchored = running.settings.audit_anchor is not None
    if not anchored:
        click.echo(NOT_ANCHORED.format(name=name))
    if not verdict.findings:
        click.echo(f"{name} : {verdict.walked} lignes scellées, rien à signaler")
        return True
    click.echo(f"{name} : {verdict.walked} lignes scellées, {len(verdict.findings)} anomalies")
    for finding in verdict.findings[:MOST_SHOWN]:
        click.echo(f"  {finding.at} : {finding.what}")
    return False
