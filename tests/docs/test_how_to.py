"""What the how-to pages tell people to type, works and says what the page shows.

Each ```yaml or ```csv block whose first line names a file (`# forms/thing.yaml`) is saved there, in an empty folder
with a home of its own; then each ```console block is typed, top to bottom. A line that begins with `$ zhangshi` runs in
this process; the lines below it are its output (`...` stands for anything). `$ # exit 3` says how the command before it
ended; without it, 0. The page's PostgreSQL address becomes that of an empty database. Then its ```python blocks run,
and the books must be clean.
"""

import ast
import doctest
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.companies import new_database
from tests.conftest import _unique
from zhangshi.bootstrap import system_wiring
from zhangshi.cli.main import run
from zhangshi.ledger.kernel.replay import _CORRECTIONS
from zhangshi.ledger.model import Reason

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))
AUDIT_SOURCES = [
    *(ROOT / "src/zhangshi/ledger/service/audit").glob("*.py"),
    ROOT / "src/zhangshi/ledger/kernel/replay.py",
]
PAGE_URL = "postgresql://zhangshi:secret@db:5432/factory"
_FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^```(?:yaml|csv)\n# ([\w./-]+\.(?:yaml|csv))\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


class Typed(NamedTuple):
    """A command line, how it should end and what it should say."""

    line: str
    exit_code: int
    output: str


def typed(text: str) -> list[Typed]:
    """Return the command lines of a page."""
    found: list[Typed] = []
    for block in _FENCE.findall(text):
        for line in block.splitlines():
            if exits := re.fullmatch(r"\$ # exit (\d+)", line):
                found[-1] = found[-1]._replace(exit_code=int(exits.group(1)))
            elif line.startswith("$ "):
                found.append(Typed(line[2:], 0, ""))
            else:
                found[-1] = found[-1]._replace(output=f"{found[-1].output}{line}\n")
    return found


def run_page(text: str, capsys: pytest.CaptureFixture[str], url: str) -> list[str]:
    """Type everything; return what was not as the page says."""
    for name, content in _FILE.findall(text):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")
    wrong: list[str] = []
    checker = doctest.OutputChecker()
    for line, exit_code, output in typed(text):
        program, *arguments = shlex.split(line.replace(PAGE_URL, url))
        assert program == "zhangshi", line
        ended = run(arguments, make_wiring=system_wiring)
        said = "".join(capsys.readouterr())
        if ended != exit_code:
            wrong.append(f"{line}: exit {ended}: {said}")
        if not checker.check_output(output, said, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE):
            wrong.append(f"{line}:\n{output}--- was:\n{said}")
    return wrong


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHANGSHI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ZHANGSHI_LANGUAGE", "en")
    monkeypatch.delenv("ZHANGSHI_COMPANY", raising=False)
    return tmp_path


PROVED_ELSEWHERE = {
    "add-a-document": "tests/integration/stories/test_add_a_document.py",
    "add-a-field": "tests/docs/test_definition_pages.py",
    "add-a-posting": "tests/docs/test_definition_pages.py",
}
"""Pages that show no command line, and the tests that hold what they say."""


def test_a_page_without_a_command_line_is_proved_by_a_test_of_its_own() -> None:
    silent = {page.stem for page in PAGES if not typed(page.read_text(encoding="utf-8"))}
    assert silent == set(PROVED_ELSEWHERE)
    assert all((ROOT / test).is_file() for test in PROVED_ELSEWHERE.values())


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.stem not in PROVED_ELSEWHERE], ids=lambda page: page.stem
)
def test_what_a_page_tells_people_to_type_works(
    page: Path, home: Path, capsys: pytest.CaptureFixture[str], pg_url: str
) -> None:
    text = page.read_text(encoding="utf-8")
    assert typed(text), "the page shows no command"

    with new_database(pg_url, _unique("howto")) as url:
        assert run_page(text, capsys, url) == []
    for program in _PROGRAM.findall(text):
        exec(compile(program, page.name, "exec"), {})  # noqa: S102  # a page of ours
    assert run(["audit", "--company", "factory"], make_wiring=system_wiring) == 0


def test_a_page_that_says_something_else_is_noticed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = "```console\n$ zhangshi audit\nAll is well.\n```\n"

    (ended, said) = run_page(page, capsys, "")

    assert ended.startswith("zhangshi audit: exit 1")
    assert "All is well." in said


def audit_codes() -> set[str]:
    """Return every code that the audit can name, from its source."""
    found = {reason.value for reason in _CORRECTIONS | {Reason.REVALUATION}}
    for source in AUDIT_SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            constants: list[ast.expr] = []
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                constants = node.args[:3] if name in {"add", "_differ", "_Groups", "Mismatch"} else []
            elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
                constants = [row.elts[0] for row in node.iter.elts if isinstance(row, ast.Tuple)]
            found |= {
                node.value
                for node in constants
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value)
            }
    return found


def test_every_difference_that_the_audit_can_name_is_on_its_page() -> None:
    page = (ROOT / "docs" / "how-to" / "audit.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    documented = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row)}

    assert {"digest", "seal_link", "balance", "item_amount", "orphan_move"} <= audit_codes()
    assert documented == audit_codes()
