"""Which goods are promised: the order never depends on how the candidates came."""

from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.numbers import Quantity
from zhangshi.ledger.kernel.reserving import Candidate, Pick, Strategy, choose

TODAY = "2026-11-02"
OLD_LONG = Candidate(1, 501, Quantity(4), "2026-12-31", registered_at=1)
NEW_SHORT = Candidate(2, 502, Quantity(10), "2026-12-01", registered_at=2)
UNDATED = Candidate(3, 503, Quantity(7), "", registered_at=0)


def picked(picks: list[Pick]) -> list[tuple[int, int]]:
    return [(pick.lot_id, int(pick.quantity)) for pick in picks]


def test_first_expired_goes_first_and_lots_without_a_date_last() -> None:
    assert picked(choose([UNDATED, OLD_LONG, NEW_SHORT], Quantity(15), Strategy.FEFO, TODAY)) == [
        (502, 10), (501, 4), (503, 1),
    ]  # fmt: skip


def test_first_in_goes_first() -> None:
    assert picked(choose([NEW_SHORT, OLD_LONG, UNDATED], Quantity(15), Strategy.FIFO, TODAY)) == [
        (503, 7), (501, 4), (502, 4),
    ]  # fmt: skip


def test_a_lot_may_go_on_its_last_day_and_not_after() -> None:
    last_day = NEW_SHORT._replace(expires_on=TODAY)
    over = NEW_SHORT._replace(expires_on="2026-11-01")

    assert picked(choose([last_day], Quantity(1), Strategy.FEFO, TODAY)) == [(502, 1)]
    assert choose([over], Quantity(1), Strategy.FEFO, TODAY) == []
    assert choose([over], Quantity(1), Strategy.FIFO, TODAY) == []


def test_what_is_not_free_is_not_promised() -> None:
    promised, below = OLD_LONG._replace(free=Quantity(0)), NEW_SHORT._replace(free=Quantity(-3))

    assert choose([promised, below], Quantity(5), Strategy.FEFO, TODAY) == []


def test_one_lot_in_two_bins_is_taken_from_the_lower_bin_first() -> None:
    far = OLD_LONG._replace(location_id=9)

    assert [pick.location_id for pick in choose([far, OLD_LONG], Quantity(5), Strategy.FEFO, TODAY)] == [1, 9]


_candidates = st.lists(
    st.builds(
        Candidate,
        location_id=st.integers(1, 4),
        lot_id=st.integers(1, 4),
        free=st.integers(-2, 9).map(Quantity),
        expires_on=st.sampled_from(["", "2026-11-01", TODAY, "2027-01-01"]),
        registered_at=st.integers(0, 3),
    ),
    unique_by=lambda candidate: (candidate.location_id, candidate.lot_id),
    max_size=8,
)


@given(_candidates, st.integers(1, 30).map(Quantity), st.sampled_from(Strategy), st.randoms(use_true_random=False))
def test_picks_are_as_much_as_there_is_and_do_not_depend_on_the_order_of_candidates(
    candidates: list[Candidate], wanted: Quantity, strategy: Strategy, chance: object
) -> None:
    picks = choose(candidates, wanted, strategy, TODAY)
    shuffled = list(candidates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random

    usable = {
        (c.location_id, c.lot_id): int(c.free)
        for c in candidates
        if int(c.free) > 0 and (not c.expires_on or c.expires_on >= TODAY)
    }
    assert sum(int(pick.quantity) for pick in picks) == min(int(wanted), sum(usable.values()))
    assert all(0 < int(pick.quantity) <= usable[pick.location_id, pick.lot_id] for pick in picks)
    assert choose(shuffled, wanted, strategy, TODAY) == picks
