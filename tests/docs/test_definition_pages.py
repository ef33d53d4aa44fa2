"""The definitions that the how-to pages tell people to write are right, as they stand, on top of the shipped packs."""

import re
from pathlib import Path

import pytest

from zhangshi.definitions.compiling import compile_sources
from zhangshi.definitions.loading import SourceObject, load_folder, load_text

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "src" / "zhangshi" / "packs" / "library"
_BLOCK = re.compile(r"^```yaml\n(# (\S+\.yaml)\n.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "docs" / "how-to" / f"{name}.md" for name in ("add-a-document", "add-a-field", "add-a-posting")]


def objects_of(page: Path) -> list[SourceObject]:
    found = _BLOCK.findall(page.read_text(encoding="utf-8"))
    assert found, page
    return [load_text(text, file) for text, file in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_tells_people_to_write_compiles_without_a_warning_of_its_own(page: Path) -> None:
    packs = [one for name in ("core", "manufacturing") for one in load_folder(PACKS / name)]
    written = objects_of(page)

    compiled = compile_sources([*packs, *written], revision=1, strict=True)

    files = {one.file for one in written}
    assert [one.text("en") for one in compiled.problems if one.file in files or not one.warning] == []


def test_the_sample_issue_has_a_number_a_posting_an_approval_and_grants() -> None:
    packs = [one for name in ("core", "manufacturing") for one in load_folder(PACKS / name)]
    catalog = compile_sources([*packs, *objects_of(PAGES[0])], revision=1).catalog
    assert catalog is not None
    entity = catalog.entities["sample_issue"]
    assert entity.lifecycle is not None
    assert entity.number_rule is not None

    assert entity.number_rule.parts[0].text == "YP"
    assert [one.command for one in entity.lifecycle.transitions["issue"].postings] == ["issue"]
    assert entity.lifecycle.transitions["unissue"].takes_back
    assert {role for role, one in catalog.roles.items() if "sample_issue" in one.grants} == {
        "sales", "manager", "storekeeper",
    }  # fmt: skip


def test_the_message_that_the_page_shows_is_the_real_one() -> None:
    page = PAGES[0].read_text(encoding="utf-8")
    (text, file) = next((text, file) for text, file in _BLOCK.findall(page) if file == "sample_issue.yaml")
    packs = load_folder(PACKS / "core")
    wrong = load_text(text.replace("to: partner", "to: partnr"), file)

    problems = compile_sources([*packs, wrong], revision=1).problems

    assert next(one for one in problems if one.path == "fields.customer.to").text("en") in page
