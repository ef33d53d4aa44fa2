"""Settings come from the environment, and log lines say who is at work."""

import io
import json
from pathlib import Path

import pytest
import structlog

from tests.clocks import SettableClock
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.log import configure_log, request_under_way
from zhangshi.platform.settings import settings_from_environment


def test_settings_have_defaults() -> None:
    settings = settings_from_environment({"ZHANGSHI_COMPANY": ""})
    assert settings.home == Path("~/.zhangshi").expanduser()
    assert (settings.language, settings.company, settings.log_format, settings.log_level) == (
        "zh",
        "",
        "console",
        "warning",
    )


def test_settings_are_read() -> None:
    settings = settings_from_environment(
        {"ZHANGSHI_HOME": "/data", "ZHANGSHI_LANGUAGE": "en", "ZHANGSHI_LOG_FORMAT": "json"}
    )
    assert (settings.home, settings.language, settings.log_format) == (Path("/data"), "en", "json")


def test_a_wrong_setting_says_what_is_possible() -> None:
    with pytest.raises(ZhangshiError) as refused:
        settings_from_environment({"ZHANGSHI_LANGUAGE": "fr"})
    assert refused.value.code == "platform.bad_setting"
    assert refused.value.facts == {"name": "ZHANGSHI_LANGUAGE", "value": "fr", "expected": "zh | en"}


def test_a_line_carries_time_level_and_request() -> None:
    sink = io.StringIO()
    configure_log(form="json", level="info", clock=SettableClock(), sink=sink)
    under_way = request_under_way.set(("li", "k1"))
    structlog.get_logger("test").info("posted", quantity="3", item="螺丝")
    request_under_way.reset(under_way)
    structlog.get_logger("test").debug("not written")
    structlog.get_logger("test").warning("after")
    first, second = map(json.loads, sink.getvalue().splitlines())
    assert first == {
        "event": "posted",
        "quantity": "3",
        "item": "螺丝",
        "actor": "li",
        "request_key": "k1",
        "at": "2026-11-02T00:00:00.000+00:00",
        "level": "info",
    }
    assert "actor" not in second


def test_lines_for_people_are_plain_in_a_file() -> None:
    sink = io.StringIO()
    configure_log(form="console", level="warning", clock=SettableClock(), sink=sink)
    structlog.get_logger("test").warning("disk_nearly_full", free="3 %")
    assert "disk_nearly_full" in sink.getvalue()
    assert "\x1b" not in sink.getvalue()
