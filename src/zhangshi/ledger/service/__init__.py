"""Use cases of the ledger, one a file; all of them run inside a unit of work that somebody else commits."""

from zhangshi.ledger.service.answers import PostedLine, PostingAnswer
from zhangshi.ledger.service.post import StockLedger

__all__ = ["PostedLine", "PostingAnswer", "StockLedger"]
