"""Run the bench: python -m bench [--quick] [--only PART …] [--database NAME …]; see docs/benchmarks.md."""

import argparse
import contextlib
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from bench import (
    adventureworks,
    auditing,
    bench_jobs,
    demo,
    formula,
    history,
    http,
    importing,
    lists,
    posting,
    reading,
    records,
    report,
    tracing,
    volume,
)
from bench.company import Place, make_company, opened
from bench.measuring import Measurement, figure
from tools.postgres_server import running_postgres

_RESULTS = Path(__file__).resolve().parent / "results"
_SIZES = (10_000, 100_000, 1_000_000)
_QUICK_SIZES = (2_000, 6_000)


def _volumes(place: Place, *, quick: bool) -> Iterator[Measurement]:
    sizes = _QUICK_SIZES if quick else _SIZES
    files = {size: volume.sqlite_company(place.cache, size) for size in sizes}
    if place.server_url:
        addresses = {
            size: volume.copy_to_postgresql(file, place.server_url, f"volume_{size}") for size, file in files.items()
        }
    else:
        addresses = {size: volume.sqlite_address(file) for size, file in files.items()}
    yield from reading.measure(place, files, addresses)
    yield from auditing.measure(place, sizes[-1], addresses[sizes[-1]])


def _jobs(place: Place, *, quick: bool) -> Iterator[Measurement]:
    del quick  # five seconds as it is
    with opened(make_company(place, "jobs")) as company:
        for name, value in bench_jobs.run(company).items():
            words, unit = (name.removesuffix("_us"), "us") if name.endswith("_us") else (name, "/s")
            yield figure(words.removesuffix("_per_second").replace("_", " "), place.name, value, unit)


_PARTS: dict[str, Callable[..., Iterator[Measurement]]] = {
    "posting": posting.measure,
    "records": records.measure,
    "lists": lists.measure,
    "http": http.measure,
    "history": history.measure,
    "tracing": tracing.measure,
    "volume": _volumes,
    "jobs": _jobs,
    "formula": formula.measure,
    "importing": importing.measure,
    "demo": demo.measure,
    "adventureworks": adventureworks.measure,
}


@contextlib.contextmanager
def _place(database: str, cache: Path) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="zhangshi-bench-") as name:
        folder = Path(name)
        if database == "sqlite":
            yield Place(database, folder, cache)
            return
        with running_postgres(folder, fsync=True) as url:
            yield Place(database, folder, cache, url)


def main(arguments: list[str]) -> int:
    """Measure what was asked for; return 1 if a promise was broken in a full run."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="small sizes, seconds instead of minutes; no promises")
    parser.add_argument("--only", nargs="+", choices=_PARTS, default=list(_PARTS))
    parser.add_argument("--database", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--output", type=Path, default=_RESULTS / "latest.json")
    parser.add_argument("--cache", type=Path, default=_RESULTS / "cache", help="where built ledgers are kept")
    wanted = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found: list[Measurement] = []
    for part in wanted.only:
        for database in wanted.database:
            with _place(database, wanted.cache) as place:
                for measurement in _PARTS[part](place, quick=wanted.quick):
                    found.append(measurement)
                    print(
                        f"{measurement.name}, {database}: {measurement.value:,.2f} {measurement.unit}", file=sys.stderr
                    )
    report.write_json(wanted.output, found, quick=wanted.quick)
    print(report.table(found))
    return 0 if wanted.quick else int(any(measurement.kept is False for measurement in found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
