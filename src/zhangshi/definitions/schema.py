"""JSON Schema of each kind of definition, for editors and for the designers' property panels.

Every key carries its meaning (`description`, English) and its name (`title`, Chinese). With the first line
`# yaml-language-server: $schema=entity.json` an editor completes keys and underlines mistakes while one types.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from zhangshi.definitions.model import KINDS
from zhangshi.definitions.postings import COMMANDS, REVERSE

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def schema_of(kind: str) -> Mapping[str, Any]:
    """Return the JSON Schema of a kind. Raises: KeyError for a kind that there is not."""
    made: dict[str, Any] = msgspec.json.schema(KINDS[kind])
    _numbers_stay_text(made)
    if "Posting" in made.get("$defs", {}):
        made["$defs"]["Posting"]["oneOf"] = [_command(name) for name in COMMANDS]
    return {"$schema": DIALECT, "title": kind, **made}


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """Return the schema of every kind."""
    return {kind: schema_of(kind) for kind in KINDS}


def _command(name: str) -> dict[str, Any]:
    """What a command must and may be given, so that an editor knows before anything is compiled."""
    command = COMMANDS[name]
    always = {"command", "each", "when", "where"} if name != REVERSE else {"command"}
    wanted = sorted(command.required - set(command.aliases.values()))
    made: dict[str, Any] = {
        "title": command.zh,
        "properties": {"command": {"const": name}},
        "required": ["command", *wanted],
        "propertyNames": {"enum": sorted(always | command.known | set(command.aliases))},
    }
    either = [
        {"anyOf": [{"required": [one]}, {"required": [alias]}]}
        for alias, one in command.aliases.items()
        if one in command.required
    ]
    return {**made, "allOf": either} if either else made


def _numbers_stay_text(schema: object) -> None:
    """The reader keeps decimals as text, a JSON Schema sees a number: where text is taken, a number is too."""
    if isinstance(schema, list):
        for one in schema:
            _numbers_stay_text(one)
    if not isinstance(schema, dict):
        return
    for one in schema.values():
        _numbers_stay_text(one)
    choices = schema.get("anyOf")
    if isinstance(choices, list) and {"type": "string"} in choices and {"type": "integer"} in choices:
        choices[choices.index({"type": "integer"})] = {"type": "number"}
