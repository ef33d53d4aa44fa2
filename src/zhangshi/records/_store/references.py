"""SQL that asks whether any record still links to one that is to be deleted."""

from zhangshi.definitions.catalog import HEADER, Catalog, Entity
from zhangshi.platform.statements import Statement

_KEPT = "_records_references"


def statements_to(catalog: Catalog, entity: str) -> list[tuple[Statement, Entity]]:
    """Return a statement for each field that links to `entity`: (record, record itself) -> a row if one does."""
    kept: dict[str, list[tuple[Statement, Entity]]] = catalog.__dict__.setdefault(_KEPT, {})
    found = kept.get(entity)
    if found is None:
        found = kept[entity] = _made(catalog, entity)
    return found


def _made(catalog: Catalog, target: str) -> list[tuple[Statement, Entity]]:
    found = []
    for entity in catalog.entities.values():
        for table in (entity.header, *entity.tables.values()):
            for field in table.fields.values():
                if field.stored and field.is_link and field.to == target:
                    others = "" if table.key == HEADER and entity.key == target else " AND ? <> 0"
                    others = others or " AND t.record_id <> ?"
                    text = f"SELECT 1 FROM {table.name} t WHERE t.{field.column} = ?{others} LIMIT 1"
                    found.append((Statement(text), entity))
    return found
