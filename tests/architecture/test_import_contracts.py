"""Every import contract can break: each one is violated in a copy of the tree and must be named.

The copy also holds the parts that are still to come, as empty packages, so that what DESIGN.md §3 says of them
is held from their first line on.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
OPTIONS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = [contract["name"] for contract in OPTIONS["contracts"]]
LINES = [
    [part.strip(" ()") for part in line.split("|")]
    for line in OPTIONS["contracts"][0]["layers"]
    if line != "(__main__)"
]
PARTS = [part for line in LINES for part in line]
LAYERS = "Layers point down and siblings do not meet"
CIRCLES = "Packages of a part do not go round in circles"


class Verdict(NamedTuple):
    broken: set[str]
    text: str


class Violation(NamedTuple):
    contract: str
    file: str
    line: str
    also: tuple[str, ...] = ()


VIOLATIONS = [
    Violation(LAYERS, "platform/planted.py", "import zhangshi.ledger", also=(CIRCLES,)),
    Violation(LAYERS, "newcomer/__init__.py", ""),
    Violation("base knows the standard library only", "base/planted.py", "import msgspec"),
    Violation("base knows the standard library only", "base/planted.py", "import random"),
    Violation("expr knows base only", "expr/planted.py", "import croniter"),
    Violation("The ledger's kernel is pure", "ledger/kernel/planted.py", "import zhangshi.platform"),
    Violation("The ledger's kernel is pure", "ledger/kernel/planted.py", "from time import monotonic"),
    Violation("The ledger's kernel is pure", "ledger/events.py", "import msgspec"),
    Violation("The definitions' model is pure", "definitions/model.py", "import zhangshi.platform"),
    Violation("Planning is pure: values in, plan out", "planning/planted.py", "import zhangshi.ledger"),
    Violation("Approval is a pure engine", "approval/planted.py", "import zhangshi.platform"),
    Violation("Private modules stay in their slice", "records/planted.py", "import zhangshi.ledger._tables"),
    Violation("Private modules stay in their slice", "cli/planted.py", "from zhangshi.ledger._store import planted"),
    Violation("Private modules stay in their slice", "http/planted.py", "import zhangshi.ledger._store.planted"),
    Violation("No writer imports insight", "records/planted.py", "import zhangshi.insight", also=(LAYERS, CIRCLES)),
    Violation("Only platform and the stores know a database", "ledger/service/planted.py", "import sqlalchemy"),
    Violation("Only platform and the stores know a database", "cli/planted.py", "import sqlite3"),
    Violation("Only http knows a web framework", "records/planted.py", "import fastapi"),
    Violation("Only the command line knows click", "ledger/service/planted.py", "import click"),
    Violation(
        "Only bootstrap wires: nobody imports it", "cli/planted.py", "import zhangshi.bootstrap", also=(LAYERS, CIRCLES)
    ),
    Violation(CIRCLES, "records/one/a.py", "import zhangshi.records.two.b"),
]
# What the last violation needs besides its own line, and what private modules are there to be reached for.
SURROUNDINGS = {
    "records/one/__init__.py": "",
    "records/two/__init__.py": "",
    "records/two/b.py": "import zhangshi.records.one.a",
    "records/one/a.py": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "zhangshi"
    shutil.copytree(ROOT / "src" / "zhangshi", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for part in [*PARTS, "ledger/service", "ledger/_store"]:
        if not (package / f"{part}.py").exists():
            plant(package, {f"{part}/__init__.py": ""})
    if not (package / "ledger/_tables.py").exists():
        plant(package, {"ledger/_tables.py": ""})
    if (package / "ledger/_store").is_dir():
        plant(package, {"ledger/_store/planted.py": ""})
    return package


def plant(package: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = package / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not (file.name == "__init__.py" and file.exists()):
            with file.open("a", encoding="utf-8") as sink:  # a contract may be broken inside an existing module
                sink.write(f"\n{text}\n")
    for folder in {parent for name in files for parent in (package / name).parents if package in parent.parents}:
        (folder / "__init__.py").touch()


def lint(package: Path) -> Verdict:
    root = package.parents[1]
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{package.parent}{os.pathsep}{ROOT}", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    broken = {name for name in CONTRACTS if re.search(rf"^{re.escape(name)} BROKEN", done.stdout, re.MULTILINE)}
    assert (done.returncode != 0) == bool(broken)
    return Verdict(broken, done.stdout)


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    verdict = lint(tree)

    assert not verdict.broken, verdict.text


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda violation: f"{violation.contract}: {violation.line}")
def test_a_violation_is_named_by_its_contract(tree: Path, violation: Violation) -> None:
    if violation.file in SURROUNDINGS:
        plant(tree, SURROUNDINGS)
    plant(tree, {violation.file: violation.line})

    verdict = lint(tree)

    assert violation.contract in verdict.broken, verdict.text
    assert verdict.broken <= {violation.contract, *violation.also}, verdict.text


def test_every_contract_has_a_violation() -> None:
    assert {violation.contract for violation in VIOLATIONS} == set(CONTRACTS)


def test_no_line_of_the_table_may_import_the_line_above_it_nor_its_siblings(tree: Path) -> None:
    upward = [(lower, upper) for above, below in itertools.pairwise(LINES) for lower in below for upper in above]
    sideways = [(one, other) for line in LINES for one in line for other in line if one < other]
    for number, (importer, imported) in enumerate([*upward, *sideways]):
        if not (tree / f"{importer}.py").exists():
            plant(tree, {f"{importer}/planted_{number}.py": f"import zhangshi.{imported}"})

    said = lint(tree).text

    for importer, imported in [*upward, *sideways]:
        if not (tree / f"{importer}.py").exists():
            assert re.search(rf"zhangshi\.{importer}\S* -> zhangshi\.{imported}\b", said), (importer, imported)
