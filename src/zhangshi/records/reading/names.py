"""Names of people, departments and files, and how many rows there are: asked once for a page."""

from collections.abc import Sequence

from zhangshi.identity.service.departments import list_departments
from zhangshi.identity.service.people import names_of_users
from zhangshi.platform.session import Session
from zhangshi.records._store import reading_rows
from zhangshi.records.reading.shapes import Shape
from zhangshi.records.writing.world import Pending

Shown = dict[str, object]


class Names:
    """Notes what is asked for, and answers it when it was fetched."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._users: dict[int, str] = {}
        self._departments: dict[int, str] | None = None
        self._files: dict[str, Shown] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._wanted_users: set[int] = set()
        self._wanted_files: set[str] = set()
        self._wants_departments = False

    @property
    def asks(self) -> bool:
        """Whether something is to be fetched."""
        return bool(self._wanted_users or self._wanted_files or self._wants_departments)

    def user(self, user_id: int) -> Shown:
        """Return a person. Raises: Pending."""
        if user_id not in self._users:
            self._wanted_users.add(user_id)
            raise Pending
        return {"id": str(user_id), "name": self._users[user_id]}

    def department(self, department_id: int) -> Shown:
        """Return a department. Raises: Pending."""
        if self._departments is None:
            self._wants_departments = True
            raise Pending
        return {"id": str(department_id), "name": self._departments.get(department_id, "")}

    def files(self, ids: object) -> list[Shown]:
        """Return files by the texts of their ids. Raises: Pending."""
        wanted = [str(one) for one in ids] if isinstance(ids, Sequence) else []
        missing = [one for one in wanted if one not in self._files]
        if missing:
            self._wanted_files.update(missing)
            raise Pending
        return [self._files[one] for one in wanted]

    def row_count(self, table: str, record_id: int) -> int:
        """Return how many rows a table of a record has; `count_rows` came first."""
        return self._counts.get((table, record_id), 0)

    def count_rows(self, shape: Shape, ids: Sequence[int]) -> None:
        """Count the rows of all records at once, for the tables whose number of rows is shown."""
        for table in shape.counted:
            counts = reading_rows.count_rows(self._session, shape.entity.tables[table].name, ids)
            self._counts.update({(table, record_id): count for record_id, count in counts})

    def fetch(self) -> None:
        """Fetch what was asked for: at most one statement a kind."""
        if self._wanted_users:
            found = names_of_users(self._session, self._wanted_users)
            self._users.update({one: found.get(one, "") for one in self._wanted_users})
            self._wanted_users.clear()
        if self._wants_departments:
            self._departments = {one.department_id: one.name for one in list_departments(self._session)}
            self._wants_departments = False
        if self._wanted_files:
            known = reading_rows.files(self._session, [int(one) for one in self._wanted_files])
            self._files.update({one: {"id": one} for one in self._wanted_files})
            for file_id, name, media_type, size in known:
                self._files[str(file_id)] = {
                    "id": str(file_id), "name": name, "media_type": media_type, "size": size
                }  # fmt: skip
            self._wanted_files.clear()
