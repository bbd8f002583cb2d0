"""What one can do in identity, by noun. The command line creates caseworkers with :func:`create_caseworker`."""

from services.identity.actions.accounts import Provisioning, create_caseworker

__all__ = ["Provisioning", "create_caseworker"]
