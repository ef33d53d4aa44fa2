"""助记码: the initials of a Chinese text."""


def initials(text: str) -> str:
    """Return the first letters of the syllables in capitals; letters and digits stay, everything else goes.

    不锈钢板304 -> BXGB304. A character with several readings is read as the word it stands in demands (银行 -> YH).
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # its tables take longer to load than all of expr

    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=_kept)
    return "".join(letters).upper()


def _kept(other: str) -> str:
    return "".join(one for one in other if one.isascii() and one.isalnum())
