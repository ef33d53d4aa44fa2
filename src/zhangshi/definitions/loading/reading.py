"""A tree of nodes -> plain data that fits a struct, with every key's place and every problem of its shape."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec import NODEFAULT, inspect

from zhangshi.base.errors import FactValue, Word
from zhangshi.definitions.errors import Fault, Problem, hint
from zhangshi.definitions.errors.reading import (
    BAD_KEY,
    DUPLICATE_KEY,
    MISSING_KEY,
    OUT_OF_RANGE,
    UNKNOWN_KEY,
    WRONG_CHOICE,
    WRONG_SHAPE,
)
from zhangshi.definitions.loading.parsing import MappingNode, Node, ScalarNode, SequenceNode, children, scalar
from zhangshi.definitions.loading.source import Mark

_WORDS = {
    "map": Word("a map of keys", "“键: 值”的表"),
    "list": Word("a list", "列表"),
    "text": Word("a text", "文字"),
    "int": Word("a whole number", "整数"),
    "bool": Word("true or false", "true 或 false"),
    "null": Word("nothing", "空值"),
}
_COMMA = Word(
    "A comma between braces ends a text: put the text in quotes.",
    "花括号里的英文逗号会把文字断开:请给整段文字加引号,或改用中文逗号。",
)
Names = str | int | bool | None


def below(path: str, key: str) -> str:
    """Return the path of `key` in the map at `path`."""
    return f"{path}.{key}" if path else key


class Reader:
    """Reads one file: `data()` returns what fits; `marks` and `problems` fill up meanwhile."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.marks: dict[str, Mark] = {}
        self.problems: list[Problem] = []

    def data(self, node: Node, wanted: inspect.Type, path: str = "") -> Any:  # noqa: ANN401
        """Return the node as plain data of the wanted type; what does not fit is reported and left as None."""
        self.marks.setdefault(path, self._mark(node))
        types = _choices(wanted)
        if isinstance(node, MappingNode):
            return self._map(node, types, path)
        if isinstance(node, SequenceNode):
            return self._list(node, types, path)
        assert isinstance(node, ScalarNode)
        return self._scalar(node, types, path)

    def _map(self, node: MappingNode, types: Sequence[inspect.Type], path: str) -> Any:  # noqa: ANN401
        self._refuse_duplicates(node, path)
        for one in types:
            if isinstance(one, inspect.StructType):
                return self._struct(node, one, path)
        for one in types:
            if isinstance(one, inspect.DictType | inspect.AnyType):
                return self._dict(node, one, path)
        return self._wrong_shape(node, path, "map", types)

    def _struct(self, node: MappingNode, wanted: inspect.StructType, path: str) -> dict[str, Any]:
        fields = {one.encode_name: one for one in wanted.fields}
        made: dict[str, Any] = {}
        for key, key_node, value in children(node):
            here = below(path, key)
            self.marks[here] = self._mark(key_node)
            if key not in fields:
                meant = _COMMA if _is_empty(value) and not key.isascii() else hint(key, fields)
                self._report(key_node, here, UNKNOWN_KEY, name=key, hint=meant)
                continue
            if not _is_empty(value):
                made[key] = self.data(value, fields[key].type, here)
        for name, one in fields.items():
            if one.required and name not in made:
                self._report(node, path, MISSING_KEY, name=name, meaning=_meaning(one))
        return made

    def _dict(self, node: MappingNode, wanted: inspect.DictType | inspect.AnyType, path: str) -> dict[str, Any]:
        key_type, value_type = _dict_types(wanted)
        made: dict[str, Any] = {}
        for key, key_node, value in children(node):
            here = below(path, key)
            self.marks[here] = self._mark(key_node)
            if key_type is not None:
                self._fits_text(key, key_type, key_node, here)
            if isinstance(value_type, inspect.AnyType) or not _is_empty(value):
                made[key] = self.data(value, value_type, here)
            else:
                self._wrong_shape(value, here, "null", _choices(value_type))
        return made

    def _refuse_duplicates(self, node: MappingNode, path: str) -> None:
        first: dict[str, int] = {}
        for key, key_node, _ in children(node):
            if key in first:
                self._report(key_node, below(path, key), DUPLICATE_KEY, name=key, first=first[key])
            else:
                first[key] = key_node.start_mark.line + 1

    def _list(self, node: SequenceNode, types: Sequence[inspect.Type], path: str) -> Any:  # noqa: ANN401
        for one in types:
            if isinstance(one, inspect.ListType | inspect.AnyType):
                item = one.item_type if isinstance(one, inspect.ListType) else one
                if isinstance(one, inspect.ListType) and len(node.value) < (one.min_length or 0):
                    self._report(node, path, OUT_OF_RANGE, value=len(node.value), range=f">= {one.min_length}")
                return [self.data(value, item, f"{path}[{at}]") for at, value in enumerate(node.value)]
        return self._wrong_shape(node, path, "list", types)

    def _scalar(self, node: ScalarNode, types: Sequence[inspect.Type], path: str) -> Any:  # noqa: ANN401
        value = scalar(node)
        if any(isinstance(one, inspect.AnyType) for one in types):
            return value
        for one in types:
            if _is_of(value, one):
                self._fits(node, value, one, path)
                return value
        for one in types:  # a code such as 10 or true where text is wanted is that text
            if isinstance(one, inspect.StrType | inspect.LiteralType) and value is not None:
                self._fits(node, str(node.value), one, path)
                return str(node.value)
        return self._wrong_shape(node, path, _shape(value), types)

    def _fits(self, node: Node, value: Names, wanted: inspect.Type, path: str) -> None:
        if isinstance(wanted, inspect.LiteralType):
            if value not in wanted.values:
                known = sorted(str(one) for one in wanted.values)
                self._report(node, path, WRONG_CHOICE, value=value, hint=hint(str(value), known))
        elif isinstance(wanted, inspect.StrType):
            self._fits_text(str(value), wanted, node, path)
        elif isinstance(wanted, inspect.IntType) and isinstance(value, int):
            low, high = wanted.ge, wanted.le
            if (low is not None and value < low) or (high is not None and value > high):
                bounds = " ".join([f">= {low}"] * (low is not None) + [f"<= {high}"] * (high is not None))
                self._report(node, path, OUT_OF_RANGE, value=value, range=bounds)

    def _fits_text(self, text: str, wanted: inspect.Type, node: Node, path: str) -> None:
        for one in _choices(wanted):
            if not isinstance(one, inspect.StrType):
                continue
            if one.pattern and not re.search(one.pattern, text):
                self._report(node, path, BAD_KEY, value=text, pattern=one.pattern)
            if len(text) < (one.min_length or 0) or len(text) > (one.max_length or len(text)):
                self._report(
                    node, path, OUT_OF_RANGE, value=text, range=f"{one.min_length or 0}–{one.max_length or ''}"
                )

    def _wrong_shape(self, node: Node, path: str, found: str, types: Sequence[inspect.Type]) -> None:
        names = list(dict.fromkeys(_type_name(one) for one in types if not isinstance(one, inspect.NoneType)))
        wanted = Word(" or ".join(str(_WORDS[one]) for one in names), "或".join(_WORDS[one].zh for one in names))
        self._report(node, path, WRONG_SHAPE, found=_WORDS[found], wanted=wanted)

    def _report(self, node: Node, path: str, fault: Fault, **facts: FactValue) -> None:
        self.problems.append(Problem(fault, self.file, node.start_mark.line + 1, path, given=facts))

    def _mark(self, node: Node) -> Mark:
        return Mark(self.file, node.start_mark.line + 1)


