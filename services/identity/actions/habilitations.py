"""The projection of employers' habilitations, from which an employer's identity takes its grants."""

import uuid
from datetime import datetime

from sqlalchemy import and_, or_
from sqlalchemy.dialects.postgresql import insert

from services.identity.config import IdentityWork
from services.identity.models import Habilitation


def note(work: IdentityWork, account_id: uuid.UUID, siren: str, role: str, sees_nir: bool, *, revoked: bool, told_at: datetime) -> None:
    """Keep the newest word on an account and a company, in whatever order words arrive; of two at one instant the revocation wins."""
    told = {"account_id": account_id, "siren": siren, "role": role, "sees_nir": sees_nir, "revoked": revoked, "told_at": told_at}
    upsert = insert(Habilitation).values(told)
    new = upsert.excluded
    newer = or_(new.told_at > Habilitation.told_at, and_(new.told_at == Habilitation.told_at, new.revoked))
    changed = {"role": new.role, "sees_nir": new.sees_nir, "revoked": new.revoked, "told_at": new.told_at}
    work.session.execute(upsert.on_conflict_do_update(index_elements=["account_id", "siren"], set_=changed, where=newer))
