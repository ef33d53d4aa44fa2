"""From text to tokens.

What a Chinese input method types is accepted: full-width punctuation and digits, “…” and 【…】, ≤ ≥ ≠ × ÷. Each such
character stands for exactly one, so that a place in the folded text is the place in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from zhangshi.expr.errors import (
    BAD_NUMBER,
    EMPTY_FORMULA,
    TOO_LONG,
    UNCLOSED_NAME,
    UNCLOSED_TEXT,
    UNEXPECTED_CHARACTER,
    Place,
    Source,
)
from zhangshi.expr.limits import TEXT_LENGTH_MAX
from zhangshi.expr.scopes import folded


class Sort(Enum):
    """Sorts of tokens; a NAME in brackets is never a keyword or a function."""

    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the formula."""

    sort: Sort
    value: str
    at: Place


_ALIKE = str.maketrans("。×÷−≤≥≠【】", ".*/-≤≥≠[]")
_QUOTES = {'"': '"', "＂": "＂", "'": "'", "＇": "＇", "“": "”", "”": "”", "‘": "’", "’": "’"}
_SYMBOL = re.compile(r"<>|!=|==|<=|>=|[-+*/&%=<>(),.≤≥≠;]")
_SAME = {"!=": "<>", "≠": "<>", "==": "=", "≤": "<=", "≥": ">=", ";": ","}
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
_WORD = re.compile(r"[^\W\d]\w*")
_NEVER = re.compile("[\x00\ud800-\udfff]")  # no database and no JSON can hold them


def tokens(source: Source) -> list[Token]:
    """Return the tokens, END last. Raises formula.empty, too_long, unexpected_character, bad_number, unclosed_…."""
    text = source.text
    if len(text) > TEXT_LENGTH_MAX:
        raise source.refusal(TOO_LONG, Place(TEXT_LENGTH_MAX, 0), found=len(text), limit=TEXT_LENGTH_MAX)
    if found := _NEVER.search(text):
        raise source.refusal(UNEXPECTED_CHARACTER, Place(found.start(), 1), found=f"U+{ord(found.group()):04X}")
    if not text.strip():
        raise source.refusal(EMPTY_FORMULA, Place(0, len(text)))
    return list(_tokens(source))


def _tokens(source: Source) -> Iterator[Token]:
    text = source.text
    plain = folded(text).translate(_ALIKE)
    start = 1 if plain.startswith("=") else 0  # as typed into a cell of a sheet
    while start < len(plain):
        if plain[start].isspace():
            start += 1
            continue
        token = _token(source, plain, start)
        yield token
        start = token.at.start + token.at.length
    yield Token(Sort.END, "", Place(len(text), 0))


def _token(source: Source, plain: str, start: int) -> Token:
    text = source.text
    if text[start] in _QUOTES:
        return _quoted(source, start)
    if plain[start] == "[":
        return _bracketed(source, plain, start)
    if number := _NUMBER.match(plain, start):
        return _number(source, plain, number)
    if word := _WORD.match(plain, start):
        return Token(Sort.WORD, word.group(), Place(start, len(word.group())))
    if symbol := _SYMBOL.match(plain, start):
        found = symbol.group()
        return Token(Sort.SYMBOL, _SAME.get(found, found), Place(start, len(found)))
    raise source.refusal(UNEXPECTED_CHARACTER, Place(start, 1), found=text[start])


def _number(source: Source, plain: str, number: re.Match[str]) -> Token:
    start, end = number.span()
    if following := _WORD.match(plain, end):
        end = following.end()
        raise source.refusal(BAD_NUMBER, Place(start, end - start), found=source.text[start:end])
    if end < len(plain) and (plain[end] == "." or plain[end].isdigit()):
        raise source.refusal(BAD_NUMBER, Place(start, end - start + 1), found=source.text[start : end + 1])
    return Token(Sort.NUMBER, number.group(), Place(start, end - start))


def _quoted(source: Source, start: int) -> Token:
    """Read a text; its closing quote, doubled, stands for itself."""
    text = source.text
    closing = _QUOTES[text[start]]
    pieces: list[str] = []
    position = start + 1
    while True:
        end = text.find(closing, position)
        if end < 0:
            raise source.refusal(UNCLOSED_TEXT, Place(start, len(text) - start))
        pieces.append(text[position:end])
        position = end + 1
        if not text.startswith(closing, position):
            return Token(Sort.TEXT, closing.join(pieces), Place(start, position - start))
        position += 1


def _bracketed(source: Source, plain: str, start: int) -> Token:
    text = source.text
    pieces: list[str] = []
    position = start + 1
    while True:
        end = plain.find("]", position)
        if end < 0:
            raise source.refusal(UNCLOSED_NAME, Place(start, len(text) - start))
        pieces.append(text[position:end])
        position = end + 1
        if not plain.startswith("]", position):
            return Token(Sort.NAME, "]".join(pieces).strip(), Place(start, position - start))
        position += 1