def _choices(wanted: inspect.Type) -> Sequence[inspect.Type]:
    while isinstance(wanted, inspect.Metadata):
        wanted = wanted.type
    if isinstance(wanted, inspect.UnionType):
        return [inner for one in wanted.types for inner in _choices(one)]
    return [wanted]


def _dict_types(wanted: inspect.DictType | inspect.AnyType) -> tuple[inspect.Type | None, inspect.Type]:
    return (None, wanted) if isinstance(wanted, inspect.AnyType) else (wanted.key_type, wanted.value_type)


def _is_of(value: Names, wanted: inspect.Type) -> bool:
    if isinstance(value, bool):
        return isinstance(wanted, inspect.BoolType)
    if isinstance(value, int):
        return isinstance(wanted, inspect.IntType)
    if isinstance(value, str):
        return isinstance(wanted, inspect.StrType | inspect.LiteralType)
    return isinstance(wanted, inspect.NoneType)


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and scalar(node) is None


def _shape(value: Names) -> str:
    names = {bool: "bool", int: "int", str: "text"}
    return names.get(type(value), "null")


def _type_name(wanted: inspect.Type) -> str:
    names: dict[type[inspect.Type], str] = {
        inspect.StructType: "map",
        inspect.DictType: "map",
        inspect.ListType: "list",
        inspect.IntType: "int",
        inspect.BoolType: "bool",
    }
    return names.get(type(wanted), "text")


def _meaning(one: inspect.Field) -> str:
    wanted = one.type
    while isinstance(wanted, inspect.Metadata):
        if wanted.extra_json_schema and "description" in wanted.extra_json_schema:
            return str(wanted.extra_json_schema["description"])
        wanted = wanted.type
    return one.encode_name if one.default is NODEFAULT else ""
