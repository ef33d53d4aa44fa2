"""Import maps: columns of a known sheet, as a pack or the factory defines them once."""

from collections.abc import Mapping
from typing import Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Catalog
from zhangshi.records.importing.errors import NO_SUCH_MAP
from zhangshi.records.importing.model import ImportRequest


def request_by_map(catalog: Catalog, key: str, *, dry_run: bool = False) -> ImportRequest:
    """Return what an import map asks for. Titles that it does not name are found by label, as always.

    Raises: import.no_such_map.
    """
    found: Mapping[str, Any] | None = catalog.others.get("import_map", {}).get(key)
    if found is None:
        raise ZhangshiError(NO_SUCH_MAP, map=key)
    return ImportRequest(
        entity=found["entity"],
        mode=found.get("mode", "upsert"),
        match=tuple(found.get("match", ())),
        mapping=dict(found.get("columns", {})),
        transition=found.get("transition", ""),
        dry_run=dry_run,
    )
