"""Results as JSON for machines and as a table for people."""

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from bench.measuring import Measurement

_HEADINGS = ("what", "database", "value", "compared with", "ratio", "promise", "")


def write_json(file: Path, measurements: Sequence[Measurement], *, quick: bool) -> None:
    """Write all figures with what they were measured on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    found = {"quick": quick, "machine": machine, "measurements": [m.as_json() for m in measurements]}
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table(measurements: Sequence[Measurement]) -> str:
    """Return the figures as a Markdown table, which is also readable as it stands."""
    rows = [_HEADINGS, *(_row(m) for m in measurements)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(m: Measurement) -> tuple[str, ...]:
    verdict = {True: "kept", False: "BROKEN", None: ""}[m.kept]
    compared = "" if m.floor is None else f"{_number(m.floor)} {m.unit}".strip()
    ratio = "" if m.ratio is None else f"{m.ratio:.2f}×"
    return (m.name, m.database, f"{_number(m.value)} {m.unit}".strip(), compared, ratio, m.promise, verdict)


def _number(value: float) -> str:
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}"
