"""The replay of AdventureWorks: 108,056 documents, one request each, on the disk; time and peak memory."""

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.company import Place
from bench.measuring import Measurement, figure
from tests.realinput.source import folder
from zhangshi.platform.migrate import migrate

_QUICK_ROWS = 2_000
_SECONDS_MAX, _MEGABYTES_MAX = 180, 500


def measure(place: Place, *, quick: bool) -> Iterator[Measurement]:
    """Yield nothing where the data is not there, nor in full on PostgreSQL, where the suite replays a part."""
    if folder() is None or (place.server_url and not quick):
        return
    url, schema = place.address("adventureworks")
    migrate(url=url, schema=schema)
    limit = ["--rows", str(_QUICK_ROWS)] if quick else []
    done = subprocess.run(
        [sys.executable, "-m", "tests.realinput.replay", url, schema, *limit],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    assert found["differences"] == [], found["differences"]
    name = f"AdventureWorks, {found['documents']:,} documents"
    yield figure(name, place.name, found["posting_seconds"], "s", value_max=_SECONDS_MAX)
    yield figure(f"{name}, audit", place.name, found["audit_seconds"], "s")
    yield figure(f"{name}, peak memory", place.name, found["peak_megabytes"], "MB", value_max=_MEGABYTES_MAX)
