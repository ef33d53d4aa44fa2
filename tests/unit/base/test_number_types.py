"""Mixing the scales does not type-check; keeping them apart does."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PREAMBLE = """\
from zhangshi.base.numbers import Amount, Quantity, UnitCost, check_range, extend, share, unit_cost_of
q, p, c, a = Quantity(1), Quantity(2), UnitCost(1), Amount(1)
"""
REFUSED = [
    "q + c",
    "q - a",
    "c + a",
    "q < c",
    "a >= q",
    "q + 1",
    "1 + q",
    "q * p",
    "q * c",
    "q * 0.5",
    "q / 2",
    "q // 2",
    "extend(c, q)",
    "extend(q, a)",
    "unit_cost_of(q, a)",
    "Quantity('1')",
    "Quantity(1.5)",
    "x: Amount = extend(q, c) + q",
    "y: int = q",
    "z: Quantity = 1",
]
ACCEPTED = [
    "q + p",
    "-q",
    "abs(q - p)",
    "q * 3",
    "q < p",
    "bool(q)",
    "int(q) + int(c)",
    "extend(q + p, c)",
    "right: Amount = extend(q, c) + a",
    "also_right: UnitCost = unit_cost_of(a, q)",
    "check_range(int(q))",
    "sum([int(q), int(p)])",
    "Quantity(int(q) // 2)",
    "q == p",
]


@pytest.fixture(scope="module")
def refused_lines(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The lines of one file, holding every snippet, of which mypy complains."""
    file = tmp_path_factory.mktemp("mixing") / "mixing.py"
    lines = [*PREAMBLE.splitlines(), *(f"_{n} = {s}" if ": " not in s else s for n, s in enumerate(REFUSED + ACCEPTED))]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--strict", "--no-error-summary", "--hide-error-context", "--no-pretty"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", *options, f"--cache-dir={file.parent}", file.name],
        cwd=file.parent,
        env={"MYPYPATH": str(ROOT / "src"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    numbers = {
        int(line.split(":")[1])
        for line in done.stdout.splitlines()
        if line.startswith("mixing.py:") and ": error: " in line
    }
    return {(REFUSED + ACCEPTED)[number - 1 - len(PREAMBLE.splitlines())] for number in numbers}


@pytest.mark.slow
@pytest.mark.parametrize("snippet", REFUSED)
def test_mixing_two_scales_does_not_type_check(refused_lines: set[str], snippet: str) -> None:
    assert snippet in refused_lines


@pytest.mark.slow
@pytest.mark.parametrize("snippet", ACCEPTED)
def test_arithmetic_within_one_scale_type_checks(refused_lines: set[str], snippet: str) -> None:
    assert snippet not in refused_lines
