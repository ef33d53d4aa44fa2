"""The seal: every posting has a digest, and digests are chained in the order in which they were sealed.

Problem. Somebody with a database tool can change a quantity, or remove a posting with all its moves. Rule: a
posting's digest is SHA-256 over its header, moves and traces in one canonical text, written with the posting;
a background sealer appends postings to a chain, each link = SHA-256(previous link + digest). A changed byte breaks
the digest of its posting; a removed or exchanged posting breaks the chain. See docs/algorithms/seal.md.
"""

import json
from collections.abc import Sequence
from hashlib import sha256

from zhangshi.ledger.model import Move, PostingHeader, Trace

GENESIS = "0" * 64
"""The link before the first."""

MOVE_COLUMNS = 18
"""How many fields of `Move` are stored, and so covered; `input_line` is not."""

_TEXT_FIELDS = frozenset({"from_status", "to_status", "pricing", "reason"})
# A move as its JSON array, three times as fast as the encoder: its texts are words of `model`, so nothing is escaped.
_MOVE = "[" + ",".join('"%s"' if field in _TEXT_FIELDS else "%d" for field in Move._fields[:MOVE_COLUMNS]) + "]"
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digest(header: PostingHeader, moves: Sequence[Move], traces: Sequence[Trace]) -> str:
    """Return the SHA-256 (hex) of a posting's canonical text: JSON arrays of its fields, in storage order."""
    head = (
        header.posting_id, header.command, header.effective_on.isoformat(), header.recorded_at, header.actor,
        header.request_key, header.source_type, header.source_id, header.reverses_posting_id, header.owner,
        header.due_at,
    )  # fmt: skip
    return digest_rows(head, [move[:MOVE_COLUMNS] for move in moves], traces)


def digest_rows(
    head: tuple[object, ...], moves: Sequence[tuple[object, ...]], traces: Sequence[tuple[object, ...]]
) -> str:
    """As `digest`, from rows as they are stored."""
    lines = ",".join([_MOVE % move for move in moves])
    return sha256(f"[{_json(head)},[{lines}],{_json(traces)}]".encode()).hexdigest()


def link(previous: str, posting_digest: str) -> str:
    """Return the next link of the chain."""
    return sha256(f"{previous}{posting_digest}".encode()).hexdigest()
