"""Versions of packs and what one pack requires of another.

Pure. A version is two or three numbers; a requirement is a list of comparisons, all of which hold: ">=1.0,<2".
Example: 1.10 satisfies ">=1.9"; 2.0 does not satisfy "<2"; 1.0 and 1.0.0 are the same version.
"""

import operator
import re
from collections.abc import Callable

from zhangshi.base.errors import ZhangshiError
from zhangshi.packs.errors import BAD_REQUIREMENT

Version = tuple[int, int, int]
_COMPARISON = re.compile(r"\s*(>=|<=|==|=|!=|>|<|)\s*(\d+(?:\.\d+){0,2})\s*")
_OPERATORS: dict[str, Callable[[Version, Version], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "": operator.ge,
}


def parsed(text: str) -> Version:
    """Return a version as numbers; what is left out is 0."""
    numbers = [int(part) for part in text.split(".")]
    first, second, third = (*numbers, 0, 0)[:3]
    return first, second, third


def satisfies(version: str, requirement: str) -> bool:
    """Return whether a version is what a requirement asks for. Raises: packs.bad_requirement."""
    for part in requirement.split(","):
        if not part.strip():
            continue
        found = _COMPARISON.fullmatch(part)
        if found is None:
            raise ZhangshiError(BAD_REQUIREMENT, text=requirement)
        if not _OPERATORS[found.group(1)](parsed(version), parsed(found.group(2))):
            return False
    return True
