"""Timing: medians, taken turn by turn so that what else the machine does hits both sides alike."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure. `floor` is what it is compared with, `ratio` = value / floor; `kept` says whether `promise` was."""

    name: str
    database: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    promise: str = ""
    kept: bool | None = None

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def figure(  # the columns of the table
    name: str,
    database: str,
    value: float,
    unit: str,
    *,
    floor: float | None = None,
    ratio_max: float | None = None,
    value_max: float | None = None,
    ratio_min: float | None = None,
) -> Measurement:
    """Return a measurement and whether what is promised of it was kept."""
    ratio = None if floor is None else value / floor
    promises: list[tuple[str, bool]] = []
    if value_max is not None:
        promises.append((f"≤ {value_max:g} {unit}", value <= value_max))
    if ratio_max is not None and ratio is not None:
        promises.append((f"≤ {ratio_max:g}×", ratio <= ratio_max))
    if ratio_min is not None and ratio is not None:
        promises.append((f"≥ {ratio_min:g}×", ratio >= ratio_min))
    kept = all(kept for _, kept in promises) if promises else None
    return Measurement(name, database, value, unit, floor, ratio, ", ".join(text for text, _ in promises), kept)


def seconds_of(work: Work) -> float:
    """Return how long `work` took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def medians(works: Sequence[Work], *, rounds: int, warm_up: int = 0) -> list[float]:
    """Run all works in turn, `rounds` times; return the median seconds of each."""
    for _ in range(warm_up):
        for work in works:
            work()
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            times.append(seconds_of(work))
    return [statistics.median(times) for times in taken]
