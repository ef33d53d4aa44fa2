"""Every function of the language, in `FUNCTIONS`."""

from zhangshi.expr.functions.dates import DATES
from zhangshi.expr.functions.logic import LOGIC
from zhangshi.expr.functions.numbers import NUMBERS
from zhangshi.expr.functions.registry import Function, Registry
from zhangshi.expr.functions.rows import ROWS
from zhangshi.expr.functions.system import SYSTEM
from zhangshi.expr.functions.texts import TEXTS

FUNCTIONS = Registry()
for _group in (LOGIC, TEXTS, NUMBERS, DATES, ROWS, SYSTEM):
    FUNCTIONS.add(_group)

__all__ = ["FUNCTIONS", "Function"]
