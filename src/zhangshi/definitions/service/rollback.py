"""Going back: a new revision with the members of an old one. The history only ever grows.

Columns that were left behind come back with their data; a field that has another type by now is recoded back, as any
change of a type is, and refused with the values that cannot go.
"""

from zhangshi.definitions.service.plan import Candidate
from zhangshi.definitions.service.revisions import current_revision, read_objects
from zhangshi.platform.session import Session


def candidate_to_roll_back(session: Session, *, to_revision: int, note: str = "") -> Candidate:
    """Return the candidate that makes an old revision the newest one. Raises: definitions.no_such_revision."""
    return Candidate(
        base=current_revision(session),
        objects=read_objects(session, to_revision),
        note=note or f"rollback to {to_revision}",
    )
