"""The numbers of the sign-in."""

from datetime import timedelta

from zhangshi.identity.policy import LOCK_MAX, HashingCost, lock_after


def test_every_fifth_wrong_password_locks_and_no_other() -> None:
    assert [count for count in range(31) if lock_after(count)] == [5, 10, 15, 20, 25, 30]


def test_locks_double_up_to_a_day_and_never_overflow() -> None:
    assert [lock_after(count) for count in (5, 10, 15)] == [timedelta(minutes=minutes) for minutes in (15, 30, 60)]
    assert {lock_after(count) for count in (40, 500, 5_000_000)} == {LOCK_MAX}


def test_a_guesser_gets_65_passwords_in_the_first_week() -> None:
    """What the module says of itself."""
    now, guessed = timedelta(), 0
    while now < timedelta(days=7):
        guessed += 1
        now += lock_after(guessed) or timedelta()
    assert guessed == 65


def test_hashing_costs_what_owasp_asks_for() -> None:
    cost = HashingCost()
    assert (cost.memory_kib, cost.passes, cost.lanes) == (19_456, 2, 1)
