"""The forms of a small trading and making shop, as the tests of writing use them."""

UNIT = """
schema: 1
entity: unit
kind: master
label: {zh: 单位, en: Unit}
title: name
fields:
  name: {type: text, required: true, label: {zh: 名称, en: Name}}
"""

PLACE = """
schema: 1
entity: place
kind: master
label: {zh: 库位, en: Place}
title: name
fields:
  name: {type: text, required: true, label: {zh: 名称, en: Name}}
  kind: {type: text, default: warehouse, label: {zh: 类型, en: Kind}}
  belongs_to: {type: link, to: place, label: {zh: 上级, en: Belongs to}}
plays: [{role: ledger_location, map: {kind: kind, parent: belongs_to}}]
"""

ITEM = """
schema: 1
entity: item
kind: master
label: {zh: 物料, en: Item}
title: name
number_rule: {parts: [{field: metal, map: {steel: JX, copper: TX}}, {counter: {width: 4}}], manual: true}
fields:
  name: {type: text, required: true, label: {zh: 名称, en: Name}}
  spec: {type: text, label: {zh: 规格, en: Spec}}
  metal: {type: select, options: [{value: steel, label: {zh: 钢, en: Steel}}, {value: copper, label: {zh: 铜,
      en: Copper}}, {value: clay, label: {zh: 土, en: Clay}}], default: steel, label: {zh: 材质, en: Metal}}
  unit: {type: link, to: unit, required: true, label: {zh: 单位, en: Unit}}
  costing: {type: text, label: {zh: 计价, en: Costing}}
  tracking: {type: text, label: {zh: 批次管理, en: Tracking}}
  barcode: {type: barcode, unique: true, label: {zh: 条码, en: Barcode}}
  price: {type: price, label: {zh: 单价, en: Price}}
  active: {type: bool, default: true, label: {zh: 启用, en: Active}}
tables:
  conversions:
    label: {zh: 单位换算, en: Conversions}
    fields:
      unit: {type: link, to: unit, required: true, label: {zh: 单位, en: Unit}}
      numerator: {type: int, required: true, min: "1", label: {zh: 分子, en: Numerator}}
      denominator: {type: int, default: 1, label: {zh: 分母, en: Denominator}}
    unique: [[unit]]
plays: [{role: ledger_item, map: {method: costing, tracking: tracking, unit: unit, conversions: conversions}}]
"""

PARTNER = """
schema: 1
entity: partner
kind: master
label: {zh: 往来单位, en: Partner}
title: name
number_rule: {parts: [{const: P}, {counter: {width: 4}}]}
fields:
  name: {type: text, required: true, label: {zh: 名称, en: Name}}
  is_customer: {type: bool, default: true, label: {zh: 客户, en: Customer}}
  level: {type: int, default: 1, label: {zh: 等级, en: Level}}
  owed: {type: money, label: {zh: 应收, en: Owed}}
"""

