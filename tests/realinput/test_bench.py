"""The bench runs from end to end, so that its figures can be had on any day."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_quick_bench_measures_every_part_and_writes_a_table_and_json(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    done = subprocess.run(
        [
            *[sys.executable, "-m", "bench", "--quick", "--database", "sqlite"],
            *["--output", str(output), "--cache", str(tmp_path / "cache")],
        ],
        cwd=_REPOSITORY,
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    measurements = json.loads(output.read_text(encoding="utf-8"))["measurements"]
    names = [row["name"] for row in measurements]
    for part in ("receipt of 10 lines, 1 writer", "4 writers", "fifo", "genealogy", "on hand", "audit", "enqueue"):
        assert any(part in name for name in names), part
    assert all(name in done.stdout for name in names)
    statements = {
        row["name"]: row["value"] for row in measurements if row["name"].startswith("statements of a posting")
    }
    assert len(statements) == 3
    assert len(set(statements.values())) == 1, statements
