"""Structured logs: one event a line, as JSON for machines or coloured for people, always on standard error.

Lines written while a write is under way carry its actor and request key, whoever writes them.
"""

import logging
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, TextIO

import structlog

from zhangshi.base.clock import Clock
from zhangshi.platform.settings import LogFormat, LogLevel

request_under_way: ContextVar[tuple[str, str] | None] = ContextVar("request_under_way", default=None)
"""Actor and key of the request that this thread is carrying out."""


def configure_log(*, form: LogFormat, level: LogLevel, clock: Clock, sink: TextIO | None = None) -> None:
    """Set up logging for this process; `sink` is standard error unless a test wants to read along."""

    def add_instant(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["at"] = clock.now().isoformat(timespec="milliseconds")
        return event

    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _add_request,
            add_instant,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            renderer if form == "json" else structlog.dev.ConsoleRenderer(colors=(sink or sys.stderr).isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(file=sink or sys.stderr),
        cache_logger_on_first_use=False,
    )


def _add_request(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    request = request_under_way.get()
    if request is not None:
        event.setdefault("actor", request[0])
        event.setdefault("request_key", request[1])
    return event
