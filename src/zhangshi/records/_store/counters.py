"""SQL of document numbers: a counter is one row, locked by whoever takes from it until the end of the transaction.

So two creators never get the same number, and a creation that fails gives its number back.
"""

from zhangshi.platform.statements import Statement

TAKE = Statement(
    "INSERT INTO number_counter (rule, scope, value) VALUES (?, ?, ?)"
    " ON CONFLICT (rule, scope) DO UPDATE SET value = number_counter.value + ? RETURNING value"
)
"""(rule, scope, first + count - 1, count) -> the last number taken."""
