"""How long `zhangshi demo` takes, and how much memory: the command as people type it, in a home of its own."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from bench.company import Place
from bench.measuring import Measurement, figure


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Build the factory once on SQLite; the child's peak memory is read from the system."""
    del quick  # it has one size
    if place.name != "sqlite":
        return
    with tempfile.TemporaryDirectory() as home:
        begin, before = time.perf_counter(), _cpu()
        done = subprocess.run(
            [sys.executable, "-m", "zhangshi", "demo", "--json", "--until", "2026-11-20"],
            env={**os.environ, "ZHANGSHI_HOME": home},
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.perf_counter() - begin
    assert '"work_orders"' in done.stdout
    yield figure("demo factory", place.name, seconds, "s", value_max=60)
    yield figure("demo factory, CPU", place.name, _cpu() - before, "s")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    yield figure("demo factory, peak memory", place.name, peak / 1024, "MB")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
