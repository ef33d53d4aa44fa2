"""A file that a page names is there: pages do not outlive what they describe."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").glob("[ahr]*/*.md"), *(ROOT / "src").rglob("README.md"), *ROOT.glob("*.md")])
PARTS = {path.name for path in (ROOT / "src" / "zhangshi").iterdir() if path.is_dir()}
_NAMED = re.compile(r"`([a-z_]+(?:/[A-Za-z0-9_.-]+)+/?)`")


def named_files(text: str) -> set[str]:
    """Return what looks like a path of ours: `tests/unit/base/`, `ledger/kernel/posting.py`."""
    tops = {"tests", "tools", "src", "docs", *PARTS}
    return {name for name in _NAMED.findall(text) if name.partition("/")[0] in tops}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    for name in named_files(page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists() or (ROOT / "src" / "zhangshi" / name).exists(), name


def test_a_page_that_names_files_is_read() -> None:
    text = (ROOT / "docs" / "algorithms" / "posting.md").read_text(encoding="utf-8")

    assert {"ledger/kernel/expand.py", "tests/unit/ledger/"} <= named_files(text)
