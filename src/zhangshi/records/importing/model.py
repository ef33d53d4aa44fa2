"""What an import is asked for, and what it answers."""

from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

from zhangshi.records.importing.titles import NUMBER

Mode = Literal["insert", "update", "upsert"]
PROBLEMS_SHOWN_MAX = 200


class ImportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with a sheet.

    `match` are header paths by which existing records are found; `mapping` maps titles to paths or "ignore", the others
    are found by label. `transition` is made by every record that is inserted. `dry_run` checks everything and writes
    nothing.
    """

    entity: str
    mode: Mode = "insert"
    match: tuple[str, ...] = (NUMBER,)
    mapping: dict[str, str] = {}  # msgspec copies the default
    transition: str = ""
    dry_run: bool = False


class ProblemShown(msgspec.Struct, frozen=True):
    """A cell that is wrong: its row as the file counts (the column names are row 1), its column as Excel names it."""

    row: int
    column: str
    title: str
    code: str
    zh: str
    en: str


class ImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. With problems nothing was written and the counts say what would have been.

    `rows` of the sheet became `records`; `left_out` are the titles of columns that only show something.
    """

    import_id: str
    entity: str
    mode: Mode
    dry_run: bool
    written: bool
    rows: int = 0
    records: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: tuple[str, ...] = ()
    problem_count: int = 0
    problems: tuple[ProblemShown, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The answer and, where there are problems, the workbook that marks them."""

    answer: ImportAnswer
    marked: bytes | None = None


class UndoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an undo took away and put back."""

    import_id: str
    entity: str
    deleted: int
    restored: int


class Progress(Protocol):
    """Is told how far the work is; may stop it by raising. `TaskRun` is one."""

    def advance(self, done: int, total: int, message: str = "") -> None:
        """Tell that `done` of `total` steps are done."""
        ...
