"""Objects of one layer, patched path by path by the overrides of the layers above."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from zhangshi.base.errors import FactValue
from zhangshi.definitions.errors import Fault, Problem, hint, raise_if_any
from zhangshi.definitions.errors.references import OVERRIDE_NOTHING, OVERRIDE_PATH
from zhangshi.definitions.loading.files import read_text
from zhangshi.definitions.loading.source import Mark, SourceObject
from zhangshi.definitions.merging.paths import read, take_out, write
from zhangshi.definitions.model import KINDS
from zhangshi.definitions.model.packs import Override

RETIRED_IN_PLACE = ("fields", "lines", "options")
"""Things whose data stays: retiring one marks it; anything else is left out."""


def effective(sources: Sequence[SourceObject]) -> list[SourceObject]:
    """Return the objects as they count, every override applied in the order of `sources`.

    Raises: definitions.invalid where an override names something that is not there, or makes nonsense of it.
    """
    problems: list[Problem] = []
    made = apply_overrides(sources, problems)
    raise_if_any(problems)
    return made


def apply_overrides(sources: Sequence[SourceObject], problems: list[Problem]) -> list[SourceObject]:
    """Return the objects without overrides, each patched by those that name it, in the order of `sources`.

    What cannot be applied is added to `problems`.
    """
    patches: dict[str, list[SourceObject]] = {}
    for source in sources:
        if isinstance(source.data, Override):
            patches.setdefault(source.data.override, []).append(source)
    objects = [source for source in sources if source.kind != "override"]
    names = {source.name for source in objects}
    for name, found in patches.items():
        if name not in names:
            problems += [
                _problem(one, OVERRIDE_NOTHING, "override", name=name, hint=hint(name, names)) for one in found
            ]
    return [_patched(one, patches.get(one.name, ()), problems) for one in objects]


def _patched(source: SourceObject, patches: Sequence[SourceObject], problems: list[Problem]) -> SourceObject:
    if not patches:
        return source
    data, marks = copy.deepcopy(source.plain()), dict(source.marks)
    for patch in patches:
        _apply(patch, source.name, data, marks, problems)
    try:
        struct = msgspec.convert(data, KINDS[source.kind])
    except msgspec.ValidationError:
        problems += _shape_problems(source, patches[-1], data, marks)
        return source
    return replace(source, data=struct, marks=marks)


def _apply(
    patch: SourceObject, name: str, data: dict[str, Any], marks: dict[str, Mark], problems: list[Problem]
) -> None:
    assert isinstance(patch.data, Override)
    for path, value in patch.data.set.items():
        if not write(data, path, copy.deepcopy(value)):
            problems.append(_problem(patch, OVERRIDE_PATH, f"set.{path}", name=name, at=path))
        for below in [one for one in marks if one == path or one.startswith((f"{path}.", f"{path}["))]:
            del marks[below]
        inside = f"set.{path}"
        for written, mark in patch.marks.items():
            if written == inside or written.startswith((f"{inside}.", f"{inside}[")):
                marks[path + written[len(inside) :]] = mark
    for at, path in enumerate(patch.data.retire):
        if not _retire(data, path):
            problems.append(_problem(patch, OVERRIDE_PATH, f"retire[{at}]", name=name, at=path))


def _retire(data: dict[str, Any], path: str) -> bool:
    found = read(data, path)
    kept = path.split(".")[-2:-1]
    if isinstance(found, dict) and kept and kept[0] in RETIRED_IN_PLACE:
        found["retired"] = True
        return True
    return take_out(data, path)


def _shape_problems(
    source: SourceObject, patch: SourceObject, data: dict[str, Any], marks: Mapping[str, Mark]
) -> list[Problem]:
    """Read the merged object like a file, so that a wrong value is reported by its path, in the override's file."""
    text = msgspec.json.encode(data).decode()
    _, problems = read_text(text, patch.file, layer=source.layer)
    probe = replace(source, marks=marks)
    return [
        replace(one, file=probe.place(one.path).file, line=probe.place(one.path).line, object=patch.name)
        for one in problems
    ]


def _problem(patch: SourceObject, fault: Fault, path: str, **facts: FactValue) -> Problem:
    mark = patch.place(path)
    return Problem(fault, mark.file, mark.line, path, patch.name, facts)
