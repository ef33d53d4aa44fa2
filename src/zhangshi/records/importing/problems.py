"""What is wrong with a cell of an imported sheet."""

from typing import NamedTuple

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.records.model import Problem


class CellProblem(NamedTuple):
    """One problem: the row as the file counts it (the header is 1), the column from 0, and the sentences."""

    row: int
    column: int
    code: str
    zh: str
    en: str

    def message(self, language: Language) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en


def problem_of(error: ZhangshiError, *, row: int, column: int) -> CellProblem:
    """Return an error as the problem of a cell."""
    return CellProblem(row, column, error.code, error.message("zh"), error.message("en"))


def problem_at(problem: Problem, *, row: int, column: int) -> CellProblem:
    """Return a document's problem as the problem of a cell."""
    return CellProblem(row, column, problem.code, problem.zh, problem.en)
