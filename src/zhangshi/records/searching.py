"""The text by which a record is found: number, name and what the entity says, with pinyin initials (助记码).

Problem. A storekeeper types `lj m8` and means 六角螺栓 M8×30; a list of 100,000 items must answer at once, and must not
find anything through a field that the reader may not see. Rule: one compact text a record, the number first, then one
segment a field: the field's path (in characters that nobody can type), its text, its initials. The database looks for
each word anywhere in the text; whoever may not read all fields is matched again, segment by segment.

Example. `jx-0001⏎ <name> ⇥六角螺栓⇥ljls⏎ <spec> ⇥m8×30⇥⏎`: `ljl`, `六角`, `jx-0`, `m8 六角` all find it.

Texts are compared in lower case and in compatibility form (full-width M8 = m8). The text is as old as the last save of
the record: a customer who is renamed is found under the old name in orders that were not saved since.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from zhangshi.definitions.catalog import Entity

NUMBER = "number"
TEXT_MAX = 2000
"""Longer texts are cut: a remark of a page is not searched to its end."""
WORDS_MAX = 8
_FIELD_TEXT_MAX = 200
_PRIVATE = 0xE000
_END, _BETWEEN = "\n", "\t"
_UNWANTED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ue000-\uf8ff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


def search_paths(entity: Entity) -> tuple[str, ...]:
    """Return the header paths that go into the search text, the number first."""
    named = entity.search or (NUMBER, entity.title)
    flagged = tuple(key for key, one in entity.header.fields.items() if one.search)
    return tuple(dict.fromkeys(path for path in (NUMBER, *named, *flagged) if path))


def normalised(text: str) -> str:
    """Return a text as it is compared: lower case, compatibility form, blanks joined, nothing untypable."""
    return _UNWANTED.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """Return the first letters of the Chinese characters in a normalised text: 不锈钢 m8 -> bxg; "" without any."""
    if not _CHINESE.search(text):
        return ""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionaries take 0.4 s to load

    chinese = "".join(_CHINESE.findall(text))
    return "".join(lazy_pinyin(chinese, style=Style.FIRST_LETTER, errors="ignore"))


def search_text(entity: Entity, texts: Mapping[str, str | None]) -> str:
    """Return what is stored for a record; `texts` holds the text of each of `search_paths`, None or missing = empty."""
    parts = [normalised(texts.get(NUMBER) or ""), _END]
    for path in search_paths(entity):
        text = normalised((texts.get(path) or "")[:_FIELD_TEXT_MAX]) if path != NUMBER else ""
        if text:
            parts += [_label(path), _BETWEEN, text, _BETWEEN, initials(text), _END]
    return "".join(parts)[:TEXT_MAX]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words that a person typed, as they are compared; at most `WORDS_MAX`."""
    return tuple(dict.fromkeys(normalised(text[:_FIELD_TEXT_MAX]).split()))[:WORDS_MAX]


def matches(stored: str, words: tuple[str, ...], readable: Callable[[str], bool]) -> bool:
    """Return whether each word is found in the text of a field that is readable."""
    number, _, rest = stored.partition(_END)
    seen = [number] if readable(NUMBER) else []
    for segment in rest.split(_END):
        label, _, text = segment.partition(_BETWEEN)
        if text and readable(_path(label)):
            seen += text.split(_BETWEEN)
    return all(any(word in one for one in seen) for word in words)


def rank(stored: str, word: str, readable: Callable[[str], bool]) -> int:
    """Return 0 for the very number, 1 for its beginning, 2 for the beginning of another field, 3 for anything else."""
    number, _, rest = stored.partition(_END)
    if readable(NUMBER) and number.startswith(word):
        return 0 if number == word else 1
    for segment in rest.split(_END):
        label, *texts = segment.split(_BETWEEN)
        if any(text.startswith(word) for text in texts) and readable(_path(label)):
            return 2
    return 3


@lru_cache(maxsize=4096)
def _label(path: str) -> str:
    return "".join(chr(_PRIVATE + ord(one)) for one in path)


def _path(label: str) -> str:
    return "".join(chr(ord(one) - _PRIVATE) if ord(one) >= _PRIVATE else one for one in label)
