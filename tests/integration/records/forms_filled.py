"""Forms whose rows come from other records (明细带出), from effects, or are limited by what others took."""

RECIPE = """
schema: 1
entity: recipe
kind: master
label: {zh: 配方, en: Recipe}
title: name
fields:
  name: {type: text, required: true, label: {zh: 名称, en: Name}}
  item: {type: link, to: item, label: {zh: 产品, en: Product}}
  base: {type: quantity, default: "1", label: {zh: 基准, en: Base}}
lines:
  component: {type: link, to: item, required: true, label: {zh: 子件, en: Component}}
  quantity: {type: quantity, label: {zh: 用量, en: Quantity}}
  issued: {type: bool, default: true, label: {zh: 发料, en: Issued}}
"""

JOB = """
schema: 1
entity: job
kind: document
label: {zh: 任务单, en: Job}
number_rule: {parts: [{const: JB}, {counter: {width: 4}}]}
fields:
  item: {type: link, to: item, label: {zh: 产品, en: Product}}
  quantity: {type: quantity, required: true, label: {zh: 数量, en: Quantity}}
  recipe: {type: link, to: recipe, default: {formula: "LOOKUP('recipe', 'id', 'item', item)"},
     label: {zh: 配方, en: Recipe}}
  parts: {type: quantity, formula: "SUM(materials.quantity)", label: {zh: 件数, en: Parts}}
  value: {type: money, formula: "SUM(materials.value)", label: {zh: 金额, en: Value}}
tables:
  materials:
    label: {zh: 用料, en: Materials}
    fields:
      item: {type: link, to: item, required: true, label: {zh: 物料, en: Item}}
      spec: {type: text, lookup: item.spec, label: {zh: 规格, en: Spec}}
      quantity: {type: quantity, required: true, label: {zh: 数量, en: Quantity}}
      price: {type: price, lookup: item.price, label: {zh: 单价, en: Price}}
      value: {type: money, formula: "ROUND(quantity * price, 2)", label: {zh: 金额, en: Value}}
  notes:
    label: {zh: 说明, en: Notes}
    fields:
      text: {type: text, label: {zh: 内容, en: Text}}
fills:
  - key: materials
    label: {zh: 带出用料, en: Materials from the recipe}
    into: materials
    source: recipe
    table: lines
    where: issued
    values: {item: component, quantity: "parent.quantity * quantity / base"}
lifecycle:
  states: {draft: {editable: true}, released: {editable: [quantity]}, cancelled: {cancelled: true}}
  transitions:
    release: {from: draft, to: released}
    reopen: {from: released, to: draft}
    cancel: {from: draft, to: cancelled}
"""

ORDER_TO_JOB = """
schema: 1
conversion: order_to_job
label: {zh: 下推任务, en: Make}
from: sales_order
to: job
each: lines
into: ""
lines: {item: item}
quantity: {source: quantity, target: quantity}
"""

WISH = """
schema: 1
entity: wish
kind: document
label: {zh: 申请, en: Wish}
number_rule: {parts: [{const: WI}, {counter: {width: 4}}]}
fields:
  item: {type: link, to: item, label: {zh: 产品, en: Product}}
  quantity: {type: quantity, label: {zh: 数量, en: Quantity}}
lifecycle:
  states: [draft, granted]
  transitions:
    grant: {from: draft, to: granted, effects: [{create: job, values: {item: item, quantity: quantity}}]}
    ungrant: {from: granted, to: draft, takes_back: true}
"""

USE = """
schema: 1
entity: use
kind: document
label: {zh: 领用, en: Use}
fields:
  job: {type: link, to: job, label: {zh: 任务单, en: Job}}
"""

ROLES = """
schema: 1
role: planner
label: {zh: 计划员, en: Planner}
grants:
  job: {actions: [read, create, edit], default: write, fields: {materials.price: none, materials.item: read,
      materials.value: none}}
"""

BILL = """
schema: 1
entity: bill
kind: document
label: {zh: 发票, en: Bill}
number_rule: {parts: [{const: BL}, {counter: {width: 4}}]}
fields:
  amount: {type: money, required: true, label: {zh: 金额, en: Amount}}
  paid: {type: money, rollup: {from: settlement.lines, match: bill, of: amount, states: [posted]},
     label: {zh: 已付, en: Paid}}
  left: {type: money, formula: "amount - paid", stored: false, label: {zh: 未付, en: Left}}
"""

SETTLEMENT = """
schema: 1
entity: settlement
kind: document
label: {zh: 核销单, en: Settlement}
number_rule: {parts: [{const: ST}, {counter: {width: 4}}]}
fields:
  remark: {type: text, label: {zh: 备注, en: Remark}}
lines:
  bill: {type: link, to: bill, required: true, label: {zh: 发票, en: Bill}}
  left: {type: money, formula: "bill.left", stored: false, label: {zh: 未付, en: Left}}
  amount: {type: money, required: true, label: {zh: 金额, en: Amount}}
constraints:
  - {when: "amount > left", each: lines, field: amount, transitions: [post],
     message: {zh: 超过发票未付金额, en: More than the bill has left}}
lifecycle:
  states: [draft, posted]
  transitions:
    post: {from: draft, to: posted}
    unpost: {from: posted, to: draft, takes_back: true}
"""

ALL = (RECIPE, JOB, ORDER_TO_JOB, WISH, USE, ROLES, BILL, SETTLEMENT)
