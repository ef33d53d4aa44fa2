"""Decisions are recorded in one form, and numbered without a gap."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "adr"
PAGES = sorted(FOLDER.glob("*.md"))
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "Held by"]
LINES_MAX = 60


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in PAGES] == list(range(len(PAGES)))
    assert len(PAGES) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_decision_has_its_number_its_sections_and_fits_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert text.startswith("# NNNN. " if page.name.startswith("0000") else f"# {page.name[:4]}. ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    assert len(text.splitlines()) <= LINES_MAX


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_test_that_a_decision_names_exists(page: Path) -> None:
    for name in re.findall(r"`(t(?:ests|ools)/[a-z_/]+\.py)`", page.read_text(encoding="utf-8")):
        assert (FOLDER.parents[1] / name).is_file(), name
