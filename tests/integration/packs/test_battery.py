"""Every shipped pack passes the battery, and the battery finds what is wrong with a bad one."""

from pathlib import Path

import pytest

from tests.integration.packs.shelf import KEEPER, THING, written
from zhangshi.bootstrap import SystemWiring
from zhangshi.packs.model import shipped
from zhangshi.packs.service.checking import Finding, check_pack
from zhangshi.platform.settings import settings_from_environment

SEED = """schema: 1
seed: first
when: {when}
rows:
  - {{entity: thing, key: a, values: {{number: T1, {field}: 锤子}}}}
"""
STORY = """schema: 1
story: naming
label: {zh: 命名, en: Naming}
users: {li: [keeper]}
steps:
  - {as: li, create: thing, values: {number: T9, name: 锯子}, save_as: saw}
  - {expect: {values: {saw.name: NAME}}}
"""


@pytest.fixture
def wiring(tmp_path: Path) -> SystemWiring:
    """The wiring of an installation of its own."""
    return SystemWiring(settings_from_environment({"ZHANGSHI_HOME": str(tmp_path / "home")}))


def answers(wiring: SystemWiring, folder: Path) -> dict[str, Finding]:
    return {one.question: one for one in check_pack(folder, scratch_shop=wiring.scratch_shop, language="en")}


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(shipped()))
def test_a_shipped_pack_passes(key: str, wiring: SystemWiring) -> None:
    found = answers(wiring, shipped()[key])

    assert {"loads", "compiles", "installs", "demo posts", "books agree"} <= set(found)
    assert any(question.startswith("story ") for question in found), "a pack without a story proves nothing"
    assert [f"{one.question}: {one.detail}" for one in found.values() if not one.ok] == []


@pytest.mark.slow
def test_a_small_pack_passes_with_seed_and_story(tmp_path: Path, wiring: SystemWiring) -> None:
    files = {
        "entities/thing.yaml": THING,
        "roles/keeper.yaml": KEEPER,
        "seeds/first.yaml": SEED.format(when="base", field="name"),
        "stories/naming.yaml": STORY.replace("NAME", "锯子"),
    }
    found = answers(wiring, written(tmp_path, "small", "1.0", files))

    assert [one.ok for one in found.values()] == [True] * 6
    assert found["installs"].detail == "revision 1, 1 base records"
    assert found["story naming"].detail.startswith("2 steps, 1 records")


BAD = [
    ("entities/thing.yaml", THING.replace("type: select", "type: selct"), "loads", "wrong_choice"),
    ("entities/thing.yaml", THING.replace("title: name", "title: nmae"), "compiles", "unknown_field"),
    ("entities/thing.yaml", THING.replace(", en: Thing", ""), "compiles", "definitions."),
    ("seeds/first.yaml", SEED.format(when="base", field="color"), "installs", "thing/a"),
    ("seeds/first.yaml", SEED.format(when="demo", field="color"), "demo posts", "thing/a"),
    ("stories/naming.yaml", STORY.replace("NAME", "锤子"), "story naming", "锯子"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "text", "question", "words"), BAD)
def test_a_planted_fault_is_found_where_it_is(
    path: str, text: str, question: str, words: str, tmp_path: Path, wiring: SystemWiring
) -> None:
    good = {"entities/thing.yaml": THING, "roles/keeper.yaml": KEEPER}
    folder = written(tmp_path, "bad", "1.0", {**good, path: text})

    failed = [one for one in answers(wiring, folder).values() if not one.ok]

    assert [one.question for one in failed] == [question]
    assert words in failed[0].detail
