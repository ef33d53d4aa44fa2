"""What docs/algorithms/definitions.md works with: a company of its own, whose one form is redrawn again and again."""

import shutil
import tempfile
import weakref

from tests.clocks import SettableClock
from tests.definitions import install
from tests.integration.definitions import notebook as book
from zhangshi.base.errors import ZhangshiError
from zhangshi.base.ids import CountingIds
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.columns import read_columns
from zhangshi.definitions.service.plan import make_plan
from zhangshi.definitions.service.publish import publish
from zhangshi.definitions.service.revisions import current_revision, list_revisions
from zhangshi.definitions.service.rollback import candidate_to_roll_back
from zhangshi.platform.migrate import migrate
from zhangshi.platform.unit_of_work import Company, open_company


class DrawingOffice:
    """Publishes `note` with the fields that are said, and tells what came of it."""

    def __init__(self, **fields: str) -> None:
        folder = tempfile.mkdtemp(prefix="zhangshi-office-")
        url = f"sqlite:///{folder}/office.db"
        migrate(url=url)
        self._company = open_company(key="office", url=url, clock=SettableClock(), ids=CountingIds())
        weakref.finalize(self, _clear, self._company, folder)
        self._catalogs: Catalogs = install(self._company, [self._text(fields)])
        self._records = 0

    def _text(self, fields: dict[str, str]) -> str:
        return book.note({key: f"{{{written}}}" for key, written in fields.items()})

    def write(self, **values: object) -> None:
        """Write a record, as stored."""
        self._records += 1
        number = self._records
        book.run(
            self._company,
            lambda uow: book.write_record(uow, self._catalogs.for_writing(uow.session), number, values),
        )

    def plan(self, **fields: str) -> None:
        """Print what publishing these fields would do."""
        _, plan = book.planned(self._company, self._catalogs, self._text(fields))
        for step in plan.steps:
            print(step.en)  # noqa: T201
        for one in plan.conversions:
            print(f"recode {one.path}: {one.before} -> {one.after}, {one.rows} values")  # noqa: T201
        for refusal in plan.refusals:
            print(f"refused: {refusal.code} {refusal.path} {refusal.count}")  # noqa: T201

    def publish(self, **fields: str) -> str:
        """Publish these fields; return the new revision, or the refusal."""
        try:
            answer = book.published(self._company, self._catalogs, self._text(fields))
        except ZhangshiError as error:
            return f"refused: {error.code}"
        return f"revision {answer.revision}"

    def roll_back(self, revision: int) -> str:
        """Make an old revision the newest."""
        with self._company.read() as session:
            wanted = candidate_to_roll_back(session, to_revision=revision)
            digest = make_plan(session, self._catalogs, wanted).digest
        answer = book.run(
            self._company,
            lambda uow: publish(uow, self._catalogs, candidate=wanted, digest=digest).revision,
        )
        return f"revision {answer}"

    def columns(self, field: str) -> list[str]:
        """Return every column that a field ever had, with its revisions."""
        with self._company.read() as session:
            rows = read_columns(session, current_revision(session)).rows
        return [f"{row.column} {row.from_revision}-{row.to_revision or ''}" for row in rows if row.field == field]

    def values(self, field: str) -> list[object]:
        """Return the stored values of a field."""
        return book.stored(self._company, self._catalogs, field)

    def history(self) -> list[str]:
        """Return the revisions, the newest first, with the first digits of what they hold."""
        with self._company.read() as session:
            return [f"{one.revision} <- {one.parent}: {one.digest[:6]}" for one in list_revisions(session)]


def _clear(company: Company, folder: str) -> None:
    company.close()
    shutil.rmtree(folder)
