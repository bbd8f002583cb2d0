"""What one can do in identity, by noun. The command line creates caseworkers, and lets them in again."""

from services.identity.actions.accounts import Provisioning, create_caseworker
from services.identity.actions.rearming import from_terminal as rearm_caseworker

__all__ = ["Provisioning", "create_caseworker", "rearm_caseworker"]
