"""What a person may learn of an event: that a record changed, only if it may be read, and which of its fields."""

import re
from collections.abc import Mapping

from zhangshi.base.errors import ZhangshiError
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.projecting import Shown

_ROW = re.compile(r"\[[^\]]*\]")
_TOLD = ("entity", "state", "state_before", "version", "transition", "comment_id")


def changed_shown(asking: Asking, payload: Mapping[str, object]) -> Shown | None:
    """Return the part of a `record.*` payload that may be seen; None where the record may not be read, or is gone."""
    key, raw_id = payload.get("entity"), payload.get("record_id")
    if not isinstance(key, str) or not isinstance(raw_id, int) or key not in asking.catalog.entities:
        return None
    entity = asking.entity(key)
    try:
        record = asking.record(entity, raw_id)
    except ZhangshiError:
        return None
    access = asking.projector.access_of(record)
    shown: Shown = {name: payload[name] for name in _TOLD if name in payload}
    shown["record_id"] = str(raw_id)
    if access.read("number") == "read":
        shown["number"] = record.number
    changed = payload.get("changed")
    if isinstance(changed, list | tuple):
        paths = dict.fromkeys(_ROW.sub("", one) for one in changed if isinstance(one, str))
        shown["changed"] = [path for path in paths if access.read(path) != "none"]
    return shown
