"""Printing: a record as its reader may see it, laid out by a template of the definitions.

What is hidden from the person is not on the paper: its name stays, its value is blank, and a formula that reads it is
blank too. Without a template an entity prints all its fields and tables, so that a form made this morning prints.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from zhangshi.base.errors import ErrorCode, Language, ZhangshiError
from zhangshi.definitions.catalog import Entity, Field, FieldType
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.records.access import RecordAccess
from zhangshi.records.model import Caller
from zhangshi.records.printing import page
from zhangshi.records.printing.texts import filled, say
from zhangshi.records.reader import RecordReader
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.shapes import shape_of
from zhangshi.records.writing.cells import Linked

PRINT = "print"
_KIND = "print_template"
_NUMBERS = frozenset({FieldType.INT, FieldType.DECIMAL, FieldType.QUANTITY, FieldType.MONEY, FieldType.PRICE})
_LISTED_WIDTH = 3

UNKNOWN_TEMPLATE = ErrorCode(
    "printing.unknown_template",
    "“{entity}”没有名为“{template}”的打印模板。可用:{known}。",
    '"{entity}" has no print template "{template}". There are: {known}.',
)


def print_record(
    reader: RecordReader, caller: Caller, *, entity: str, record_id: int, template: str = "", language: Language
) -> bytes:
    """Return the printed page (HTML, UTF-8) of a record, every copy on a page of its own.

    Raises: records.unknown_entity, records.forbidden (also without the action `print`), records.not_found;
        printing.unknown_template.
    """
    with reader.open(caller) as asking:
        found = asking.entity(entity)
        record = asking.record(found, record_id, PRINT)
        return _Printer(asking, found, record, language).page(_template(asking, found, template))


def _template(asking: Asking, entity: Entity, wanted: str) -> Mapping[str, Any]:
    all_of_them = asking.catalog.others.get(_KIND, {})
    mine = {key: one for key, one in all_of_them.items() if one.get("entity") == entity.key}
    if wanted:
        if wanted not in mine:
            raise ZhangshiError(
                UNKNOWN_TEMPLATE, entity=entity.key, template=wanted[:80], known=", ".join(sorted(mine)) or "-"
            )
        return mine[wanted]
    return mine[min(mine)] if mine else _usual(entity)


def _usual(entity: Entity) -> dict[str, Any]:
    """All fields, three a row, then all tables."""
    keys = ["number", *(key for key, one in entity.header.fields.items() if not one.retired)]
    rows = [keys[at : at + _LISTED_WIDTH] for at in range(0, len(keys), _LISTED_WIDTH)]
    tables = [
        {"table": key, "columns": [one.key for one in table.fields.values() if not one.retired]}
        for key, table in entity.tables.items()
    ]
    return {"blocks": [{"fields": rows}, *tables]}


class _Printer:
    """One record on its way to paper."""

    def __init__(self, asking: Asking, entity: Entity, record: Linked, language: Language) -> None:
        self._asking = asking
        self._entity = entity
        self._record = record
        self._language = language
        self._access: RecordAccess = asking.projector.access_of(record)
        shape = shape_of(asking.catalog, entity, None, tuple(entity.tables))
        self._shown: dict[str, Any] = asking.projector.show_all([record], shape)[0]

    def page(self, template: Mapping[str, Any]) -> bytes:
        """Return the page."""
        paper = template.get("page") or {}
        style = page.page_style(
            str(paper.get("size", "A4")),
            landscape=bool(paper.get("landscape")),
            margin_mm=int(paper.get("margin_mm", 12)),
        )
        title = self._say(template.get("title")) or self._entity.label.text(self._language)
        blocks = [self._block(one) for one in template.get("blocks", [])]
        copies = [self._say(one) for one in template.get("copies", [])] or [""]
        sections = [page.section(title, copy, blocks) for copy in copies]
        return page.document(self._language, f"{title} {self._shown.get('number') or ''}", style, sections)

    def _say(self, label: object) -> str:
        return filled(self._asking, self._entity, self._record, self._access, say(label, self._language))

    def _block(self, block: Mapping[str, Any]) -> str:
        parts: list[str] = []
        if block.get("barcode"):
            parts.append(page.code(self._text(str(block["barcode"])), align=str(block.get("align", "left"))))
        if block.get("text"):
            text, size = self._say(block["text"]), int(block.get("size", 0))
            parts.append(page.text_block(text, size=size, align=str(block.get("align", "left"))))
        parts += [
            page.field_row([(self._name(path), self._text(path)) for path in row]) for row in block.get("fields", [])
        ]
        if block.get("table"):
            parts.append(self._table(str(block["table"]), block.get("columns", []), block.get("totals", [])))
        if block.get("space_mm"):
            parts.append(f'<div style="height:{int(block["space_mm"])}mm"></div>')
        if block.get("signatures"):
            parts.append(page.signatures([self._say(one) for one in block["signatures"]]))
        return "".join(parts)

    def _name(self, path: str) -> str:
        field = self._field(path)
        if path == "number":
            return self._entity.number_label.text(self._language)
        return field.label.text(self._language) if field is not None else path

    def _field(self, path: str) -> Field | None:
        return self._entity.header.fields.get(path) or system_fields(self._entity.key).get(path)

    def _text(self, path: str) -> str:
        return _shown_text(self._field(path), self._shown.get(path), self._language)

    def _table(self, key: str, columns: Sequence[str], totals: Sequence[str]) -> str:
        fields = self._entity.tables[key].fields
        named = [(name.partition(":")[0], name.partition(":")[2]) for name in columns]
        rows: list[dict[str, Any]] = self._shown.get(key) or []
        cells = [
            [(_shown_text(fields[one], row.get(one), self._language), fields[one].type in _NUMBERS) for one, _ in named]
            for row in rows
        ]
        heads = [fields[one].label.text(self._language) for one, _ in named]
        last = [_total(rows, one) if one in totals else "" for one, _ in named] if totals else None
        return page.table(heads, cells, totals=last, widths=[width for _, width in named])


def _shown_text(field: Field | None, value: Any, language: Language) -> str:  # noqa: ANN401  # any wire value
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get("title") or value.get("number") or value.get("name") or "")
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[language]
    options = {one.value: one.label.text(language) for one in field.options} if field is not None else {}
    if isinstance(value, list):
        return ", ".join(options.get(str(one), str(one)) for one in value if not isinstance(one, Mapping))
    return options.get(str(value), str(value))


def _total(rows: Sequence[Mapping[str, Any]], key: str) -> str:
    """The sum of a column; blank where a value of it is hidden."""
    try:
        return f"{sum((Decimal(str(row[key])) for row in rows if row.get(key) is not None), Decimal(0)):f}" if all(
            key in row for row in rows
        ) else ""  # fmt: skip
    except InvalidOperation:
        return ""
