"""Taking back what made a record: it goes along, unless it has moved on or is used."""

import pytest

from tests.integration.records import forms_filled
from tests.integration.records.shop import Shop, open_shop
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.model import Saved


@pytest.fixture
def shop(company: Company) -> Shop:
    return open_shop(company, *forms_filled.ALL)


@pytest.fixture
def wish(shop: Shop) -> Saved:
    """A wish whose granting has made a job."""
    return shop.create("wish", {"item": str(shop.ids["pin"]), "quantity": "2"}, "grant")


def made(shop: Shop) -> Saved:
    (row,) = shop.rows("SELECT record_id, number, state, version FROM d_job")
    return Saved("job", *row)


def refusal(shop: Shop, wish: Saved) -> ZhangshiError:
    with pytest.raises(ZhangshiError) as refused:
        shop.move(wish, "ungrant")
    assert refused.value.code == "records.stands_on"
    assert shop.get(wish).state == "granted"
    return refused.value


def test_a_made_record_that_stands_as_it_was_made_goes_along(shop: Shop, wish: Saved) -> None:
    assert made(shop).state == "draft"
    shop.move(wish, "ungrant")
    assert shop.rows("SELECT COUNT(*) FROM d_job") == [(0,)]


def test_a_made_record_that_moved_on_is_named_and_stays(shop: Shop, wish: Saved) -> None:
    job = made(shop)
    shop.move(job, "release")
    error = refusal(shop, wish)
    assert f"任务单{job.number}(" in error.message("zh")
    assert wish.number in error.message("zh")
    assert made(shop).state == "released"
    shop.move(job, "reopen")
    assert shop.move(wish, "ungrant").state == "draft"


def test_a_made_record_that_somebody_uses_stays(shop: Shop, wish: Saved) -> None:
    job = made(shop)
    use = shop.create("use", {"job": str(job.record_id)})
    error = refusal(shop, wish)
    assert f"{job.number} 不能反审核" in error.message("zh")
    assert "领用" in error.message("zh")
    shop.edit(use, {"job": None})
    assert shop.move(wish, "ungrant").state == "draft"


def test_a_made_record_that_was_cancelled_is_left_alone(shop: Shop, wish: Saved) -> None:
    shop.move(made(shop), "cancel")
    assert shop.move(wish, "ungrant").state == "draft"
    assert made(shop).state == "cancelled"
