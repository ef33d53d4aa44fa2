"""Postings: is each one what it was when it was written, and is none missing?"""

from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from zhangshi.ledger._store import auditing as store
from zhangshi.ledger.kernel.sealing import GENESIS, digest_rows, link
from zhangshi.ledger.service.audit.report import Findings
from zhangshi.platform.session import Session

_Rows = list[tuple[Any, ...]]
_first = itemgetter(0)


class _Groups:
    """Rows in posting order, handed out posting by posting; those of unknown postings are reported on the way."""

    def __init__(self, rows: Iterator[tuple[Any, ...]], findings: Findings, code: str) -> None:
        self._groups = groupby(rows, key=_first)
        self._findings = findings
        self._code = code
        self._waiting: tuple[int, _Rows] | None = None

    def take(self, posting_id: int) -> _Rows:
        """Return the rows of a posting; postings are asked for in rising order."""
        while True:
            if self._waiting is None:
                key, rows = next(self._groups, (None, ()))
                if key is None:
                    return []
                self._waiting = (key, list(rows))
            if self._waiting[0] > posting_id:
                return []
            (key, found), self._waiting = self._waiting, None
            if key == posting_id:
                return found
            self._findings.add(self._code, posting_id=key, found=len(found), note="no such posting")

    def finish(self) -> None:
        """Report what is left over."""
        self.take(2**63)


def check_postings(session: Session, findings: Findings, step: Callable[[], None]) -> set[int]:
    """Compare every posting's digest with its header, moves and traces; return the ids of all postings."""

    def counted() -> Iterator[tuple[Any, ...]]:
        for row in session.stream(store.MOVES_BY_POSTING):
            step()
            yield row

    moves = _Groups(counted(), findings, "orphan_move")
    traces = _Groups(session.stream(store.TRACES), findings, "orphan_trace")
    known: set[int] = set()
    for *head, expected in session.stream(store.POSTINGS):
        known.add(head[0])
        posting_id, effective_on = head[0], head[2]
        own = moves.take(posting_id)
        found = digest_rows(tuple(head), [row[1:19] for row in own], [row[1:] for row in traces.take(posting_id)])
        if found != expected:
            findings.add("digest", posting_id=posting_id, note=f"{len(own)} moves")
        elif any(row[19] != effective_on for row in own):
            findings.add("move_date", posting_id=posting_id, note=effective_on)
    moves.finish()
    traces.finish()
    return known


def check_seal(session: Session, findings: Findings, known: set[int]) -> int:
    """Follow the chain; every posting must be in it once or wait for it. Return how many are sealed."""
    chain, expected_no = GENESIS, 0
    sealed: set[int] = set()
    breaks = Findings()
    for seal_no, posting_id, found, posting_digest in session.stream(store.SEALS):
        expected_no += 1
        if seal_no != expected_no:
            breaks.add("seal_gap", posting_id=posting_id, expected=expected_no, found=seal_no)
            expected_no = seal_no
        if posting_digest is None:
            breaks.add("seal_posting_missing", posting_id=posting_id, found=seal_no)
        elif link(chain, posting_digest) != found:
            breaks.add("seal_link", posting_id=posting_id, found=seal_no)
        chain = found
        sealed.add(posting_id)
    waiting = {row[0] for row in session.query(store.UNSEALED)}
    for posting_id in sorted(waiting - known):
        findings.add("unsealed_posting_missing", posting_id=posting_id)
    for posting_id in sorted(known - waiting - sealed):
        findings.add("seal_missing", posting_id=posting_id)
    findings.take(breaks)  # a link that was taken out shows as a break at the next one: it is named first
    return len(sealed)
