"""File names that are safe to keep, to show and to send back in a header."""

import re
import unicodedata

NAME_LENGTH_MAX = 120
_UNWANTED = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\\/:*?"<>|]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def safe_name(name: str) -> str:
    """Return the last part of a name, without what a file system, a header or a reader could trip over.

    Folders go, control characters and characters that turn the reading direction go; words that Windows reserves get an
    underscore; long names are cut before their ending. "" becomes `file`.
    """
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    text = _UNWANTED.sub("_", text).strip(" .")
    if not text:
        return "file"
    if _RESERVED.match(text):
        text = f"_{text}"
    if len(text) <= NAME_LENGTH_MAX:
        return text
    ending = ending_of(text)
    return text[: NAME_LENGTH_MAX - len(ending)] + ending


def ending_of(name: str) -> str:
    """Return the ending with its dot, in lower case; "" without one."""
    found = _ENDING.search(name)
    return found.group().lower() if found else ""
