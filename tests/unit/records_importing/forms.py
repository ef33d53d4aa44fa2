# ruff: noqa: E501  YAML reads best a field a line
"""A document with a field of every type, and what it links to; compiled without a database."""

from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.compiling import compile_catalog
from zhangshi.definitions.loading import load_text

PARTNER = """
schema: 1
entity: partner
kind: master
label: {zh: 往来单位, en: Partner}
title: name
fields:
  name: {type: text}
"""
ITEM = """
schema: 1
entity: item
kind: master
label: {zh: 物料, en: Item}
title: name
fields:
  name: {type: text}
"""
ORDER = """
schema: 1
entity: sample_order
kind: document
label: {zh: 样品单, en: Sample order}
number_rule: {parts: [{const: S}, {counter: {width: 5}}], manual: true}
number_label: {zh: 单号, en: No.}
fields:
  customer: {type: link, to: partner, required: true, label: {zh: 客户, en: Customer}}
  ordered_on: {type: date, label: {zh: 下单日期, en: Ordered on}, default: {formula: TODAY()}}
  called_at: {type: datetime, label: {zh: 来电时间, en: Called at}}
  kind: {type: select, options: [{value: normal, label: {zh: 普通, en: Normal}}, {value: urgent, label: {zh: 加急, en: Urgent}}], label: {zh: 类型, en: Kind}}
  tags: {type: multi_select, options: [{value: a, label: {zh: 甲, en: First}}, {value: b, label: {zh: 乙, en: Second}}], label: {zh: 标签, en: Tags}}
  boxes: {type: int, label: {zh: 箱数, en: Boxes}}
  rate: {type: decimal, scale: 4, label: {zh: 折扣, en: Rate}}
  freight: {type: money, label: {zh: 运费, en: Freight}}
  paid: {type: bool, label: {zh: 已付, en: Paid}}
  seller: {type: user, label: {zh: 业务员, en: Seller}}
  shop: {type: department, label: {zh: 门店, en: Shop}}
  remark: {type: text, label: {zh: 备注, en: Remark}}
  photo: {type: image, label: {zh: 照片, en: Photo}}
  amount: {type: money, formula: SUM(lines.amount), label: {zh: 金额, en: Amount}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  quantity: {type: quantity, required: true, label: {zh: 数量, en: Quantity}}
  price: {type: price, label: {zh: 单价, en: Price}}
  amount: {type: money, formula: "ROUND(quantity * price, 2)", label: {zh: 金额, en: Amount}}
  remark: {type: text, label: {zh: 备注, en: Remark}}
lifecycle:
  states: [draft, confirmed]
  transitions:
    confirm: {from: draft, to: confirmed}
    unconfirm: {from: confirmed, to: draft}
"""


def forms() -> Catalog:
    """Return the definitions, compiled."""
    texts = {"partner.yaml": PARTNER, "item.yaml": ITEM, "order.yaml": ORDER}
    return compile_catalog([load_text(text.lstrip(), file) for file, text in texts.items()], revision=1)
