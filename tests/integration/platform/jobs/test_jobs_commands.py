"""The commands `zhangshi jobs …` and `zhangshi worker`, on a company of an installation of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.platform.jobs.effects import write
from zhangshi.bootstrap import SystemWiring, open_entry
from zhangshi.cli.main import run
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import RetryPolicy
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.settings import settings_from_environment

_ROOT = Path(__file__).parents[4]

Call = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def call(home: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command line with --json; return its exit code and answer."""
    settings = settings_from_environment({"ZHANGSHI_HOME": str(home)})

    def do(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run([*arguments, "--json"], make_wiring=lambda: SystemWiring(settings))
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    assert do("init", "shop")[0] == 0
    return do


def _kill_two_jobs(home: Path) -> list[str]:
    """Leave two dead jobs in the company; return their ids."""
    wiring = SystemWiring(settings_from_environment({"ZHANGSHI_HOME": str(home)}))
    company = open_entry(wiring.directory.get_entry("shop"))

    def fail(_job: object) -> None:
        raise ConnectionError("no line")

    handlers = Handlers()
    handlers.add_outside("send", fail, policy=RetryPolicy(attempts_max=1))
    job_ids = [str(write(company, lambda uow: enqueue(uow, handler="send", payload="hi"))) for _ in range(2)]
    worker = Worker(company=company, handlers=handlers, noise=lambda _bits: 0, name="test")
    worker.run_until_idle()
    worker.close()
    company.close()
    return job_ids


def test_dead_jobs_are_listed_shown_replayed_and_discarded(call: Call, home: Path) -> None:
    first, second = _kill_two_jobs(home)
    code, answer = call("jobs", "dead")
    assert (code, answer["dead"], [job["job_id"] for job in answer["jobs"]]) == (0, 2, [first, second])
    assert answer["jobs"][0]["error"] == "ConnectionError: no line"
    code, shown = call("jobs", "show", first)
    assert (code, shown["payload"], "Traceback" in shown["error"]) == (0, '"hi"', True)
    assert call("jobs", "replay", first) == (0, {"replayed": [int(first)]})
    assert call("jobs", "discard", second) == (0, {"discarded": [int(second)]})
    _, left = call("jobs", "list", "--state", "pending")
    assert [job["job_id"] for job in left["jobs"]] == [first]


def test_a_job_that_is_not_there_is_refused_by_name(call: Call) -> None:
    for command in ("show", "replay", "discard"):
        code, answer = call("jobs", command, "404")
        assert (code, answer["error"]["code"]) == (1, "jobs.no_such_job")


def test_worker_once_ends_when_nothing_is_due(call: Call) -> None:
    code, answer = call("worker", "--once")
    assert (code, answer["company"]) == (0, "shop")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_worker_ends_in_order_when_it_is_told_to(call: Call, home: Path, name: str) -> None:
    program = "import sys; from zhangshi.bootstrap import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "worker", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(_ROOT / "src"), "ZHANGSHI_HOME": str(home)},
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["company"] == "shop"
        process.send_signal(signal.Signals[name])
        assert json.loads(process.stdout.readline())["ended"] is True
        assert process.wait(20) == 0
    _, answer = call("jobs", "list")
    assert answer["workers_alive"] == 0, "it has taken itself off the list"
