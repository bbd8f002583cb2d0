"""``affilia nginx``: the gateway's configuration for nginx, written from the routing table and the operator's settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import click

from affilia import atomic
from chassis.config import from_environment

FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where nginx is when it is not on the path of somebody who is not root."""


@click.command("nginx")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Le fichier à écrire ; sans lui, le texte est montré.")
@click.option("--check", is_flag=True, help="Fait relire la configuration par nginx (« nginx -t »), là où il est installé.")
def command(out: Path | None, check: bool) -> None:
    """Écrit la configuration de nginx ; les réglages viennent de l'environnement (AFFILIA_GATEWAY_EDGE, …_UPSTREAMS, …_FRONT_SECRET).

    Le fichier porte le secret que nginx partage avec l'edge : il n'est lisible que de son propriétaire.
    """
    from gateway import nginx

    text = nginx.render(from_environment(nginx.Plan, "gateway", os.environ))
    if check:
        click.echo(_examined(text), err=True)
    if out is None:
        click.echo(text, nl=False)
    else:
        atomic.replace(out, text.encode())


def _examined(text: str) -> str:
    """A word of assent. Raises ``ClickException`` with what nginx says against it."""
    binary = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), *FOLDERS]))
    if binary is None:
        return "nginx n'est pas installé ici : la configuration n'est pas relue."
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "nginx.conf"
        atomic.replace(file, text.encode())
        done = subprocess.run([binary, "-t", "-q", "-e", "stderr", "-c", str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"nginx refuse la configuration : {done.stderr.strip()}")
    return "nginx accepte la configuration."
