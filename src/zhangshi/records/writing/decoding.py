"""From what a door sent to typed values, row by row; every mistake is noted with its place.

What the system keeps (formulas, rollups, live lookups, system fields) may come back as it was shown and is left alone;
a field that nobody knows is a mistake. `_source` on the header and on rows names what they are converted from; `_fill`
lists the fills (明细带出) that shall replace the rows of their tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.base.numbers import INTEGER_MAX
from zhangshi.definitions.catalog import HEADER, Entity, Table
from zhangshi.records import errors
from zhangshi.records.model import NEW, Content, Value
from zhangshi.records.values import Codec, Entered, codecs, reference
from zhangshi.records.writing.problems import Problems, field_path, word

SOURCE = "_source"
FILL = "_fill"
CONVERSION = "conversion"
_IGNORED_HEADER = frozenset(
    {"id", "state", "version", "created_at", "created_by", "updated_at", "updated_by", "entity", SOURCE, FILL}
)
_IGNORED_ROW = frozenset({"id", "row", SOURCE})
_KEPT = "_records_enterable"


@dataclass(slots=True)
class DecodedRow:
    """A row (or the header) as it was entered: only what was sent."""

    id: int
    entered: dict[str, Entered]
    source_id: int = 0
    """The id of the row (or record) it is converted from."""

    @property
    def values(self) -> dict[str, Value]:
        """What was entered, once all references are found."""
        return cast("dict[str, Value]", self.entered)


@dataclass(slots=True)
class Decoded:
    """A whole document as it was entered. `tables` holds only those that were sent."""

    header: DecodedRow
    number: str | None
    owner: Entered
    department: Entered
    conversion: str = ""
    source_ids: tuple[int, ...] = ()
    source_line: int = 0
    """The source's row, where one row makes a whole document."""
    tables: dict[str, list[DecodedRow]] = field(default_factory=dict)
    fills: tuple[str, ...] = ()
    """Keys of the fills that were asked for."""


def enterable(table: Table) -> Mapping[str, Codec]:
    """Return the codecs of the fields that somebody may fill in."""
    found: dict[str, Codec] | None = table.__dict__.get(_KEPT)
    if found is None:
        kept = codecs(table)
        found = table.__dict__[_KEPT] = {
            key: kept[key]
            for key, one in table.fields.items()
            if one.stored and one.formula is None and one.rollup is None and not one.retired
        }
    return found


def decode(entity: Entity, content: Content, problems: Problems) -> Decoded:
    """Return what was entered; mistakes go to `problems`."""
    header = _decode_row(entity.header, content, 0, problems, ignored=_IGNORED_HEADER, tables=entity.tables)
    number = content.get("number")
    if number is not None and not isinstance(number, str):
        problems.add(errors.BAD_VALUE, "number", label=word(entity.number_label), wanted="文字 / a text")
        number = None
    decoded = Decoded(
        header, number.strip() if number else None, header.entered.pop("owner", None),
        header.entered.pop("department", None) if "department" not in entity.header.fields else None,
    )  # fmt: skip
    header.entered.pop("number", None)
    _decode_source(decoded, content.get(SOURCE), problems)
    decoded.fills = _fills(content.get(FILL))
    for key, table in entity.tables.items():
        if key in content:
            decoded.tables[key] = _decode_table(table, content[key], problems)
    return decoded


def _decode_table(table: Table, raw: object, problems: Problems) -> list[DecodedRow]:
    if raw is None:
        return []
    if not isinstance(raw, (list, tuple)) or not all(isinstance(one, Mapping) for one in raw):
        problems.add(errors.BAD_TABLE, table.key, label=word(table.label))
        return []
    rows = []
    for position, one in enumerate(raw, 1):
        rows.append(_decode_row(table, one, position, problems, ignored=_IGNORED_ROW))
        if position > table.rows_max:  # the check of the number of rows says so; no need to read a million of them
            break
    return rows


def _decode_row(
    table: Table,
    content: Mapping[str, object],
    row: int,
    problems: Problems,
    *,
    ignored: frozenset[str],
    tables: Mapping[str, Table] | None = None,
) -> DecodedRow:
    kept = enterable(table)
    entered: dict[str, Entered] = {}
    for key, raw in content.items():
        codec = kept.get(key)
        if codec is None:
            _decode_other(table, key, raw, row, problems, entered, ignored=ignored, tables=tables)
            continue
        if raw is None:
            entered[key] = None
            continue
        try:
            entered[key] = codec.enter(raw)
        except ZhangshiError as error:
            found = table.fields[key]
            wanted = ZhangshiError(errors.BAD_VALUE, label=word(found.label), wanted=_wanted(error))
            problems.add_error(wanted, field_path(found, row), row=row, code=error.code)
    return DecodedRow(_id_of(content.get("id")), entered, _id_of(content.get(SOURCE)) if table.key != HEADER else 0)


def _wanted(error: ZhangshiError) -> Word:
    return Word(error.message("en"), error.message("zh"))


def _decode_other(
    table: Table,
    key: str,
    raw: object,
    row: int,
    problems: Problems,
    entered: dict[str, Entered],
    *,
    ignored: frozenset[str],
    tables: Mapping[str, Table] | None,
) -> None:
    """A key that is no field to fill in: known and left alone, or a mistake."""
    if key in ignored or key in table.fields or (tables is not None and key in tables):
        return
    if tables is not None and key in {"owner", "department"}:
        try:
            entered[key] = None if raw is None else reference(raw)
        except ZhangshiError as error:
            problems.add_error(error, key)
        return
    if tables is not None and key == "number":
        return
    path = key if table.key == HEADER else f"{table.key}[{row}].{key}"
    problems.add(errors.UNKNOWN_FIELD, path, row=row, field=str(key)[:80])


def _decode_source(decoded: Decoded, raw: object, problems: Problems) -> None:
    if raw is None:
        return
    records = raw.get("records") if isinstance(raw, Mapping) else None
    conversion = raw.get(CONVERSION) if isinstance(raw, Mapping) else None
    if not isinstance(conversion, str) or not isinstance(records, (list, tuple)) or not all(map(_id_of, records)):
        problems.add(errors.BAD_SOURCE, SOURCE, id=str(raw)[:40])
        return
    decoded.conversion = conversion
    decoded.source_ids = tuple(dict.fromkeys(map(_id_of, records)))
    decoded.source_line = _id_of(raw.get("line")) if isinstance(raw, Mapping) else NEW


def _fills(raw: object) -> tuple[str, ...]:
    """Return the keys of fills that were asked for; whatever else stands there is the key of none."""
    wanted = raw if isinstance(raw, (list, tuple)) else () if raw is None else (raw,)
    return tuple(dict.fromkeys(str(one)[:80] for one in wanted))


def _id_of(raw: object) -> int:
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) <= len(str(INTEGER_MAX)):
        raw = int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw <= INTEGER_MAX else NEW
