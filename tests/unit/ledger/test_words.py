"""Chinese sentences say the ledger's words in Chinese."""

from typing import get_args

import pytest

from zhangshi.ledger.commands import Command
from zhangshi.ledger.model import LocationKind, Status
from zhangshi.ledger.refusals import WORDS, word

SETTLEMENTS = ("settle_period", "unsettle_period")
ACTIONS = ("lock", "close", "reopen")
COMMANDS = tuple(command.name for command in get_args(Command))


@pytest.mark.parametrize("text", [*Status, *LocationKind, *COMMANDS, *SETTLEMENTS, *ACTIONS])
def test_every_word_that_a_sentence_may_show_has_a_chinese_one(text: str) -> None:
    assert WORDS[text]
    assert not any(letter.isascii() for letter in WORDS[text])


def test_no_word_is_there_for_nothing() -> None:
    assert WORDS.keys() == {*Status, *LocationKind, *COMMANDS, *SETTLEMENTS, *ACTIONS}


def test_several_words_are_said_one_by_one() -> None:
    found = word("bin / warehouse / zone")

    assert (found, found.zh) == ("bin / warehouse / zone", "库位 / 仓库 / 库区")


def test_a_word_that_nobody_knows_stays_as_it_is() -> None:
    assert word("teleport").zh == "teleport"