RECEIPT = """
schema: 1
entity: goods_receipt
kind: document
label: {zh: 采购入库单, en: Goods receipt}
number_rule: {parts: [{const: GR}, {date: yyMM}, {counter: {width: 4, reset: month}}]}
date_field: received_on
fields:
  supplier: {type: link, to: partner, required: true, label: {zh: 供应商, en: Supplier}}
  supplier_name: {type: text, lookup: supplier.name, label: {zh: 供应商名称, en: Supplier name}}
  warehouse: {type: location, kind: warehouse, required: true, label: {zh: 仓库, en: Warehouse}}
  received_on: {type: date, required: true, default: {formula: "TODAY()"}, label: {zh: 日期, en: Date}}
  remark: {type: text, label: {zh: 备注, en: Remark}}
  approved_by: {type: user, read_only: true, label: {zh: 审核人, en: Approved by}}
  amount: {type: money, formula: "SUM(lines.amount)", label: {zh: 金额, en: Amount}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  unit: {type: link, to: unit, lookup: item.unit, label: {zh: 单位, en: Unit}}
  spec: {type: text, lookup: item.spec, label: {zh: 规格, en: Spec}}
  lot: {type: lot, of: item, label: {zh: 批号, en: Lot}}
  expires_on: {type: date, label: {zh: 有效期, en: Expires on}}
  quantity: {type: quantity, unit: unit, required: true, label: {zh: 数量, en: Quantity}}
  price: {type: price, label: {zh: 单价, en: Price}}
  amount: {type: money, formula: "ROUND(quantity * price, 2)", label: {zh: 金额, en: Amount}}
  note: {type: text, label: {zh: 说明, en: Note}}
constraints:
  - {when: "quantity <= 0", each: lines, field: quantity,
     message: {zh: 数量必须大于零, en: Quantity must be above zero}}
  - {when: "amount > 1000000", field: amount, level: warn, message: {zh: 金额很大, en: A large amount}}
lifecycle:
  states: {draft: {editable: true}, posted: {editable: [remark, lines.note]}, cancelled: {cancelled: true}}
  transitions:
    post: {from: draft, to: posted, posting: {command: receive, each: lines, item: item, lot: lot,
        expires_on: expires_on, quantity: quantity, to: warehouse, unit_cost: price},
        effects: [{set: {approved_by: "USER()"}}]}
    unpost: {from: posted, to: draft, posting: {command: reverse}}
    cancel: {from: draft, to: cancelled}
"""

ORDER = """
schema: 1
entity: sales_order
kind: document
label: {zh: 销售订单, en: Sales order}
number_rule: {parts: [{const: SO}, {date: yyMM}, {counter: {width: 4, reset: month}}], gapless: true}
date_field: ordered_on
fields:
  customer: {type: link, to: partner, filter: "is_customer", required: true, label: {zh: 客户, en: Customer}}
  ordered_on: {type: date, required: true, default: {formula: "TODAY()"}, label: {zh: 日期, en: Date}}
  kind: {type: select, options: [{value: normal, label: {zh: 普通, en: Normal}}, {value: cash, label: {zh: 现款,
      en: Cash}}], default: normal, label: {zh: 类别, en: Kind}}
  cashier: {type: text, label: {zh: 收银员, en: Cashier}}
  rate: {type: decimal, scale: 4, default: 1, label: {zh: 折扣, en: Rate}}
  amount: {type: money, formula: "SUM(lines.amount)", label: {zh: 金额, en: Amount}}
lines:
  item: {type: link, to: item, required: true, filter: "active", label: {zh: 物料, en: Item}}
  unit: {type: link, to: unit, lookup: item.unit, label: {zh: 单位, en: Unit}}
  quantity: {type: quantity, unit: unit, required: true, label: {zh: 数量, en: Quantity}}
  price: {type: price, lookup: item.price, label: {zh: 单价, en: Price}}
  amount: {type: money, formula: "ROUND(quantity * price * rate, 2)", label: {zh: 金额, en: Amount}}
  delivered: {type: quantity, rollup: {conversion: order_to_delivery, of: quantity, states: [posted]},
     label: {zh: 已出库,
      en: Delivered}}
  on_hand: {type: quantity, formula: "STOCK(item)", stored: false, label: {zh: 库存, en: On hand}}
rules:
  - {when: "kind = 'cash'", require: [cashier], set: {rate: "0.9"}}
constraints:
  - {when: "quantity > on_hand", each: lines, field: quantity, level: warn, message: {zh: 库存不足,
      en: Not enough in stock}}
  - {when: "COUNT(lines.item) = 0", message: {zh: 请填写明细, en: Enter lines}, transitions: [confirm]}
lifecycle:
  states: {draft: {editable: true}, confirmed: {editable: [lines.quantity]}, closed: {final: false},
      cancelled: {cancelled: true}}
  transitions:
    confirm: {from: draft, to: confirmed, effects: [{update: customer, add: {owed: amount}}]}
    unconfirm: {from: confirmed, to: draft, takes_back: true}
    close: {from: confirmed, to: closed, automatic: true}
    reopen: {from: closed, to: confirmed}
    cancel: {from: [draft], to: cancelled}
"""

