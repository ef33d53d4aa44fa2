"""Back-off, the register of handlers, and what is kept of an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.platform.jobs.execution import describe
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.model import DEFAULT_POLICY, Job, RetryPolicy
from zhangshi.platform.unit_of_work import UnitOfWork

_SECOND = 1_000_000


def test_waits_double_up_to_the_cap() -> None:
    waits = [DEFAULT_POLICY.wait_micros(attempt, 0) // _SECOND for attempt in range(1, 13)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_the_last_attempt_is_the_twelfth() -> None:
    assert [DEFAULT_POLICY.gives_up_after(attempt) for attempt in (11, 12, 13)] == [False, True, True]


def test_noise_adds_up_to_a_quarter() -> None:
    assert DEFAULT_POLICY.wait_micros(1, 0) == 5 * _SECOND
    assert DEFAULT_POLICY.wait_micros(1, 1 << 15) == 5 * _SECOND * 9 // 8
    assert DEFAULT_POLICY.wait_micros(1, (1 << 16) - 1) < 5 * _SECOND * 5 // 4


@given(attempt=st.integers(1, 10_000), noise=st.integers(0, 65_535))
def test_no_wait_is_ever_longer_than_the_cap_and_a_quarter(attempt: int, noise: int) -> None:
    policy = RetryPolicy(first_wait_seconds=3, wait_seconds_max=100)
    assert 3 * _SECOND <= policy.wait_micros(attempt, noise) < 125 * _SECOND


def _nothing(_uow: UnitOfWork, _job: Job) -> None: ...


def test_topics_are_matched_whole_or_by_their_beginning() -> None:
    handlers = Handlers()
    handlers.add_database("whole", _nothing, topics=["ledger.posted"])
    handlers.add_database("family", _nothing, topics=["ledger.*", "count.*"])
    handlers.add_database("everything", _nothing, topics=["*"])
    handlers.add_database("nothing", _nothing)
    found = {
        topic: [one.name for one in handlers.subscribed_to(topic)]
        for topic in ("ledger.posted", "ledger.posted.late", "ledgers")
    }
    assert found == {
        "ledger.posted": ["everything", "family", "whole"],
        "ledger.posted.late": ["everything", "family"],
        "ledgers": ["everything"],
    }


def test_two_handlers_of_one_name_are_refused() -> None:
    handlers = Handlers()
    handlers.add_database("post", _nothing)
    with pytest.raises(ValueError, match="'post'"):
        handlers.add_outside("post", lambda _job: None)


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


def test_an_error_is_kept_with_its_sentence_first_and_then_where() -> None:
    text = describe(_raised(ZhangshiError(ErrorCode("a.b", "缺 {what}", "{what} is missing"), what="price")))
    assert text.startswith("a.b: price is missing [what=price]\n\nTraceback")
    assert "in _raised" in text


@pytest.mark.parametrize("message", ["NUL \x00 inside", "half a \ud800 pair", "长" * 9000])
def test_any_error_can_be_stored_on_any_database(message: str) -> None:
    text = describe(_raised(ValueError(message)))
    assert text.startswith("ValueError: ")
    assert len(text) <= 4000
    assert "\x00" not in text
    text.encode()
