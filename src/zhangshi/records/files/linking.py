"""Which files a record may hold: those that its writer uploaded, and those it holds already.

Without this rule anybody could read a file of a record that he may not see, by naming its id in one of his own.
"""

from collections.abc import Iterable

from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import Person
from zhangshi.platform.session import Session
from zhangshi.records._store import files as store
from zhangshi.records.files.errors import FOREIGN_FILE


def refuse_foreign(session: Session, person: Person, record_id: int, file_ids: Iterable[int]) -> None:
    """Refuse files that `person` did not upload and that the record (0: a new one) does not hold. One statement.

    Raises: records.foreign_file, also for a file that does not exist.
    """
    wanted = sorted(set(file_ids))
    known = {row[0] for row in session.query_rows(store.OWN, [(one,) for one in wanted], person.user_id, record_id)}
    foreign = [one for one in wanted if one not in known]
    if foreign:
        raise ZhangshiError(FOREIGN_FILE, id=str(foreign[0]))
