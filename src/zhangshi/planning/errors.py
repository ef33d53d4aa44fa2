"""What planning refuses."""

from zhangshi.base.errors import ErrorCode

BOM_RING = ErrorCode(
    "planning.bom_ring",
    "物料清单绕成了一圈:{path}。请从其中一个清单里去掉重复的子件。",
    "The bill of materials goes round in a circle: {path}. Take the repeated component out of one of the bills.",
)
TOO_MANY_NODES = ErrorCode(
    "planning.too_many_nodes",
    "展开的行数超过 {limit} 行。请减少层数,或只看汇总。",
    "The explosion has more than {limit} rows. Ask for fewer levels, or for the totals only.",
)
"""A tree can double at every level; totals never grow beyond the number of items."""
