"""The JSON Schema, the table of commands and the reference say what the reader and the ledger really take."""

import json
import typing

import pytest
from jsonschema_rs import validator_for
from msgspec import inspect

from tests.unit.definitions.shop import SHOP
from zhangshi.definitions.loading import load_text
from zhangshi.definitions.model import FOLDERS, KINDS
from zhangshi.definitions.postings import COMMANDS, PARAMETERS, REVERSE
from zhangshi.definitions.schema import schema_of, schemas
from zhangshi.ledger import commands as ledger


@pytest.mark.parametrize("file", SHOP)
def test_what_the_reader_takes_the_schema_takes(file: str) -> None:
    source = load_text(SHOP[file].lstrip(), file)

    validator_for(dict(schema_of(source.kind))).validate(source.plain())


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("entity", {"schema": 1, "entity": "a", "kind": "paper"}),
        ("entity", {"schema": 1, "entity": "A", "kind": "master"}),
        ("entity", {"schema": 1, "entity": "a", "kind": "master", "colour": "red"}),
        ("entity", {"schema": 1, "entity": "a", "kind": "master", "fields": {"x": {"type": "float"}}}),
        ("entity", {"schema": 1, "entity": "a", "kind": "document", "lifecycle": {"states": ["d"], "transitions": {
            "p": {"from": "d", "to": "d", "posting": {"command": "issue", "item": "item", "quantity": "q"}}}}}),
        ("entity", {"schema": 1, "entity": "a", "kind": "document", "lifecycle": {"states": ["d"], "transitions": {
            "p": {"from": "d", "to": "d", "posting": {"command": "reverse", "item": "item"}}}}}),
        ("role", {"schema": 1, "role": "r", "grants": {"a": {"fields": {"x": "see"}}}}),
    ],
)  # fmt: skip
def test_what_the_reader_refuses_the_schema_refuses(kind: str, wrong: dict[str, object]) -> None:
    assert not validator_for(dict(schema_of(kind))).is_valid(wrong)


def test_every_kind_has_a_schema_that_is_json_and_a_folder() -> None:
    assert set(schemas()) == set(KINDS) == set(FOLDERS) | {"pack"}
    assert all(json.loads(json.dumps(one)) == one for one in schemas().values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_says_what_it_means_in_both_languages(kind: str) -> None:
    for struct in _structs(inspect.type_info(KINDS[kind]), set()):
        for one in struct.fields:
            extra = _extra(one.type)
            assert extra.get("title"), (struct.cls, one.name)
            assert str(extra.get("description", "")).endswith("."), (struct.cls, one.name)


def test_the_commands_of_forms_are_those_of_the_ledger() -> None:
    known = {command.name for command in typing.get_args(ledger.Command)}

    assert set(COMMANDS) == known
    assert all(one.known <= set(PARAMETERS) for one in COMMANDS.values())
    assert COMMANDS[REVERSE].known == frozenset()


def _extra(kind: inspect.Type) -> dict[str, object]:
    found: dict[str, object] = {}
    while isinstance(kind, inspect.Metadata):
        found = {**(kind.extra_json_schema or {}), **found}
        kind = kind.type
    return found


def _structs(kind: inspect.Type, seen: set[type]) -> typing.Iterator[inspect.StructType]:
    if isinstance(kind, inspect.Metadata):
        yield from _structs(kind.type, seen)
    elif isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _structs(one, seen)
    elif isinstance(kind, inspect.ListType):
        yield from _structs(kind.item_type, seen)
    elif isinstance(kind, inspect.DictType):
        yield from _structs(kind.value_type, seen)
    elif isinstance(kind, inspect.StructType) and kind.cls not in seen:
        seen.add(kind.cls)
        yield kind
        for field in kind.fields:
            yield from _structs(field.type, seen)
