"""Settings: what a site may choose, read once from the environment.

Each field says in its metadata which variable it comes from and what it means; docs/reference/settings.md is
generated from that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.platform import errors

LogFormat = Literal["console", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]


def _about(variable: str, default: str, meaning: str, *choices: str) -> Mapping[str, Any]:
    return {"variable": variable, "default": default, "meaning": meaning, "choices": choices}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process."""

    home: Path = field(metadata=_about("ZHANGSHI_HOME", "~/.zhangshi", "The folder of the company directory."))
    company: str = field(metadata=_about("ZHANGSHI_COMPANY", "", "The company meant when a command names none."))
    language: Language = field(metadata=_about("ZHANGSHI_LANGUAGE", "zh", "The language of messages.", "zh", "en"))
    log_format: LogFormat = field(
        metadata=_about("ZHANGSHI_LOG_FORMAT", "console", "How log lines are written.", "console", "json")
    )
    log_level: LogLevel = field(
        metadata=_about(
            "ZHANGSHI_LOG_LEVEL",
            "warning",
            "The least important line that is written.",
            *("debug", "info", "warning", "error"),
        )
    )


def settings_from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as absent.

    Raises: platform.bad_setting.
    """
    values: dict[str, str] = {}
    for one in fields(Settings):
        about = one.metadata
        value = environment.get(about["variable"], "") or about["default"]
        if about["choices"] and value not in about["choices"]:
            raise ZhangshiError(
                errors.BAD_SETTING, name=about["variable"], value=value, expected=" | ".join(about["choices"])
            )
        values[one.name] = value
    return Settings(
        home=Path(values["home"]).expanduser(),
        company=values["company"],
        language=cast("Language", values["language"]),
        log_format=cast("LogFormat", values["log_format"]),
        log_level=cast("LogLevel", values["log_level"]),
    )
