"""Whatever is written, the compiler answers with a catalog or with problems, never with an error of its own."""

import random
import re
from pathlib import Path

import pytest

from tests.unit.definitions.shop import SHOP
from zhangshi.definitions.compiling import compile_sources
from zhangshi.definitions.errors import Fault, fields, reading, references, rules
from zhangshi.definitions.loading import SourceObject, read_text

_WORD = re.compile(r"[a-z_]{2,}")
_WORDS = sorted({word for text in SHOP.values() for word in _WORD.findall(text)} | {"id", "number", "{}", "[]", "0"})
ROUNDS = 40


def spoilt(texts: dict[str, str], noise: random.Random) -> None:
    """Change a word, leave a line out, or swap two lines of one file."""
    file = noise.choice(sorted(texts))
    lines, text = texts[file].splitlines(), texts[file]
    kind = noise.random()
    if kind < 0.6:
        word = noise.choice(list(_WORD.finditer(text)))
        texts[file] = text[: word.start()] + noise.choice(_WORDS) + text[word.end() :]
        return
    if kind < 0.8:
        del lines[noise.randrange(len(lines))]
    else:
        first, second = noise.randrange(len(lines)), noise.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    texts[file] = "\n".join(lines) + "\n"


def readable(texts: dict[str, str]) -> list[SourceObject]:
    found = [read_text(text.lstrip(), file)[0] for file, text in texts.items()]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_definitions_are_compiled_or_refused(seed: int) -> None:
    noise = random.Random(seed)
    answers = {"catalog": 0, "problems": 0}
    for _ in range(ROUNDS):
        texts = dict(SHOP)
        for _ in range(noise.randint(1, 3)):
            spoilt(texts, noise)
        compiled = compile_sources(readable(texts), revision=1, strict=noise.random() < 0.5)
        answers["catalog" if compiled.catalog is not None else "problems"] += 1
        assert compiled.catalog is not None or any(not one.warning for one in compiled.problems)
        assert all(one.text("zh") and one.text("en") and one.file for one in compiled.problems)

    assert min(answers.values()) > 0


def test_every_kind_of_problem_has_a_test_of_its_own() -> None:
    """A code that no test names is a check that nobody has seen to work."""
    written = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    codes = {
        fault.code.removeprefix("definitions.")
        for module in (reading, references, fields, rules)
        for fault in vars(module).values()
        if isinstance(fault, Fault)
    }

    assert len(codes) > 60
    assert [code for code in sorted(codes) if f'"{code}"' not in written and f"definitions.{code}" not in written] == []
