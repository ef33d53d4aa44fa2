"""The words that every definition is written in: keys, paths, labels, formulas.

A struct of this package is exactly what stands in a file. Its fields say what they mean in English (`description`)
and their name for people in Chinese (`title`); the JSON Schema, the reference and the designers are made from them.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct


def says(description: str, title: str, /, **more: Any) -> Meta:  # noqa: ANN401  what Meta takes
    """Return the meaning of a key: an English sentence and a short Chinese name."""
    return Meta(description=description, title=title, **more)


KEY_PATTERN = r"^[a-z][a-z0-9_]{0,40}$"
PATH_PATTERN = r"^[a-z][a-z0-9_]{0,40}(\.[a-z][a-z0-9_]{0,40}){0,4}$"

Key = Annotated[str, Meta(pattern=KEY_PATTERN, examples=["sales_order"])]
"""Lower-case ASCII; it never changes once published."""
Path = Annotated[str, Meta(pattern=PATH_PATTERN, examples=["customer", "lines.item", "item.unit"])]
"""`field`, `link.field`, or `table.field`."""


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A label in both languages; one that is left out falls back to the other."""

    zh: Annotated[str, says("The Chinese text.", "中文")] = ""
    en: Annotated[str, says("The English text.", "英文")] = ""


LabelText = str | Words
"""A text for people: both languages, or one plain text for both."""

FormulaText = str | int | bool
"""A formula; a number or true/false stands for itself. A bare path is a formula too."""

Scalar = str | int | bool
"""A value as it is written; decimals stay exact because they stay text."""


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a definition."""


class Definition(Part, frozen=True, kw_only=True):
    """One object: one file. Its second key says its kind and carries its own key."""

    schema: Annotated[int, says("The version of this vocabulary: 1.", "词汇版本", ge=1, le=1)] = 1
