"""Real processes that cost 10 ms each: forked from one that has imported everything and holds nothing.

A process of its own (this module run as a program) has no thread, no connection and no lock, so a fork of it is a
clean beginning. It obeys two orders on its standard input, start and wait; its children tell what they do through
one pipe, in lines short enough to arrive whole even from a process that is killed.
"""

import contextlib
import gc
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import msgspec

SECONDS_MAX = 60
_ROOT = Path(__file__).parents[2]
_LINE_BYTES_MAX = 4000  # below PIPE_BUF: written whole or not at all

Task = Callable[..., None]


class Reporter:
    """A child's end of the pipe."""

    def __init__(self, file: int) -> None:
        self._file = file

    def say(self, kind: str, **facts: object) -> None:
        """Send one line."""
        line = msgspec.json.encode({"kind": kind, "pid": os.getpid(), **facts}) + b"\n"
        assert len(line) <= _LINE_BYTES_MAX, line
        os.write(self._file, line)


class Nursery:
    """The tests' end: starts children and hears from them."""

    def __init__(self, process: "subprocess.Popen[str]", reports: int) -> None:
        self._process = process
        self._reports = reports
        self._heard = b""

    def _order(self, **words: object) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(words).decode() + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, task: str, **arguments: object) -> int:
        """Start a child that runs the task of that name; return its process id."""
        return self._order(task=task, arguments=arguments)

    def wait(self, pid: int) -> int:
        """Return how a child ended: its exit code, or the negative number of the signal that ended it."""
        return self._order(wait=pid)

    def hear(self, kind: str) -> dict[str, Any]:
        """Return the next report, which must be of that kind."""
        until = time.monotonic() + SECONDS_MAX
        while b"\n" not in self._heard:
            assert select.select([self._reports], [], [], until - time.monotonic())[0], f"no {kind} in {SECONDS_MAX} s"
            self._heard += os.read(self._reports, 65536)
        line, _, self._heard = self._heard.partition(b"\n")
        report: dict[str, Any] = msgspec.json.decode(line)
        assert report["kind"] == kind, f"{report['kind']}: {report.get('what', report)}"
        return report

    def forget(self) -> None:
        """Throw away the reports that nobody asked for."""
        while select.select([self._reports], [], [], 0)[0]:
            self._heard = os.read(self._reports, 65536)
        self._heard = b""


@contextlib.contextmanager
def open_nursery() -> Iterator[Nursery]:
    """Have a nursery; the children that are left at the end are killed."""
    reports, written = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.simulation.nursery", str(written)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": f"{_ROOT / 'src'}{os.pathsep}{_ROOT}"},
        pass_fds=[written],
    ) as process:
        os.close(written)
        try:
            yield Nursery(process, reports)
        finally:
            os.close(reports)
            assert process.stdin is not None
            process.stdin.close()  # it ends when there are no more orders


def _serve(tasks: Mapping[str, Task], reports: int) -> None:
    answers = os.dup(1)
    os.dup2(2, 1)  # what a child prints must not look like an answer
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    for line in sys.stdin:
        order = msgspec.json.decode(line)
        if "wait" in order:
            children.discard(order["wait"])
            answer = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
        else:
            answer = os.fork()
            if answer == 0:
                os.close(answers)
                _live(tasks[order["task"]], Reporter(reports), order["arguments"])
            children.add(answer)
        os.write(answers, f"{answer}\n".encode())
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _live(task: Task, reporter: Reporter, arguments: dict[str, Any]) -> NoReturn:
    """Be a child, to the end; nothing of the parent's is cleaned up."""
    exit_code = 1
    try:
        task(reporter, **arguments)
        exit_code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the test shall read it
        reporter.say("error", what=traceback.format_exc()[-3000:])
    finally:
        os._exit(exit_code)


if __name__ == "__main__":
    import sqlalchemy.dialects.postgresql
    import sqlalchemy.dialects.sqlite  # noqa: F401 - SQLAlchemy would import it in each child

    from tests.simulation import clerks, rivals
    from zhangshi.platform.revisions import head_revision

    head_revision()  # reads the migrations, once for all children
    _serve({"clerk": clerks.work_until_killed, **rivals.TASKS}, int(sys.argv[1]))
