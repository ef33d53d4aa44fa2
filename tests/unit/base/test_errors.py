"""An error has a code, its facts, and a sentence in both languages."""

from zhangshi.base.errors import ErrorCode, Refusal, ZhangshiError

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
