"""Texts, files and folders -> source objects."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from msgspec import inspect

from zhangshi.definitions.errors import Problem, hint, raise_if_any
from zhangshi.definitions.errors.reading import NOT_A_MAP, UNKNOWN_KIND
from zhangshi.definitions.loading.parsing import MappingNode, Node, children, parse
from zhangshi.definitions.loading.reading import Reader
from zhangshi.definitions.loading.source import SITE, SourceObject
from zhangshi.definitions.model import KINDS

SUFFIXES = {".yaml", ".yml"}


def load_text(text: str, file: str = "", *, layer: str = SITE) -> SourceObject:
    """Read one object from YAML (or JSON).

    Raises: definitions.invalid with every problem of its shape; what it means is looked at when it is compiled.
    """
    made, problems = read_text(text, file, layer=layer)
    raise_if_any(problems)
    assert made is not None
    return made


def read_text(text: str, file: str = "", *, layer: str = SITE) -> tuple[SourceObject | None, list[Problem]]:
    """As `load_text`, but hand the problems back."""
    root = parse(text, file)
    if isinstance(root, Problem):
        return None, [root]
    if not isinstance(root, MappingNode) or not root.value:
        return None, [Problem(NOT_A_MAP, file, root.start_mark.line + 1 if root is not None else 1, "")]
    kind, line = _kind_of(root)
    if kind not in KINDS:
        return None, [Problem(UNKNOWN_KIND, file, line, "", given={"name": kind, "hint": hint(kind, KINDS)})]
    reader = Reader(file)
    data = reader.data(root, _wanted(kind))
    if reader.problems:
        return None, reader.problems
    struct = msgspec.convert(data, KINDS[kind])
    return SourceObject(layer, kind, str(data[kind]), struct, file, reader.marks), []


def load_folder(path: Path, *, layer: str | None = None) -> list[SourceObject]:
    """Read every YAML file below `path`, in order of their names; `layer` is the key in pack.yaml where left out.

    Raises: definitions.invalid with the problems of all files.
    """
    files = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file())
    named = layer or _layer_of(path)
    return load_texts(((one.read_text(encoding="utf-8"), one.relative_to(path).as_posix()) for one in files), named)


def load_texts(texts: Iterable[tuple[str, str]], layer: str = SITE) -> list[SourceObject]:
    """Read (text, file) pairs of one layer. Raises: definitions.invalid with the problems of all."""
    made: list[SourceObject] = []
    problems: list[Problem] = []
    for text, file in texts:
        one, wrong = read_text(text, file, layer=layer)
        problems += wrong
        if one is not None:
            made.append(one)
    raise_if_any(problems)
    return made


def _layer_of(path: Path) -> str:
    file = path / "pack.yaml"
    if not file.is_file():
        return SITE
    return load_text(file.read_text(encoding="utf-8"), file.name).key


def _kind_of(root: MappingNode) -> tuple[str, int]:
    keys: list[tuple[str, Node]] = [(key, node) for key, node, _ in children(root)]
    name, node = next((one for one in keys if one[0] != "schema"), keys[0])
    return name, node.start_mark.line + 1


@cache
def _wanted(kind: str) -> inspect.Type:
    return inspect.type_info(KINDS[kind])
