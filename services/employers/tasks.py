"""What the worker of employers does beside its inbox."""

from typing import Any

from services.employers.actions import activation, habilitations
from services.employers.config import Work


def resolve_activations(work: Work, adapters: Any) -> int:
    """Resolve one activation request, in a transaction of its own; the route wakes the worker for it."""
    return int(activation.resolve_activation(work))


def forget(work: Work, adapters: Any) -> int:
    """Delete activation requests and tries that have had their time."""
    activation.forget(work)
    return 0


def let_time_pass(work: Work, adapters: Any) -> int:
    """End one suspension or mandate whose day has come, in a transaction of its own."""
    return int(habilitations.let_time_pass(work))
