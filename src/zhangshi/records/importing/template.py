"""A workbook to fill in: a column for every field that the person may write, and a sheet that explains each of them.

Required columns carry a star. Choices are offered by Excel itself. Everything is text to Excel, so that a code keeps
its zeros; what is typed is read by the rules of `importing.cells`.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from zhangshi.base.errors import Language
from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, FieldType
from zhangshi.definitions.catalog.system_fields import system_fields
from zhangshi.records.access import EntityAccess
from zhangshi.records.importing.mapping import importable
from zhangshi.records.importing.reading import entity_to_import
from zhangshi.records.importing.titles import NUMBER, title_of
from zhangshi.records.model import Caller

_ROWS_OFFERED = 5000
_WIDTH_MIN, _WIDTH_MAX = 10, 40
_SHEETS: Mapping[Language, tuple[str, str]] = {"zh": ("数据", "填写说明"), "en": ("Data", "Explanation")}
_HEADINGS: Mapping[Language, tuple[str, ...]] = {
    "zh": ("列", "字段", "必填", "怎么填", "说明"),
    "en": ("Column", "Field", "Required", "What to enter", "Meaning"),
}
_YES: Mapping[Language, tuple[str, str]] = {"zh": ("是", "有明细时"), "en": ("yes", "in a line")}
_BOOL: Mapping[Language, tuple[str, str]] = {"zh": ("是", "否"), "en": ("yes", "no")}
_WORDS: Mapping[FieldType, tuple[str, str]] = {
    FieldType.INT: ("整数,例如 12", "A whole number such as 12"),
    FieldType.DECIMAL: ("数字,最多 {digits} 位小数,例如 0.5", "A number with at most {digits} decimals, such as 0.5"),
    FieldType.QUANTITY: ("数量,例如 12.5", "A quantity such as 12.5"),
    FieldType.MONEY: ("金额,例如 1234.50", "An amount such as 1234.50"),
    FieldType.PRICE: ("单价,例如 3.25", "A price such as 3.25"),
    FieldType.DATE: ("日期,例如 2026-01-31", "A date such as 2026-01-31"),
    FieldType.DATETIME: ("时间,例如 2026-01-31 08:30", "A time such as 2026-01-31 08:30"),
    FieldType.BOOL: ("是 或 否", "yes or no"),
    FieldType.SELECT: ("从列表里选一个:{options}", "One of: {options}"),
    FieldType.MULTI_SELECT: ("可选多个,用 、 分开:{options}", "Several, separated by commas: {options}"),
    FieldType.USER: ("用户名或姓名", "A login or a name"),
    FieldType.DEPARTMENT: ("部门编码或名称", "Code or name of a department"),
    FieldType.LOT: ("批号", "The code of a lot"),
}
_LINK = ("{entity}的编号或名称,要已经建立", "Number or name of an existing {entity}")
_TEXT = ("文字", "A text")


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    path: str
    field: Field
    required: bool


def template(catalog: Catalog, caller: Caller, entity_key: str) -> bytes:
    """Return the workbook (.xlsx), in the caller's language.

    Raises: records.unknown_entity; records.forbidden without the action `import`.
    """
    entity, access = entity_to_import(catalog, caller, entity_key)
    entries = list(_entries(entity, access, caller.language))
    output = io.BytesIO()
    with xlsxwriter.Workbook(
        output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        data, explained = (book.add_worksheet(name) for name in _SHEETS[caller.language])
        _write_data(book, data, entries, caller.language)
        _explain(book, explained, catalog, entries, caller.language)
    return output.getvalue()


def _entries(entity: Entity, access: EntityAccess, language: Language) -> Iterator[_Entry]:
    number = system_fields(entity.key)[NUMBER]
    header = [number, *entity.header.fields.values()]
    for table, fields in [(HEADER, header), *((key, one.fields.values()) for key, one in entity.tables.items())]:
        for field in fields:
            path = f"{table}.{field.key}" if table else field.key
            may = access.everything.may_write(path, "create") or access.everything.may_write(path, "edit")
            if may and importable(table, field):
                required = _required(entity, field)
                star = "*" if required else ""
                yield _Entry(title_of(entity, table, field, language) + star, path, field, required)


def _required(entity: Entity, field: Field) -> bool:
    if field.key == NUMBER and not field.table:
        return entity.number_rule is None
    return field.required and field.default is None and not field.lookup


def _write_data(book: Any, table: Any, entries: list[_Entry], language: Language) -> None:  # noqa: ANN401 - untyped
    text = book.add_format({"num_format": "@"})
    styles = {
        False: book.add_format({"bold": True, "bg_color": "#F2F2F2", "num_format": "@"}),
        True: book.add_format({"bold": True, "bg_color": "#FFF2CC", "num_format": "@"}),
    }
    for index, one in enumerate(entries):
        width = min(_WIDTH_MAX, max(_WIDTH_MIN, len(one.title.encode("gb18030", "replace")) + 4))
        table.set_column(index, index, width, text)
        table.write_string(0, index, one.title, styles[one.required])
        offered = _offered(one.field, language)
        if offered and sum(len(word) + 1 for word in offered) < 256:  # noqa: PLR2004 - Excel's limit for a list
            table.data_validation(1, index, _ROWS_OFFERED, index, {"validate": "list", "source": offered})
    table.freeze_panes(1, 0)


def _offered(field: Field, language: Language) -> list[str]:
    if field.type is FieldType.BOOL:
        return list(_BOOL[language])
    if field.type is not FieldType.SELECT:
        return []
    labels = [one.label.text(language) or one.value for one in field.options if not one.retired]
    return [] if any("," in label for label in labels) else labels


def _explain(book: Any, table: Any, catalog: Catalog, entries: list[_Entry], language: Language) -> None:  # noqa: ANN401 - untyped
    bold = book.add_format({"bold": True})
    for index, heading in enumerate(_HEADINGS[language]):
        table.write_string(0, index, heading, bold)
        table.set_column(index, index, (20, 24, 8, 60, 60)[index])
    for row, one in enumerate(entries, start=1):
        needed = _YES[language][bool(one.field.table)] if one.required else ""
        words = (one.title, one.path, needed, _how(catalog, one.field, language))
        for index, word in enumerate((*words, one.field.help.text(language))):
            table.write_string(row, index, word)
    table.freeze_panes(1, 0)


def _how(catalog: Catalog, field: Field, language: Language) -> str:
    labels = "、".join(one.label.text(language) or one.value for one in field.options if not one.retired)
    entity = catalog.entities[field.to].label.text(language) if field.is_link else ""
    zh, en = _LINK if field.is_link else _WORDS.get(field.type, _TEXT)
    return (zh if language == "zh" else en).format(digits=field.digits, options=labels, entity=entity)
