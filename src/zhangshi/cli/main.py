"""The command `zhangshi`: global options, errors, exit codes."""

import enum
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import click

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.cli.output import Output
from zhangshi.cli.texts import text
from zhangshi.cli.wiring import Wiring
from zhangshi.platform import errors
from zhangshi.platform.directory import CompanyEntry

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


class ExitCode(enum.IntEnum):
    """What a script can tell from the exit code; the value's text is its documentation."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    DIFFERENCE = 3
    UNREACHABLE = 4
    INTERNAL = 70
    INTERRUPTED = 130


_EXIT_CODES = {
    errors.UNREACHABLE.code: ExitCode.UNREACHABLE,
    errors.LOGIN_REFUSED.code: ExitCode.UNREACHABLE,
    errors.NO_SUCH_DATABASE.code: ExitCode.UNREACHABLE,
    errors.CONNECTION_LOST.code: ExitCode.UNREACHABLE,
    errors.RESTORE_DIFFERS.code: ExitCode.DIFFERENCE,
}


@dataclass(slots=True)
class State:
    """What all commands share: the wiring, and the global options wherever they stood on the line."""

    wiring: Wiring
    output: Output
    company: str

    def entry(self) -> CompanyEntry:
        """Return the company that is meant."""
        return self.wiring.directory.get_entry(self.company)


def _note(context: click.Context, parameter: click.Parameter, value: Any) -> None:  # noqa: ANN401 - of any option
    if value is None or value is False or context.resilient_parsing:
        return
    state: State = context.obj
    if parameter.name == "company":
        state.company = value
    elif parameter.name == "language":
        state.output.language = value
    else:
        state.output.as_json = True


def shared_options(function: AnyFunction) -> AnyFunction:
    """Give a command the options that all have; they may stand before or after its name."""
    for option in (
        click.option("--language", type=click.Choice(["zh", "en"]), help="消息语言 · Language of messages"),
        click.option("--json", is_flag=True, help="输出 JSON · One JSON object on standard output"),
        click.option("--company", metavar="KEY", help="账套 · The company that is meant"),
    ):
        function = _noted(option, function)
    return function


def _noted(option: Callable[[AnyFunction], AnyFunction], function: AnyFunction) -> AnyFunction:
    made = option(function)
    parameters = cast("list[click.Option]", made.__click_params__)  # type: ignore[attr-defined]
    parameters[-1].callback = _note
    parameters[-1].expose_value = False
    return made


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@shared_options
def zhangshi() -> None:
    """账实:小工厂的进销存与生产 · Stock and production for small factories."""


def run(arguments: Sequence[str], *, make_wiring: Callable[[], Wiring]) -> int:
    """Carry out one command line; return its exit code. Never raises."""
    output = Output(as_json="--json" in arguments, language=_language_of(arguments))
    try:
        wiring = make_wiring()
        output.language = wiring.settings.language
        state = State(wiring=wiring, output=output, company=wiring.settings.company)
        answer = zhangshi.main(list(arguments), prog_name="zhangshi", standalone_mode=False, obj=state)
        return int(answer or ExitCode.OK)
    except ZhangshiError as error:
        output.refuse(error.code, error.message(output.language), error.facts)
        return _EXIT_CODES.get(error.code, ExitCode.REFUSED)
    except click.UsageError as error:
        output.refuse("cli.usage", _usage(error, as_json=output.as_json), {})
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        output.refuse("cli.interrupted", text("aborted", output.language), {})
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a code for scripts, the trace for support
        click.echo(traceback.format_exc(), err=True)
        output.refuse("cli.internal", text("internal", output.language, detail=repr(error)), {})
        return ExitCode.INTERNAL


def _language_of(arguments: Sequence[str]) -> Language:
    """The language before anything is parsed, for errors of the parsing itself."""
    return "en" if "en" in arguments or "--language=en" in arguments else "zh"


def _usage(error: click.UsageError, *, as_json: bool) -> str:
    usage = f"{error.ctx.get_usage()}\n" if error.ctx and not as_json else ""
    return f"{usage}{error.format_message()}"
