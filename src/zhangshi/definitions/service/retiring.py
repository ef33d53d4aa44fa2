"""Retiring a field and bringing it back: out of sight, its column and its data stay.

Works on the object as it counts, whichever layer it comes from; what is kept is the site's override of one path.
"""

import msgspec

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.service.drafts import changed_content, effective_object, with_object
from zhangshi.definitions.service.errors import NO_SUCH_FIELD
from zhangshi.definitions.service.plan import Candidate
from zhangshi.definitions.service.revisions import current_revision, read_objects
from zhangshi.platform.session import Session

_PARTS_MIN = 2


def candidate_to_retire(session: Session, *, path: str, retired: bool) -> Candidate:
    """Return the candidate in which a field is retired, or is back; `path` is entity.field or entity.table.field.

    Raises: definitions.no_such_object, definitions.no_such_field.
    """
    entity, place = _place_in_object(session, path)
    base = current_revision(session)
    content = effective_object(session, kind="entity", key=entity)
    wanted = changed_content(content, {f"{place}.retired": True if retired else None})
    objects = with_object(read_objects(session, base), "entity", entity, wanted)
    return Candidate(base=base, objects=objects, note=f"{'retire' if retired else 'restore'} {path}")


def _place_in_object(session: Session, path: str) -> tuple[str, str]:
    """Return the entity and where the field stands in its object."""
    entity, *tables, field = path.split(".") if path.count(".") in (1, _PARTS_MIN) else (path, "")
    data = msgspec.json.decode(effective_object(session, kind="entity", key=entity))
    table = tables[0] if tables else ""
    places = (f"tables.{table}.fields", table if table == "lines" else "") if table else ("fields",)
    for place in filter(None, places):
        here = data
        for step in place.split("."):
            here = here.get(step, {})
        if field in here:
            return entity, f"{place}.{field}"
    raise ZhangshiError(NO_SUCH_FIELD, entity=entity, field=path.partition(".")[2])
