"""An error has a code, its facts, and a sentence in both languages."""

import copy
import json
import pickle

import msgspec

from zhangshi.base.errors import ErrorCode, Refusal, Word, ZhangshiError

SHORT = ErrorCode("ledger.short", "缺 {missing} 个。请先收货。", "{missing} are missing. Receive first.")


def test_the_sentence_carries_the_facts_in_the_reader_s_language() -> None:
    error = ZhangshiError(SHORT, missing=5)

    assert error.message() == "缺 5 个。请先收货。"
    assert error.message("en") == "5 are missing. Receive first."
    assert error.code == "ledger.short"
    assert error.facts == {"missing": 5}


def test_a_fact_left_out_does_not_hide_the_error() -> None:
    assert ZhangshiError(SHORT).message("en") == "? are missing. Receive first."


def test_as_text_it_shows_code_sentence_and_facts() -> None:
    assert str(ZhangshiError(SHORT, missing=5)) == "ledger.short: 5 are missing. Receive first. [missing=5]"
    assert str(ZhangshiError(SHORT)) == "ledger.short: ? are missing. Receive first."


def test_a_refusal_becomes_the_error_it_describes() -> None:
    error = Refusal(SHORT, {"missing": 5}).error()

    assert isinstance(error, ZhangshiError)
    assert (error.error_code, error.facts) == (SHORT, {"missing": 5})


KIND = ErrorCode("ledger.kind", "这里是“{kind}”。请改。", "This is a {kind}. Change it.")
BIN = Word("bin", "库位")


def test_a_word_of_the_product_shows_in_the_reader_s_language() -> None:
    error = Refusal(KIND, {"kind": BIN}).error()

    assert error.message("zh") == "这里是“库位”。请改。"
    assert error.message("en") == "This is a bin. Change it."
    assert str(error) == "ledger.kind: This is a bin. Change it. [kind=bin]"


def test_programs_get_a_word_as_plain_text() -> None:
    error = ZhangshiError(KIND, kind=BIN)

    assert error.facts == {"kind": "bin"}
    assert type(error.facts["kind"]) is str, "codecs refuse subclasses"
    assert msgspec.json.encode(error.facts) == json.dumps(error.facts, separators=(",", ":")).encode()


def test_a_word_survives_copying() -> None:
    for again in (copy.deepcopy(BIN), pickle.loads(pickle.dumps(BIN))):  # noqa: S301  # our own bytes
        assert (again, again.zh, type(again)) == ("bin", "库位", Word)
