"""Source objects -> YAML or JSON that reads back as the same object."""

from typing import Any

import msgspec
import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.serializer import Serializer

from zhangshi.definitions.loading.parsing import PlainResolver
from zhangshi.definitions.loading.source import SourceObject


class _Dumper(Emitter, Serializer, SafeRepresenter, PlainResolver):
    """Quotes exactly what the reader would otherwise take for something else than text."""

    def __init__(self, stream: Any, **settings: Any) -> None:  # noqa: ANN401  as PyYAML's own
        emitter = {name: settings[name] for name in ("canonical", "indent", "width", "allow_unicode", "line_break")}
        Emitter.__init__(self, stream, **emitter)
        Serializer.__init__(self, encoding=None, explicit_start=None, explicit_end=None)
        SafeRepresenter.__init__(self, default_style=None, default_flow_style=False, sort_keys=False)
        PlainResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002  as PyYAML's own
        return True


def dump(source: SourceObject) -> str:
    """Return the object as YAML, without what is left at its default."""
    text: str = yaml.dump(source.plain(), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def dump_json(source: SourceObject) -> str:
    """Return the object as compact JSON, for storage and digests; equal objects give equal texts."""
    return msgspec.json.encode(source.plain()).decode()