DELIVERY = """
schema: 1
entity: delivery
kind: document
label: {zh: 出库单, en: Delivery}
number_rule: {parts: [{const: DN}, {date: yyMM}, {counter: {width: 4, reset: month}}]}
date_field: delivered_on
fields:
  customer: {type: link, to: partner, required: true, label: {zh: 客户, en: Customer}}
  sales_order: {type: link, to: sales_order, read_only: true, label: {zh: 订单, en: Sales order}}
  warehouse: {type: location, kind: warehouse, required: true, label: {zh: 仓库, en: Warehouse}}
  delivered_on: {type: date, required: true, default: {formula: "TODAY()"}, label: {zh: 日期, en: Date}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  unit: {type: link, to: unit, lookup: item.unit, label: {zh: 单位, en: Unit}}
  lot: {type: lot, of: item, label: {zh: 批号, en: Lot}}
  quantity: {type: quantity, unit: unit, required: true, label: {zh: 数量, en: Quantity}}
  price: {type: price, label: {zh: 单价, en: Price}}
lifecycle:
  states: [draft, posted, cancelled]
  transitions:
    post:
      from: draft
      to: posted
      posting: {command: issue, each: lines, item: item, lot: lot, quantity: quantity, from: warehouse}
      effects:
        - {create: wage, each: lines, where: "quantity > 100", values: {item: item, quantity: quantity}}
    unpost: {from: posted, to: draft, posting: {command: reverse}}
    cancel: {from: draft, to: cancelled}
"""

RETURN = """
schema: 1
entity: sales_return
kind: document
label: {zh: 销售退货单, en: Sales return}
number_rule: {parts: [{const: RT}, {counter: {width: 4}}]}
fields:
  warehouse: {type: location, kind: warehouse, required: true, label: {zh: 仓库, en: Warehouse}}
lines:
  item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
  unit: {type: link, to: unit, lookup: item.unit, label: {zh: 单位, en: Unit}}
  quantity: {type: quantity, unit: unit, required: true, label: {zh: 数量, en: Quantity}}
lifecycle:
  states: [draft, posted, cancelled]
  transitions:
    post: {from: draft, to: posted, posting: {command: return_in, each: lines, item: item, quantity: quantity,
        to: warehouse, status: inspection, origin: delivery_to_return}}
    unpost: {from: posted, to: draft, posting: {command: reverse}}
    cancel: {from: draft, to: cancelled}
"""

WAGE = """
schema: 1
entity: wage
kind: document
label: {zh: 计件工资, en: Wage}
number_rule: {parts: [{const: W}, {counter: {width: 4}}]}
fields:
  item: {type: link, to: item, label: {zh: 物料, en: Item}}
  quantity: {type: quantity, label: {zh: 数量, en: Quantity}}
"""

TO_DELIVERY = """
schema: 1
conversion: order_to_delivery
label: {zh: 下推出库, en: Deliver}
from: sales_order
to: delivery
when: "state = 'confirmed'"
header: {customer: customer, sales_order: id}
each: lines
into: lines
where: "quantity > 0"
lines: {item: item, unit: unit, price: price}
quantity: {source: quantity, target: quantity}
over: "0.05"
combine: [customer]
complete: close
"""

TO_RETURN = """
schema: 1
conversion: delivery_to_return
label: {zh: 下推退货, en: Take back goods}
from: delivery
to: sales_return
when: "state = 'posted'"
header: {warehouse: warehouse}
each: lines
into: lines
lines: {item: item, unit: unit}
quantity: {source: quantity, target: quantity}
"""

ROLES = """
schema: 1
role: storekeeper
label: {zh: 仓管员, en: Storekeeper}
grants:
  goods_receipt: {actions: [read, create, edit, post], fields: {lines.price: none}, default: write}
  delivery: {actions: [read, create, edit, post], default: write, fields: {lines.price: none}}
  sales_order: {actions: [read], default: read, fields: {lines.price: none, lines.amount: none, amount: none}}
  item: {actions: [read], default: read}
  partner: {actions: [read], default: read}
"""

ALL = (
    UNIT, PLACE, ITEM, PARTNER, RECEIPT, ORDER, DELIVERY, RETURN, WAGE, TO_DELIVERY, TO_RETURN, ROLES,
)  # fmt: skip
