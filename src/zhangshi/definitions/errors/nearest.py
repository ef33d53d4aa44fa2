"""What somebody may have meant."""

import difflib
from collections.abc import Iterable

from zhangshi.base.errors import Word

_SHOWN_MAX = 12


def hint(name: str, known: Iterable[str]) -> Word:
    """Return "Did you mean …?" for the nearest of `known`, or the list of them, in both languages."""
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return Word(f"Did you mean “{near[0]}”?", f"是不是“{near[0]}”?")
    if not names:
        return Word("There is none.", "目前一个也没有。")
    listed = ", ".join(names[:_SHOWN_MAX]) + (", …" if len(names) > _SHOWN_MAX else "")
    return Word(f"There are: {listed}.", f"可用的有:{listed}。")
