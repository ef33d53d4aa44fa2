"""The background sealer: chains postings by their digests, in the order in which it finds them.

Run by a schedule. It takes postings from a queue that the posting transaction filled, so one that committed late
is not forgotten. Two sealers at once do no harm: the second collides on the link number and starts again.
"""

from zhangshi.ledger._store import sealing as store
from zhangshi.ledger.kernel.sealing import GENESIS, link
from zhangshi.platform.unit_of_work import UnitOfWork


def seal_pending(uow: UnitOfWork, *, limit: int = 1000) -> int:
    """Seal up to `limit` postings; return how many."""
    last = uow.session.query(store.LAST)
    seal_no, chain = last[0] if last else (0, GENESIS)
    rows: list[tuple[int, int, str, int]] = []
    for posting_id, posting_digest in uow.session.query(store.UNSEALED, limit):
        seal_no, chain = seal_no + 1, link(chain, posting_digest)
        rows.append((seal_no, posting_id, chain, uow.now_micros))
    uow.session.execute_rows(store.INSERT_SEALS, rows)
    uow.session.execute_rows(store.DELETE_UNSEALED, [(row[1],) for row in rows])
    return len(rows)
