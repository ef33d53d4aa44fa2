"""`zhangshi serve` as somebody starts and stops it: a process of its own, a real port, a signal."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

SECONDS_MAX = 60


def _run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "zhangshi", *arguments],
        env=_environment(home),
        capture_output=True,
        text=True,
        check=True,
    )


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "ZHANGSHI_HOME": str(home), "ZHANGSHI_LANGUAGE": "en", "PYTHONPATH": "src"}


@contextmanager
def served(home: Path, *options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "zhangshi", "serve", "--port", str(port), *options]
    process = subprocess.Popen(
        command, env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    url = f"http://127.0.0.1:{port}/api/v1"
    try:
        _wait(f"{url}/health", process)
        yield url, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait(url: str, process: "subprocess.Popen[str]") -> None:
    waiting = threading.Event()
    for _ in range(SECONDS_MAX * 10):
        assert process.poll() is None, process.communicate()
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            waiting.wait(0.1)
    pytest.fail("the server does not answer")


@pytest.mark.slow
def test_a_server_begins_serves_and_ends_while_somebody_listens(tmp_path: Path) -> None:
    made = _run(tmp_path, "init", "factory", "--json")
    assert '"password"' in made.stdout
    password = made.stdout.partition('"password": "')[2].partition('"')[0]

    with served(tmp_path) as (url, process), httpx.Client(base_url=url, timeout=20) as http:
        signed_in = http.post("/sign-in", json={"login": "owner", "password": password})
        assert signed_in.json()["person"]["must_change_password"] is True
        headers = {"X-CSRF-Token": signed_in.json()["csrf"]}
        changed = http.post("/me/password", json={"old": password, "new": "seven copper washers"}, headers=headers)
        assert changed.status_code == 204, changed.text

        with http.stream("GET", "/events") as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("retry")
            process.send_signal(signal.SIGTERM)
            for _ in lines:
                pass  # the stream ends by itself
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        said, errors = process.communicate()
        assert url in said
        assert "Traceback" not in errors


@pytest.mark.slow
def test_several_processes_serve_one_company(tmp_path: Path) -> None:
    _run(tmp_path, "init", "factory", "--json")

    with served(tmp_path, "--workers", "2") as (url, process), httpx.Client(base_url=url, timeout=20) as http:
        answers = {http.get("/health").json()["ok"] for _ in range(20)}
        assert answers == {True}
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)
