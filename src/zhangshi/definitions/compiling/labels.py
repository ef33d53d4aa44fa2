"""Texts for people: what was written, a well-known name, or the key."""

from zhangshi.base.errors import Word
from zhangshi.definitions.catalog import Label
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.errors.fields import NO_LABEL, ONE_LANGUAGE
from zhangshi.definitions.model.texts import LabelText, Words

_LANGUAGES = {"zh": Word("Chinese", "中文"), "en": Word("English", "英文")}


def label(spot: Spot, text: LabelText, name: str, known: Label | tuple[str, str] | None = None) -> Label:
    """Return the label at `spot`; where nothing was written the `known` one, else the key `name` itself.

    A strict layer must say both languages.
    """
    zh, en = (text.zh, text.en) if isinstance(text, Words) else (text, text)
    if not zh and not en:
        if known is not None:
            return known if isinstance(known, Label) else Label(*known)
        spot.warn(NO_LABEL, name=name)
        return Label(name, name)
    if isinstance(text, Words):
        for language, written in (("zh", zh), ("en", en)):
            if not written:
                spot.warn(ONE_LANGUAGE, name=name, language=_LANGUAGES[language])
    return Label(zh or en, en or zh)


def help_text(text: LabelText) -> Label:
    """Return a text that may be left out."""
    zh, en = (text.zh, text.en) if isinstance(text, Words) else (text, text)
    return Label(zh or en, en or zh)
