"""Audit of a big ledger: time, and the peak memory of a process that does nothing else.

As a program: python -m bench.auditing URL SCHEMA prints seconds, moves, differences and peak memory as JSON.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator

from bench.company import Place, open_at, opened
from bench.measuring import Measurement, figure, seconds_of
from zhangshi.ledger.service.audit import AuditReport, audit


def measure(place: Place, size: int, address: tuple[str, str]) -> Iterator[Measurement]:
    """Yield time and memory; raise if the books are not clean, because then nothing here means anything."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.auditing", *address], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    assert found["differences"] == [], ("the books are not clean; made by an older program? empty the cache", found)
    assert found["moves"] == size, found["moves"]
    limit = 60 if size >= 1_000_000 else None
    yield figure(f"audit of {size:,} moves", place.name, found["seconds"], "s", value_max=limit)
    yield figure(f"audit of {size:,} moves, peak memory", place.name, found["peak_megabytes"], "MB")


def main(url: str, schema: str) -> None:
    """Audit the company there."""
    reports: list[AuditReport] = []
    with opened(open_at(url, schema)) as company, company.read() as session:
        seconds = seconds_of(lambda: reports.append(audit(session)))
    found = {
        "seconds": seconds,
        "moves": reports[0].moves,
        "differences": [repr(difference) for difference in reports[0].differences],
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:3])
