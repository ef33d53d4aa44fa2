"""How a masked value looks: that there is one shows, which one does not."""

from zhangshi.definitions.catalog import Field

MASK = "***"
_SHOWN = 4


def masked(field: Field | None, value: object) -> str | None:
    """Return `***`, or the last four characters of a text that is at least twice as long behind it; None stays None."""
    if value is None:
        return None
    if field is not None and field.mask == "last4" and isinstance(value, str) and len(value) >= 2 * _SHOWN:
        return MASK + value[-_SHOWN:]
    return MASK
