"""The house is tidy, and every rule of tidiness fires on a planted bad example."""

import json
import re
import textwrap

import pytest

from tools import tidy

KERNEL = "src/zhangshi/ledger/kernel/planted.py"
SERVICE = "src/zhangshi/ledger/service/planted.py"
TEST = "tests/unit/test_planted.py"
LONG_FUNCTION = "def f() -> None:\n" + "    pass\n" * 60

BAD = [
    ("long-file", TEST, "\n" * 401),
    ("long-function", TEST, LONG_FUNCTION),
    ("long-function", TEST, "class A:\n" + textwrap.indent(f"async {LONG_FUNCTION}", "    ")),
    ("float-in-kernel", KERNEL, "rate = 0.13"),
    ("float-in-kernel", KERNEL, "rate = 1e3"),
    ("float-in-kernel", KERNEL, "def f(rate: float) -> None: ..."),
    ("float-in-kernel", KERNEL, "x = float('1')"),
    ("commit-outside-unit-of-work", SERVICE, "connection.commit()"),
    ("commit-outside-unit-of-work", SERVICE, "commit()"),
    ("commit-outside-unit-of-work", SERVICE, "session.execute('COMMIT')"),
    ("commit-outside-unit-of-work", SERVICE, "session.execute('insert into t values (1); commit work;')"),
    ("commit-outside-unit-of-work", "src/zhangshi/platform/session.py", "self.connection.commit()"),
    ("clock-or-noise", KERNEL, "from datetime import datetime\nx = datetime.now(UTC)"),
    ("clock-or-noise", KERNEL, "import datetime\nx = datetime.datetime.utcnow()"),
    ("clock-or-noise", SERVICE, "x = date.today()"),
    ("clock-or-noise", SERVICE, "later(datetime.now)"),
    ("clock-or-noise", SERVICE, "import time"),
    ("clock-or-noise", SERVICE, "from time import monotonic"),
    ("clock-or-noise", SERVICE, "import random"),
    ("clock-or-noise", SERVICE, "from secrets import token_hex"),
    ("clock-or-noise", SERVICE, "x = os.urandom(8)"),
    ("clock-or-noise", SERVICE, "from uuid import uuid4"),
    ("clock-or-noise", SERVICE, "s = 'SELECT now()'"),
    ("clock-or-noise", SERVICE, "s = f'INSERT INTO {t} VALUES (CURRENT_TIMESTAMP)'"),
    ("reminder", TEST, "x = 1  # TODO: later"),
    ("reminder", KERNEL, "# FIXME"),
]
GOOD = [
    (TEST, "\n" * 400),
    (TEST, "def f() -> None:\n" + "    pass\n" * 59),
    (SERVICE, "seconds = 0.5"),
    (SERVICE, '"""COMMIT now() is prose here."""'),
    ("src/zhangshi/platform/unit_of_work.py", "connection.commit()\nx = 'COMMIT'"),
    ("src/zhangshi/bootstrap.py", "import time\nx = datetime.now(UTC)"),
    (SERVICE, "x = clock.now()"),
    (TEST, "import random"),
    (TEST, "x = 'TODO'"),
]


def test_the_house_is_tidy() -> None:
    baseline = json.loads(tidy.BASELINE.read_text(encoding="utf-8"))

    assert tidy.complaints(tidy.examine_tree(), baseline) == []


def test_the_whole_house_is_looked_at() -> None:
    looked_at = {file.relative_to(tidy.ROOT).parts[0] for f in tidy.FOLDERS for file in (tidy.ROOT / f).rglob("*.py")}

    assert looked_at >= {"src", "tests", "tools"}


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_a_planted_breach_is_found(rule: str, path: str, text: str) -> None:
    assert {finding.rule for finding in tidy.examine(path, f"{text}\n")} == {rule}


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_what_is_in_its_place_is_left_alone(path: str, text: str) -> None:
    assert tidy.examine(path, text) == []


def test_every_rule_has_a_planted_breach() -> None:
    source = (tidy.ROOT / "tools" / "tidy.py").read_text(encoding="utf-8")

    assert set(re.findall(r'Finding\(path, [^"]*"([a-z-]+)"', source)) == {rule for rule, _, _ in BAD}


GIANT = tidy.Finding("src/a.py", 1, "long-file", "file", size=450)


def entry(size: int = 450, reason: str = "splits with issue 3") -> dict[str, dict[str, object]]:
    return {GIANT.key: {"size": size, "reason": reason}}


def test_the_baseline_tolerates_what_it_names() -> None:
    assert tidy.complaints([GIANT], entry()) == []


def test_a_tolerated_giant_must_not_grow() -> None:
    assert tidy.complaints([GIANT], entry(size=449)) == ["src/a.py:1: long-file: file (450)"]


def test_a_tolerated_giant_that_shrank_lowers_its_entry() -> None:
    assert tidy.complaints([GIANT], entry(size=460)) == [f"baseline: {GIANT.key}: is down to 450, lower it"]


def test_an_entry_that_no_longer_applies_must_go() -> None:
    assert tidy.complaints([], entry()) == [f"baseline: {GIANT.key}: no longer applies, take it out"]


def test_an_entry_needs_a_reason() -> None:
    assert tidy.complaints([GIANT], entry(reason=" ")) == [f"baseline: {GIANT.key}: give a reason"]
