"""The worked numbers of docs/algorithms are executed: every ```python block that holds `>>>` lines is a doctest.

The blocks of one page are one session, top to bottom, so that a later block may use the names of an earlier one.
"""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "algorithms").glob("*.md"))
PROMISED = {"posting", "costing", "reservation", "period", "genealogy", "seal", "numbers"}
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def session_of(text: str) -> str:
    """Blank out everything but the fenced blocks, keeping line numbers, so that a failure points at its line."""
    kept: list[str] = []
    position = 0
    for block in _FENCE.finditer(text):
        kept.append("\n" * text.count("\n", position, block.start(1)))
        kept.append(block.group(1))
        position = block.end(1)
    return "".join(kept)


def run(text: str, name: str, file: str) -> tuple[doctest.TestResults, str]:
    examples = doctest.DocTestParser().get_doctest(session_of(text), {}, name, file, 0)
    said: list[str] = []
    results = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(examples, out=said.append)
    return results, "".join(said)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_worked_numbers_of_a_page_are_what_the_code_computes(page: Path) -> None:
    results, said = run(page.read_text(encoding="utf-8"), page.stem, str(page))

    assert results.attempted > 0, f"{page.name} holds no worked numbers"
    assert results.failed == 0, said


def test_every_algorithm_has_its_page() -> None:
    assert {page.stem for page in PAGES} >= PROMISED


def test_a_wrong_number_fails_at_its_line() -> None:
    page = "# Sums\n\n```python\n>>> x = 2\n```\ntext\n```python\n>>> x + 2\n5\n```\n"

    results, said = run(page, "sums", "sums.md")

    assert (results.failed, results.attempted) == (1, 2)
    assert 'File "sums.md", line 8' in said
