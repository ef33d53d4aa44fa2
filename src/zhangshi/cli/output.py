"""How commands speak: sentences and progress bars for people, one JSON object for programs."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click

from zhangshi.base.errors import FactValue, Language
from zhangshi.cli.texts import text
from zhangshi.cli.wiring import Progress


@dataclass(slots=True)
class Output:
    """Where a command's words go."""

    as_json: bool
    language: Language

    def say(self, name: str, answer: Mapping[str, Any], **facts: FactValue) -> None:
        """Print the sentence called `name`, or the whole answer as JSON."""
        if self.as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
        else:
            click.echo(text(name, self.language, **facts))

    def table(self, answer: Mapping[str, Any]) -> None:
        """Print names and values, one a line, or the whole answer as JSON."""
        if self.as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
            return
        for name, value in _lines(answer):
            click.echo(f"{name:<28} {'-' if value is None else value}")

    def refuse(self, code: str, message: str, facts: Mapping[str, FactValue]) -> None:
        """Print an error: for programs on standard output, for people on standard error."""
        if self.as_json:
            error = {"code": code, "message": message, "facts": dict(facts)}
            click.echo(json.dumps({"error": error}, ensure_ascii=False))
        else:
            click.echo(f"{message} [{code}]", err=True)

    @contextmanager
    def progress(self, name: str) -> Iterator[Progress]:
        """Show a bar on standard error while the block runs; nothing for programs and in files."""
        if self.as_json or not sys.stderr.isatty():
            yield lambda _done, _total: None
            return
        with click.progressbar(length=1, label=text(name, self.language), file=sys.stderr) as bar:

            def show(done: int, total: int) -> None:
                bar.length = max(total, 1)
                bar.update(done - bar.pos)

            yield show


def _lines(answer: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, FactValue]]:
    for name, value in answer.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{prefix}{name}.")
        elif isinstance(value, (list, tuple)):
            for number, one in enumerate(value, start=1):
                yield from _lines(one, f"{prefix}{name}.{number}.")
        else:
            yield f"{prefix}{name}", value
