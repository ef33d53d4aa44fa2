"""Documents of many rows: a condition over what was converted of each row asks once, not row by row."""

import pytest

from tests.integration.records import forms
from tests.integration.records.shop import OWNER, Shop, line, open_shop, order, receipt
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.model import Source

_ROWS = 60
_CLOSES = """        - {transition: close, of: sales_order, when: "state = 'confirmed' AND MAX(lines.missing) <= 0"}
        - {create: wage,"""
_MISSING = """  missing: {type: quantity, formula: "quantity - delivered", stored: false,
      label: {zh: 未出库, en: Missing}}
  on_hand:"""


@pytest.fixture
def shop(company: Company, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose deliveries close the order that they complete."""
    closing = tuple(
        text.replace("        - {create: wage,", _CLOSES).replace("  on_hand:", _MISSING) for text in forms.ALL
    )
    assert sum(text != before for text, before in zip(closing, forms.ALL, strict=True)) == 2
    monkeypatch.setattr(forms, "ALL", closing)
    return open_shop(company)


def test_a_delivery_of_many_rows_closes_the_order_that_it_completes(shop: Shop) -> None:
    shop.create("goods_receipt", receipt(shop, line(shop, "bolt", "600", "1")), "post")
    saved = shop.create("sales_order", order(shop, *(line(shop, "bolt", "10", "5") for _ in range(_ROWS))), "confirm")
    rows = [row.id for row in shop.get(saved).tables["lines"]]
    content = {"warehouse": str(shop.ids["warehouse"])}

    for part, state in ((rows[:-1], "confirmed"), (rows[-1:], "closed")):
        shop.records.convert(
            OWNER, key=shop.key(), conversion="order_to_delivery",
            sources=[Source(saved.record_id, dict.fromkeys(part))], content=content, transition="post",
        )  # fmt: skip
        assert shop.get(saved).state == state
    assert shop.stock("bolt") == 0
