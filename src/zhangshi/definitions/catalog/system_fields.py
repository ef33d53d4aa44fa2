"""Fields that every record and every row has without anybody declaring them, as fields like others.

Their columns are those of the physical tables: `d_<entity>` (record_id, number, …) and `d_<entity>__<table>`.
"""

from collections.abc import Mapping
from functools import cache

from zhangshi.definitions.catalog.fields import HEADER, Field, FieldType, Label
from zhangshi.definitions.catalog.words import SYSTEM_HEADER, SYSTEM_ROW

_HEADER: Mapping[str, tuple[FieldType, str]] = {
    "id": (FieldType.LINK, "record_id"),
    "number": (FieldType.TEXT, "number"),
    "state": (FieldType.SELECT, "state"),
    "version": (FieldType.INT, "version"),
    "created_at": (FieldType.DATETIME, "created_at"),
    "created_by": (FieldType.USER, "created_by"),
    "updated_at": (FieldType.DATETIME, "updated_at"),
    "updated_by": (FieldType.USER, "updated_by"),
    "owner": (FieldType.USER, "owner_id"),
    "department": (FieldType.DEPARTMENT, "department_id"),
}
_ROW: Mapping[str, tuple[FieldType, str]] = {
    "id": (FieldType.INT, "line_id"),
    "row": (FieldType.INT, "position"),
}


@cache
def system_fields(entity: str, table: str = HEADER) -> Mapping[str, Field]:
    """Return the system fields of the header (or of the rows) of `entity`; a header's `id` is a link to itself."""
    kinds, words = (_HEADER, SYSTEM_HEADER) if table == HEADER else (_ROW, SYSTEM_ROW)
    return {
        key: Field(
            key=key,
            table=table,
            type=kind,
            label=Label(*words[key]),
            column=column,
            read_only=key not in {"owner", "department"},
            to=entity if kind is FieldType.LINK else "",
        )
        for key, (kind, column) in kinds.items()
    }
