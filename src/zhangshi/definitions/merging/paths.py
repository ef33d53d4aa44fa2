"""Key paths inside the plain data of a definition: reading, setting, taking out.

`fields.price.label` walks keys. A list is walked by `[2]`, or by the `value` or `key` of an element, so that a patch of
one option survives an upgrade that adds another: `options.red.label`. `constraints[+]` adds at the end.
"""

import re
from typing import Any

NOTHING: Any = type("Nothing", (), {"__repr__": lambda _: "NOTHING"})()
"""Where a path leads nowhere."""

_STEP = re.compile(r"[^.\[\]]+|\[(?:\d+|\+)\]")
_IDENTITIES = ("value", "key")


def steps(path: str) -> list[str]:
    """Return the steps of a path; those in brackets keep them."""
    return _STEP.findall(path)


def read(data: object, path: str) -> Any:  # noqa: ANN401  a definition holds any plain value
    """Return what stands at `path`, or NOTHING."""
    here = data
    for step in steps(path):
        here = _step(here, step)
        if here is NOTHING:
            return NOTHING
    return here


def write(data: dict[str, Any], path: str, value: object) -> bool:
    """Set the value at `path`, making maps on the way; return False where a list has no such element."""
    here: Any = data
    way = steps(path)
    if not way:
        return False
    for step in way[:-1]:
        following = _step(here, step)
        if following is NOTHING:
            if not isinstance(here, dict):
                return False
            following = here[step] = {}
        elif isinstance(following, str) and isinstance(here, dict):  # a plain label takes on a second language
            following = here[step] = {"zh": following, "en": following}
        here = following
    return _put(here, way[-1], value)


def take_out(data: dict[str, Any], path: str) -> bool:
    """Remove what stands at `path`; return False where there was nothing."""
    way = steps(path)
    above, last = (read(data, ".".join(way[:-1])) if len(way) > 1 else data), way[-1]
    if isinstance(above, dict) and last in above:
        del above[last]
        return True
    at = _place(above, last) if isinstance(above, list) else None
    if at is None:
        return False
    del above[at]
    return True


def _step(here: object, step: str) -> Any:  # noqa: ANN401
    if isinstance(here, dict):
        return here.get(step, NOTHING)
    at = _place(here, step) if isinstance(here, list) else None
    return here[at] if at is not None and isinstance(here, list) else NOTHING


def _put(here: object, step: str, value: object) -> bool:
    if isinstance(here, dict):
        here[step] = value
        return True
    if not isinstance(here, list):
        return False
    if step == "[+]":
        here.append(value)
        return True
    at = _place(here, step)
    if at is not None:
        here[at] = value
    elif isinstance(value, dict) and step in {value.get(name) for name in _IDENTITIES}:
        here.append(value)
    else:
        return False
    return True


def _place(items: list[Any], step: str) -> int | None:
    if step.startswith("["):
        at = int(step[1:-1]) if step != "[+]" else len(items)
        return at if at < len(items) else None
    for at, one in enumerate(items):
        if isinstance(one, dict) and step in {one.get(name) for name in _IDENTITIES}:
            return at
        if one == step:
            return at
    return None
