"""The four costing methods behind one interface; see docs/algorithms/costing.md."""

from zhangshi.ledger.kernel.costing.methods import COSTINGS
from zhangshi.ledger.kernel.costing.valuation import Valuation

__all__ = ["COSTINGS", "Valuation"]
