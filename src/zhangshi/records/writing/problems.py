"""Everything that is wrong with one document, collected before anything is refused."""

from zhangshi.base.errors import ErrorCode, FactValue, Word, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Field, Label
from zhangshi.records.errors import INVALID
from zhangshi.records.model import Invalid, Problem


def word(label: Label) -> Word:
    """Return a label as a fact: each language gets its own text."""
    return Word(label.en or label.zh, label.zh or label.en)


def state_word(entity: Entity, state: str) -> Word:
    """Return what people call a state."""
    life = entity.lifecycle
    found = life.states.get(state) if life is not None else None
    return word(found.label) if found is not None else Word(state, state)


def field_path(field: Field, row: int) -> str:
    """Return where a field is: "price", or "lines[2].price" for the second row."""
    return field.key if field.table == HEADER else f"{field.table}[{row}].{field.key}"


class Problems:
    """A list of problems and warnings that grows."""

    __slots__ = ("blocking", "entity", "warnings")

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.blocking: list[Problem] = []
        self.warnings: list[Problem] = []

    def add(self, code: ErrorCode, path: str, *, row: int = 0, **facts: FactValue) -> None:
        """Note a problem; `row` (from 1) is named in the sentence."""
        self.add_error(ZhangshiError(code, **facts), path, row=row)

    def at_field(self, code: ErrorCode, field: Field, row: int, **facts: FactValue) -> None:
        """Note a problem of a field; its label is a fact."""
        self.add(code, field_path(field, row), row=row, label=word(field.label), **facts)

    def add_error(self, error: ZhangshiError, path: str, *, row: int = 0, code: str = "") -> None:
        """Note an error as a problem of this document."""
        zh, en = error.message("zh"), error.message("en")
        if row:
            zh, en = f"第 {row} 行:{zh}", f"Row {row}: {en}"
        self.blocking.append(Problem(code or error.code, path, zh, en, error.facts))

    def add_message(self, code: str, path: str, message: Label, *, row: int, warn: bool) -> None:
        """Note what a constraint says."""
        zh, en = message.zh or message.en, message.en or message.zh
        if row:
            zh, en = f"第 {row} 行:{zh}", f"Row {row}: {en}"
        target = self.warnings if warn else self.blocking
        target.append(Problem(code, path, zh, en, {}, "warn" if warn else "block"))

    def error(self) -> Invalid:
        """Return the refusal that carries all problems."""
        return Invalid(INVALID, tuple(self.blocking))

    def refuse(self) -> None:
        """Raises: records.invalid if anything is wrong."""
        if self.blocking:
            raise self.error()
