"""The month-end average: one price for the month, and the sum to the fen. Integers are fen and millionths."""

from hypothesis import given
from hypothesis import strategies as st

from zhangshi.base.numbers import Amount, Quantity
from zhangshi.ledger.kernel.settling import Issued, settle_item

PIECE = 1_000_000
CUSTOMER, FLOOR, VARIANCE, BIN = 2, 3, 7, 11


def issued(pieces: int, amount: int, to: int = CUSTOMER, order: int = 0) -> Issued:
    return Issued(to, order, BIN, Quantity(pieces * PIECE), Amount(amount))


def corrections(closing_pieces: int, closing_amount: int, *issues: Issued) -> list[int]:
    found = settle_item(Quantity(closing_pieces * PIECE), Amount(closing_amount), issues)
    return [correction.amount for correction in found]


def test_an_issue_before_the_dear_receipt_is_raised_to_the_average() -> None:
    # 10 @ 5 came, 10 went for 50.00, 10 @ 7 came: p = 120 / 20 = 6.00.
    assert corrections(10, 70_00, issued(10, 50_00)) == [10_00]


def test_nothing_is_posted_where_the_average_was_right() -> None:
    assert corrections(5, 25_00, issued(5, 25_00)) == []


def test_when_everything_went_the_issues_take_everything() -> None:
    # 1 @ 5.00 and 1 @ 5.01, both gone for 5.00 and 5.00; one fen was left over.
    assert corrections(0, 1, issued(1, 5_00), issued(1, 5_00, to=FLOOR, order=9)) == [1]


def test_goods_that_came_back_count_against_the_issues() -> None:
    # p = 120 / 20 = 6: 10 went for 50.00, 4 of them came back for 20.00, so 6 went, for 36.00 instead of 30.00.
    assert corrections(14, 90_00, issued(6, 30_00)) == [6_00]


def test_more_coming_back_than_going_out_comes_back_at_the_average() -> None:
    # Opening 10 worth 50, received 10 @ 8, 2 of an earlier month's issue came back at 4.00 each: p = 130 / 20 = 6.50.
    assert corrections(22, 138_00, issued(-2, -8_00)) == [-5_00]


def test_a_correction_of_negative_stock_goes_back_into_the_average() -> None:
    # 1 @ 5, 6 went for 30.00, 10 @ 7 came: 10.00 were put to the variance place. p = 75 / 11.
    assert corrections(5, 35_00, issued(6, 30_00), issued(0, 10_00, to=VARIANCE)) == [10_91, -10_00]


def test_nothing_is_settled_below_zero_or_without_goods() -> None:
    assert corrections(-1, -5_00, issued(6, 30_00)) == []
    assert corrections(0, 3_00) == []
    assert corrections(2, -9_00, issued(1, 5_00)) == []


@given(
    closing=st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)),
    issues=st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=8),
)
def test_corrected_issues_and_what_stays_sum_to_the_whole_at_one_price(
    closing: tuple[int, int], issues: list[tuple[int, int]]
) -> None:
    entries = [Issued(n, 0, BIN, Quantity(quantity), Amount(amount)) for n, (quantity, amount) in enumerate(issues)]
    found = {c.issued.location_id: c.amount for c in settle_item(Quantity(closing[0]), Amount(closing[1]), entries)}
    quantity = closing[0] + sum(q for q, _ in issues)
    amount = closing[1] + sum(a for _, a in issues)
    if not quantity:
        assert found == {}
        return

    after = [a + found.get(n, 0) for n, (_, a) in enumerate(issues)]
    left = closing[1] - sum(found.values())
    assert sum(after) + left == amount
    for each_quantity, each_amount in zip([*(q for q, _ in issues), closing[0]], [*after, left], strict=True):
        assert abs(each_amount * quantity - amount * each_quantity) <= quantity, "within a fen of the one price"
