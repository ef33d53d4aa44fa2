"""Forms of the floor: orders that consume and produce, and goods that travel; for tests of postings."""

WORK_ORDER = """
schema: 1
entity: work_order
kind: document
label: {zh: 工单, en: Work order}
number_rule: {parts: [{const: MO}, {counter: {width: 4}}]}
fields:
  item: {type: link, to: item, required: true, label: {zh: 产品, en: Product}}
  held: {type: money, formula: "WIP(id)", stored: false, label: {zh: 在制, en: Held}}
lifecycle:
  states: {released: {editable: true}, closed: {}}
  transitions:
    close: {from: released, to: closed}
    reopen: {from: closed, to: released}
"""

MATERIAL_ISSUE = """
schema: 1
entity: material_issue
kind: document
label: {zh: 领料单, en: Material issue}
number_rule: {parts: [{const: LL}, {counter: {width: 4}}]}
fields:
  work_order: {type: link, to: work_order, required: true, label: {zh: 工单, en: Work order}}
  warehouse: {type: location, kind: warehouse, required: true, label: {zh: 仓库, en: Warehouse}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  unit: {type: link, to: unit, lookup: item.unit, label: {zh: 单位, en: Unit}}
  quantity: {type: quantity, unit: unit, required: true, label: {zh: 数量, en: Quantity}}
lifecycle:
  states: [draft, issued]
  transitions:
    issue: {from: draft, to: issued,
      posting: {command: consume, each: lines, item: item, quantity: quantity, from: warehouse, into: work_order}}
    unissue: {from: issued, to: draft, posting: {command: reverse}}
"""

FINISHED = """
schema: 1
entity: finished
kind: document
label: {zh: 完工入库单, en: Finished receipt}
number_rule: {parts: [{const: FR}, {counter: {width: 4}}]}
fields:
  work_order: {type: link, to: work_order, required: true, label: {zh: 工单, en: Work order}}
  item: {type: link, to: item, lookup: work_order.item, label: {zh: 产品, en: Product}}
  warehouse: {type: location, kind: warehouse, required: true, label: {zh: 仓库, en: Warehouse}}
  quantity: {type: quantity, required: true, label: {zh: 数量, en: Quantity}}
  cost: {type: money, label: {zh: 成本, en: Cost}}
lifecycle:
  states: [draft, posted]
  transitions:
    post:
      from: draft
      to: posted
      posting:
        {command: produce, each: "", item: item, quantity: quantity, to: warehouse, out_of: work_order, amount: cost}
      effects: [{transition: close, of: work_order, when: "state = 'released'"}]
    unpost: {from: posted, to: draft, posting: {command: reverse}}
"""

TRANSFER = """
schema: 1
entity: transfer
kind: document
label: {zh: 调拨单, en: Transfer}
number_rule: {parts: [{const: TR}, {counter: {width: 4}}]}
fields:
  source: {type: location, kind: warehouse, required: true, label: {zh: 调出, en: From}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  quantity: {type: quantity, required: true, label: {zh: 数量, en: Quantity}}
lifecycle:
  states: [draft, shipped]
  transitions:
    ship: {from: draft, to: shipped,
      posting: {command: transfer_ship, each: lines, item: item, quantity: quantity, from: source}}
    unship: {from: shipped, to: draft, posting: {command: reverse}}
"""

SIGNED = """
schema: 1
entity: signed
kind: document
label: {zh: 签收单, en: Arrival}
number_rule: {parts: [{const: SG}, {counter: {width: 4}}]}
fields:
  target: {type: location, kind: warehouse, required: true, label: {zh: 调入, en: To}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  quantity: {type: quantity, required: true, label: {zh: 数量, en: Quantity}}
lifecycle:
  states: [draft, signed]
  transitions:
    sign: {from: draft, to: signed,
      posting: {command: transfer_sign, each: lines, shipped: to_signed, quantity: quantity, to: target}}
    unsign: {from: signed, to: draft, posting: {command: reverse}}
"""

TO_SIGNED = """
schema: 1
conversion: to_signed
label: {zh: 签收, en: Sign}
from: transfer
to: signed
when: "state = 'shipped'"
each: lines
into: lines
lines: {item: item}
quantity: {source: quantity, target: quantity}
"""

ORDER_TO_WORK = """
schema: 1
conversion: order_to_work
label: {zh: 下推工单, en: Make}
from: sales_order
to: work_order
each: lines
into: ""
lines: {item: item}
"""

ALL = (WORK_ORDER, MATERIAL_ISSUE, FINISHED, TRANSFER, SIGNED, TO_SIGNED, ORDER_TO_WORK)
