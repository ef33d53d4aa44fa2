"""Which columns an export has, and what stands in each cell.

| field | cell |
|---|---|
| quantity, price, money, decimal, int | number |
| date, datetime | date, in the company's time |
| select, state, bool | label |
| link | number, and a column "·名称" that shows the name |
| user, department | login or code, and a column "·名称" |
| several choices, files | labels or names, with 、 between |

A record has one row, or one for each row of the line tables that are chosen; the header's cells are repeated. What is
hidden from the person is empty, what is masked shows as `***`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from zhangshi.base.errors import Language, Word, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Field, FieldType
from zhangshi.records.exporting.errors import COLUMN_UNKNOWN
from zhangshi.records.importing.titles import NUMBER, SHOWN_NAMES, field_at, title_of

Cell = None | str | Decimal | date | datetime
Shown = Mapping[str, object]
_NUMBERS = frozenset({FieldType.INT, FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE})
_FILES = frozenset({FieldType.ATTACHMENT, FieldType.IMAGE, FieldType.SIGNATURE})
_PEOPLE = frozenset({FieldType.USER, FieldType.DEPARTMENT})
_BOOLS: Mapping[Language, tuple[str, str]] = {"zh": ("否", "是"), "en": ("no", "yes")}
_SEPARATOR = "、"
_SYSTEM_SHOWN = ("state", "owner", "department", "created_by", "created_at")


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its title, where its value stands, and how it becomes a cell."""

    title: str
    table: str
    key: str
    field: Field
    cell: Callable[[object], Cell]

    @property
    def path(self) -> str:
        """The field's path: `price`, or `lines.price`."""
        return f"{self.table}.{self.key}" if self.table else self.key


@dataclass(frozen=True, slots=True)
class Names:
    """What people and departments are called in a file: login and code, by id."""

    logins: Mapping[int, str]
    codes: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of an export, and which fields and tables must be read for them."""

    entity: Entity
    columns: tuple[ExportColumn, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """Paths of the header."""
        return tuple(dict.fromkeys(one.key for one in self.columns if one.table == HEADER))

    @property
    def tables(self) -> tuple[str, ...]:
        """Line tables."""
        return tuple(dict.fromkeys(one.table for one in self.columns if one.table != HEADER))

    def rows(self, shown: Shown) -> Iterator[list[Cell]]:
        """Yield the rows of a record; at least one."""
        tables: dict[str, list[Shown]] = {key: shown.get(key) or [] for key in self.tables}  # type: ignore[misc]
        for index in range(max((len(rows) for rows in tables.values()), default=0) or 1):
            yield [self._cell(shown, tables, one, index) for one in self.columns]

    def _cell(self, shown: Shown, tables: Mapping[str, Sequence[Shown]], column: ExportColumn, index: int) -> Cell:
        if column.table == HEADER:
            source: Shown = shown
        elif index < len(tables[column.table]):
            source = tables[column.table][index]
        else:
            return None
        value = source.get(column.key)
        return None if value is None else column.cell(value)


def layout_of(entity: Entity, paths: Sequence[str] | None, *, language: Language, zone: tzinfo, names: Names) -> Layout:
    """Return the columns for paths (None: every field of the header). A table's key stands for all of its columns.

    Raises: export.column_unknown.
    """
    columns: list[ExportColumn] = []
    for path in dict.fromkeys(_expanded(entity, default_paths(entity) if paths is None else paths)):
        found = field_at(entity, path)
        if found is None:
            label = Word(entity.label.en or entity.label.zh, entity.label.zh or entity.label.en)
            raise ZhangshiError(COLUMN_UNKNOWN, entity=label, path=path)
        columns += _columns(entity, *found, language=language, zone=zone, names=names)
    return Layout(entity, tuple(columns))


def default_paths(entity: Entity) -> tuple[str, ...]:
    """Return the number, every field of the header, and who made it when."""
    own = [key for key, one in entity.header.fields.items() if not one.retired]
    system = [key for key in _SYSTEM_SHOWN if key not in own and (key != "state" or entity.lifecycle)]
    return (NUMBER, *own, *system)


def _expanded(entity: Entity, paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if path in entity.tables:
            fields = entity.tables[path].fields.values()
            yield f"{path}.row"
            yield from (f"{path}.{one.key}" for one in fields if not one.retired)
        else:
            yield path


def _columns(
    entity: Entity, table: str, field: Field, *, language: Language, zone: tzinfo, names: Names
) -> Iterator[ExportColumn]:
    title = title_of(entity, table, field, language)
    links = field.is_link and field.key != "id"
    if links or field.type in _PEOPLE:
        yield ExportColumn(title, table, field.key, field, _reference(field, names))
        yield ExportColumn(title + SHOWN_NAMES[language], table, field.key, field, _name)
    else:
        yield ExportColumn(title, table, field.key, field, _plain(entity, table, field, language, zone))


def _plain(entity: Entity, table: str, field: Field, language: Language, zone: tzinfo) -> Callable[[object], Cell]:
    if table == HEADER and field.key == "state":
        states = entity.lifecycle.states if entity.lifecycle else {}
        return _labels({key: one.label.text(language) for key, one in states.items()})
    if field.type in {FieldType.SELECT, FieldType.MULTI_SELECT}:
        return _labels({one.value: one.label.text(language) or one.value for one in field.options})
    if field.type in _NUMBERS:
        return _number
    if field.type is FieldType.BOOL:
        no, yes = _BOOLS[language]
        return lambda value: (yes if value else no) if isinstance(value, bool) else str(value)
    if field.type is FieldType.DATE:
        return _date
    if field.type is FieldType.DATETIME:
        return lambda value: _instant(value, zone)
    return _files if field.type in _FILES else str


def _number(value: object) -> Cell:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)  # masked


def _date(value: object) -> Cell:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return str(value)


def _instant(value: object, zone: tzinfo) -> Cell:
    try:
        return datetime.fromisoformat(str(value)).astimezone(zone).replace(tzinfo=None)
    except ValueError:
        return str(value)


def _labels(labels: Mapping[str, str]) -> Callable[[object], Cell]:
    def text(value: object) -> Cell:
        if isinstance(value, (list, tuple)):
            return _SEPARATOR.join(labels.get(str(one), str(one)) for one in value)
        return labels.get(str(value), str(value))

    return text


def _files(value: object) -> Cell:
    if not isinstance(value, (list, tuple)):
        return str(value)
    return _SEPARATOR.join(str(one.get("name", "")) if isinstance(one, Mapping) else str(one) for one in value)


def _reference(field: Field, names: Names) -> Callable[[object], Cell]:
    known = {FieldType.USER: names.logins, FieldType.DEPARTMENT: names.codes}.get(field.type)

    def text(value: object) -> Cell:
        if not isinstance(value, Mapping):
            return str(value)
        if known is None:
            return _text(value.get("number")) or _text(value.get("title"))
        return known.get(int(str(value["id"])))

    return text


def _name(value: object) -> Cell:
    if not isinstance(value, Mapping):
        return str(value)
    return _text(value.get("title")) or _text(value.get("name"))


def _text(value: object) -> str | None:
    return str(value) if value else None
