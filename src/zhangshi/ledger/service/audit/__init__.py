"""`zhangshi audit`: derive everything again from the moves and name the first difference.

Four passes, each streaming: postings (digests and the seal), items (replay: sequence, prices, balances, values,
layers), what postings derive beside (uses, shipments, orders, genealogy, reservations), and snapshots. On SQLite the
file itself is checked first. See docs/how-to/audit.md for what each difference means.
"""

from collections.abc import Callable
from typing import TypeVar

from zhangshi.ledger._store import auditing as store
from zhangshi.ledger._store import reading as read
from zhangshi.ledger.service.audit.derived import check_derived
from zhangshi.ledger.service.audit.items import Tallies, check_items
from zhangshi.ledger.service.audit.postings import check_postings, check_seal
from zhangshi.ledger.service.audit.report import AuditReport, Difference, Findings
from zhangshi.ledger.service.audit.snapshots import check_snapshots
from zhangshi.platform.session import Session

__all__ = ["AuditReport", "Difference", "audit"]

T = TypeVar("T")
_DAMAGE = (ArithmeticError, LookupError, TypeError, ValueError)

Progress = Callable[[int, int], None]
"""(done, total): moves looked at, each of them twice."""


def audit(session: Session, progress: Progress | None = None) -> AuditReport:
    """Check the books in one snapshot; return what was looked at and, first things first, what differs.

    Cost: about 20 us a move; memory grows with items, open balances and layers, not with moves.
    """
    findings = Findings()
    if session.dialect.name == "sqlite":
        for (line,) in session.core.exec_driver_sql(store.INTEGRITY).fetchall():
            if line != "ok":
                findings.add("file", note=str(line))
    total = 2 * int(session.query(store.MOVE_COUNT)[0][0])
    meter = _Meter(progress, total)
    places = read.locations_of(session)
    guard = _Guard(findings)
    postings = guard.run("postings", lambda: check_postings(session, findings, meter.step), set[int]())
    sealed = guard.run("seal", lambda: check_seal(session, findings, postings), 0)
    tallies = Tallies()
    items = guard.run("items", lambda: check_items(session, findings, places, tallies, meter.step), 0)
    guard.run("derived", lambda: check_derived(session, findings, tallies), None)
    guard.run("snapshots", lambda: check_snapshots(session, findings, places), None)
    meter.finish()
    return AuditReport(tuple(findings.differences), len(postings), total // 2, items, sealed, findings.count)


class _Guard:
    """Runs the passes; a value that is no value of its kind (damaged bytes) may break any line of one."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def run(self, name: str, check: Callable[[], T], otherwise: T) -> T:
        """Return what `check` returns; `otherwise`, and a finding, when it cannot read what is stored."""
        try:
            return check()
        except Exception as error:
            if not isinstance(error, _DAMAGE) and "decode" not in str(error):
                raise  # the connection, not the books
            self._findings.add("unreadable", note=f"{name}: {error}")
            return otherwise


class _Meter:
    """Calls the progress hook now and then, not for each of a million moves."""

    _EVERY = 5000

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def step(self) -> None:
        self._done += 1
        if self._progress is not None and self._done % self._EVERY == 0:
            self._progress(min(self._done, self._total), self._total)

    def finish(self) -> None:
        if self._progress is not None:
            self._progress(self._total, self._total)
