"""The house keeps its own rules: no network in tests, one command, pinned requirements."""

import re
import socket
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest

from tests.network import NetworkIsOffError
from tools.tidy import KERNELS

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTATION_HOST = "192.0.2.1"  # reserved for documentation: nobody lives there


def test_a_connection_to_another_machine_is_refused() -> None:
    with pytest.raises(NetworkIsOffError, match=DOCUMENTATION_HOST):
        socket.create_connection((DOCUMENTATION_HOST, 80), timeout=1)


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender, pytest.raises(NetworkIsOffError):
        sender.sendto(b"", (DOCUMENTATION_HOST, 53))


def test_asking_for_the_address_of_another_machine_is_refused() -> None:
    with pytest.raises(NetworkIsOffError):
        socket.getaddrinfo("example.com", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_may_talk_to_itself(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="careful"):
        warnings.warn("careful", stacklevel=1)


def test_help_lists_every_task() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    tasks = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())  # type: ignore[union-attr]

    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert {
        "setup",
        "test",
        "test-fast",
        "test-nightly",
        "lint",
        "fix",
        "types",
        "imports",
        "docs",
        "bench",
        "lock",
    } <= tasks
    assert set(re.findall(r"^  make (\S+) +\S", said, re.MULTILINE)) == tasks


def test_the_ci_runs_the_same_command_as_a_person() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if "make" in line] == ["exec make test"]


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_every_requirement_is_pinned_by_hash_and_names_no_host(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", "")
    lines = text.splitlines()

    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9-]+==\S+( ; [^-]+)?( +--hash=sha256:[0-9a-f]{64})+$", line), line


def test_what_the_project_needs_is_among_the_pinned_requirements() -> None:
    wanted = PYPROJECT["project"]["dependencies"]
    tools = [entry for entry in PYPROJECT["dependency-groups"]["dev"] if isinstance(entry, str)]
    tools += PYPROJECT["dependency-groups"]["build"]

    assert {_name(entry) for entry in wanted} <= _pinned("base.txt") <= _pinned("dev.txt")
    assert {_name(entry) for entry in tools} <= _pinned("dev.txt")


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9-]", requirement)[0]


def _pinned(name: str) -> set[str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))


def test_every_dependency_is_explained_with_its_licence() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    for entry in PYPROJECT["project"]["dependencies"]:
        assert re.search(rf"^\| {_name(entry)}\b[^|]*\| [^|]{{15,}} \| [^|]{{3,}} \|$", page, re.MULTILINE), entry


def test_the_kernels_that_may_import_nothing_are_the_kernels_that_tidy_watches() -> None:
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    pure = {module for contract in contracts if contract["type"] == "knows" for module in contract["modules"]}

    assert {kernel.removeprefix("src/").strip("/").replace("/", ".") for kernel in KERNELS} == pure


def test_the_suite_runs_on_a_python_that_the_project_supports() -> None:
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"
    assert sys.version_info >= (3, 11)
