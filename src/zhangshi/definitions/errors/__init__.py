"""Every problem that a definition can have: a code, what is wrong, what to do."""

from zhangshi.definitions.errors.nearest import hint
from zhangshi.definitions.errors.problems import (
    INVALID,
    Fault,
    InvalidDefinitions,
    Problem,
    raise_if_any,
)

__all__ = ["INVALID", "Fault", "InvalidDefinitions", "Problem", "hint", "raise_if_any"]
