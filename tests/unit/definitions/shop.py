# ruff: noqa: E501  YAML reads best a field a line
"""A small shop in YAML: units, items, places, partners, an order and a delivery; small enough to read at once."""

from collections.abc import Mapping

from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.compiling import compile_catalog, compile_sources
from zhangshi.definitions.errors import InvalidDefinitions, Problem
from zhangshi.definitions.loading import SourceObject, load_text

UNIT = """
schema: 1
entity: unit
kind: master
label: {zh: 计量单位, en: Unit}
title: name
fields:
  name: {type: text, required: true}
"""
LOCATION = """
schema: 1
entity: location
kind: master
label: {zh: 库位, en: Location}
title: name
fields:
  name: {type: text, required: true}
  kind: {type: select, label: {zh: 种类, en: Kind}, options: [{value: warehouse, label: {zh: 仓库, en: Warehouse}}], default: warehouse}
  inside: {type: link, to: location, label: {zh: 上级, en: Inside}}
plays: [{role: ledger_location, map: {kind: kind, parent: inside}}]
"""
ITEM = """
schema: 1
entity: item
kind: master
label: {zh: 物料, en: Item}
title: name
number_rule: {parts: [{const: I}, {counter: {width: 5}}], manual: true}
search: [number, name, spec]
fields:
  name: {type: text, required: true}
  spec: {type: text}
  unit: {type: link, to: unit, required: true}
  price: {type: price, min: 0}
plays: [{role: ledger_item, map: {unit: unit}}]
"""
PARTNER = """
schema: 1
entity: partner
kind: master
label: {zh: 往来单位, en: Partner}
title: name
fields:
  name: {type: text, required: true}
  is_customer: {type: bool, default: true, label: {zh: 是客户, en: Is a customer}}
  level: {type: select, options: levels, label: {zh: 等级, en: Level}}
"""
LEVELS = """
schema: 1
option_set: levels
label: {zh: 等级, en: Levels}
options:
  - {value: a, label: {zh: 甲, en: A}}
  - {value: b, label: {zh: 乙, en: B}}
  - {value: z, label: {zh: 停用的, en: Old}, retired: true}
"""
ORDER = """
schema: 1
entity: sales_order
kind: document
label: {zh: 销售订单, en: Sales order}
number_rule: {parts: [{const: SO}, {date: yyMM}, {counter: {width: 4, reset: month}}]}
date_field: ordered_on
fields:
  customer: {type: link, to: partner, required: true, filter: is_customer}
  customer_name: {type: text, lookup: customer.name, label: {zh: 客户名称, en: Customer name}}
  ordered_on: {type: date, required: true, default: {formula: TODAY()}, label: {zh: 下单日期, en: Ordered on}}
  discount: {type: decimal, scale: 4, min: 0, max: 1}
  amount: {type: money, formula: SUM(lines.amount)}
  payable: {type: money, formula: "ROUND(amount * (1 - discount), 2)", label: {zh: 应付, en: Payable}}
lines:
  item: {type: link, to: item, required: true}
  unit: {type: link, to: unit, lookup: item.unit}
  quantity: {type: quantity, unit: unit, required: true}
  price: {type: price, lookup: item.price}
  amount: {type: money, formula: "ROUND(quantity * price, 2)"}
  delivered: {type: quantity, rollup: {conversion: deliver, of: quantity, states: [posted]}, label: {zh: 已交, en: Delivered}}
  open: {type: quantity, formula: quantity - delivered, stored: false, label: {zh: 未交, en: Open}}
constraints:
  - {when: quantity <= 0, field: quantity, message: {zh: 数量必须大于零, en: Quantity must be above zero}}
rules:
  - {when: discount > 0, require: [customer_name], lock: [ordered_on]}
lifecycle:
  states: [draft, confirmed, closed, cancelled]
  transitions:
    confirm: {from: draft, to: confirmed}
    unconfirm: {from: confirmed, to: draft}
    close: {from: confirmed, to: closed}
    reopen: {from: closed, to: confirmed}
    cancel: {from: [draft, confirmed], to: cancelled}
"""
DELIVERY = """
schema: 1
entity: delivery
kind: document
label: {zh: 出库单, en: Delivery}
number_rule: {parts: [{const: CK}, {date: yyMM}, {counter: {width: 4, reset: month}}], gapless: true}
fields:
  customer: {type: link, to: partner, required: true}
  order: {type: link, to: sales_order, label: {zh: 订单, en: Order}}
  date: {type: date, required: true, default: {formula: TODAY()}}
  warehouse: {type: location, kind: warehouse, required: true}
lines:
  item: {type: link, to: item, required: true}
  unit: {type: link, to: unit, lookup: item.unit}
  lot: {type: lot, of: item}
  quantity: {type: quantity, unit: unit, required: true}
lifecycle:
  states: [draft, posted, cancelled]
  transitions:
    post: {from: draft, to: posted, posting: {command: issue, each: lines, item: item, lot: lot, quantity: quantity, from: warehouse}}
    unpost: {from: posted, to: draft, posting: {command: reverse}}
    cancel: {from: draft, to: cancelled}
"""
DELIVER = """
schema: 1
conversion: deliver
label: {zh: 下推出库, en: Deliver}
from: sales_order
to: delivery
when: state = "confirmed"
header: {customer: customer, order: id}
each: lines
into: lines
lines: {item: item, unit: unit}
quantity: {source: quantity, target: quantity}
over: 0.05
combine: [customer]
complete: close
"""
SALES = """
schema: 1
role: sales
label: {zh: 销售员, en: Sales}
grants:
  unit: {}
  location: {}
  item: {fields: {price: read}}
  partner: {actions: [read, create, edit]}
  sales_order: {actions: "*", rows: owner = USER()}
  delivery: {actions: [read, create, edit, post, unpost, cancel], fields: {lines.quantity: write}}
"""
SHOP: Mapping[str, str] = {
    "units.yaml": UNIT,
    "locations.yaml": LOCATION,
    "items.yaml": ITEM,
    "partners.yaml": PARTNER,
    "levels.yaml": LEVELS,
    "sales_order.yaml": ORDER,
    "delivery.yaml": DELIVERY,
    "deliver.yaml": DELIVER,
    "sales.yaml": SALES,
}


def sources(*more: str, **instead: str) -> list[SourceObject]:
    """Return the shop; `instead` replaces files (sales_order="…"), `more` adds objects in more.yaml, more1.yaml."""
    texts = {**SHOP, **{f"{name}.yaml": text for name, text in instead.items()}}
    texts |= {f"more{at or ''}.yaml": text for at, text in enumerate(more)}
    return [load_text(text.lstrip(), file) for file, text in texts.items() if text]


def shop(*more: str, **instead: str) -> Catalog:
    """Return the shop, compiled."""
    return compile_catalog(sources(*more, **instead), revision=7)


def problems(*more: str, **instead: str) -> list[Problem]:
    """Return what is wrong with the shop, warnings left out."""
    try:
        compile_catalog(sources(*more, **instead), revision=7)
    except InvalidDefinitions as error:
        return list(error.problems)
    return []


def warnings(*more: str, strict: bool = False, **instead: str) -> list[Problem]:
    """Return everything that was noted about the shop."""
    return list(compile_sources(sources(*more, **instead), revision=7, strict=strict).problems)


def line_of(text: str, part: str) -> int:
    """Return the number of the line of a file in which `part` stands."""
    lines = text.lstrip().splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def changed(text: str, before: str, after: str) -> str:
    """Return `text` with one part replaced; the part must be there."""
    assert before in text, before
    return text.replace(before, after, 1)
