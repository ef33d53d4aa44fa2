"""Compiled catalogs of this process, by what they were compiled from.

A plan, the publication that follows and the first request of the new revision compile the same objects; so do two
companies with the same packs. A catalog is immutable, so they may share it.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping

from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.compiling import compile_catalog
from zhangshi.definitions.service.columns import stored_fields
from zhangshi.definitions.service.revisions import Objects, digest_of_objects, to_sources

KEPT_MAX = 12

_kept: OrderedDict[tuple[int, str], list[Catalog]] = OrderedDict()
_lock = threading.Lock()


def compiled(objects: Objects, *, revision: int, columns: Mapping[tuple[str, str, str], str]) -> Catalog:
    """Return the catalog of these objects with these columns; a field without one gets its default.

    Raises: definitions.invalid with every problem.
    """
    key = (revision, digest_of_objects(objects))
    with _lock:
        known = list(_kept.get(key, ()))
    for catalog in known:
        if _fits(catalog, columns):
            return catalog
    made = compile_catalog(to_sources(objects), revision=revision, columns=columns)
    with _lock:
        _kept.setdefault(key, []).append(made)
        _kept.move_to_end(key)
        while len(_kept) > KEPT_MAX:
            _kept.popitem(last=False)
    return made


def _fits(catalog: Catalog, columns: Mapping[tuple[str, str, str], str]) -> bool:
    return all(columns.get(place, f"f_{one.key}") == one.column for place, _, one in stored_fields(catalog))
