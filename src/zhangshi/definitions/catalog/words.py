"""Names that need not be written: well-known states, transitions and fields, and the system's own fields."""

from collections.abc import Mapping


def _words(text: str) -> Mapping[str, tuple[str, str]]:
    """Read lines of `key 中文 English`."""
    found: dict[str, tuple[str, str]] = {}
    for line in text.strip().splitlines():
        key, zh, en = line.split(maxsplit=2)
        found[key] = (zh, en)
    return found


SYSTEM_HEADER = _words("""
id 内部号 Id
number 编号 Number
state 状态 State
version 版次 Version
created_at 制单时间 Created at
created_by 制单人 Created by
updated_at 修改时间 Changed at
updated_by 修改人 Changed by
owner 负责人 Owner
department 部门 Department
""")
"""Fields that every header has."""

SYSTEM_ROW = _words("""
id 行内部号 Row id
row 行号 Row
""")
"""Fields that every row of a line table has."""

STATES = _words("""
draft 草稿 Draft
submitted 已提交 Submitted
approving 审批中 Being approved
approved 已审核 Approved
rejected 已驳回 Rejected
confirmed 已确认 Confirmed
planned 已计划 Planned
released 已下达 Released
started 已开工 Started
in_progress 进行中 In progress
paused 已暂停 Paused
posted 已过账 Posted
issued 已出库 Issued
received 已收货 Received
arrived 已到货 Arrived
inspected 已检验 Inspected
reported 已报工 Reported
completed 已完成 Completed
finished 已完工 Finished
shipped 已发出 Shipped
signed 已签收 Signed
delivered 已交货 Delivered
returned 已退回 Returned
counted 已盘点 Counted
adjusted 已调整 Adjusted
invoiced 已开票 Invoiced
settled 已核销 Settled
paid 已付款 Paid
open 未结 Open
active 生效 Active
inactive 停用 Inactive
expired 已过期 Expired
obsolete 已失效 Obsolete
published 已发布 Published
scrapped 已报废 Scrapped
closed 已关闭 Closed
cancelled 已作废 Cancelled
""")

TRANSITIONS = _words("""
submit 提交 Submit
withdraw 撤回 Withdraw
approve 审核 Approve
unapprove 反审核 Take back
reject 驳回 Reject
confirm 确认 Confirm
unconfirm 取消确认 Take back
plan 排产 Plan
release 下达 Release
unrelease 取消下达 Take back
start 开工 Start
pause 暂停 Pause
resume 继续 Resume
post 过账 Post
unpost 反审核 Take back
issue 出库 Issue
unissue 反出库 Take back
receive 收货 Receive
unreceive 反收货 Take back
arrive 到货 Arrive
inspect 检验 Inspect
uninspect 反检验 Take back
report 报工 Report
complete 完成 Complete
finish 完工 Finish
ship 发出 Ship
unship 撤销发出 Take back
sign 签收 Sign
unsign 撤销签收 Take back
deliver 交货 Deliver
return 退回 Return
count 盘点 Count
adjust 调整 Adjust
invoice 开票 Invoice
settle 核销 Settle
unsettle 反核销 Take back
pay 付款 Pay
take_back 反审核 Take back
activate 启用 Activate
deactivate 停用 Deactivate
publish 发布 Publish
scrap 报废 Scrap
reopen 重新打开 Open again
close 关闭 Close
cancel 作废 Cancel
""")

FIELDS = _words("""
name 名称 Name
code 编码 Code
date 日期 Date
item 物料 Item
category 类别 Category
spec 规格 Specification
unit 单位 Unit
quantity 数量 Quantity
price 单价 Price
amount 金额 Amount
discount 折扣 Discount
tax_rate 税率 Tax rate
tax 税额 Tax
currency 币种 Currency
unit_cost 单位成本 Unit cost
cost 成本 Cost
lot 批号 Lot
supplier_lot 供应商批号 Supplier lot
produced_on 生产日期 Produced on
expires_on 到期日 Expires on
warehouse 仓库 Warehouse
location 库位 Location
from_location 发出库位 From
to_location 收入库位 To
status 质量状态 Quality status
customer 客户 Customer
supplier 供应商 Supplier
partner 往来单位 Partner
contact 联系人 Contact
phone 电话 Phone
address 地址 Address
employee 员工 Employee
buyer 采购员 Buyer
due_on 交期 Due on
remark 备注 Remark
note 备注 Note
reason 原因 Reason
attachments 附件 Attachments
active 启用 Active
on_hand 现存量 On hand
available 可用量 Available
drawing_no 图号 Drawing no.
sales_order 销售订单 Sales order
purchase_order 采购订单 Purchase order
work_order 工单 Work order
approved_by 审核人 Approved by
approved_at 审核时间 Approved at
posted_by 过账人 Posted by
posted_at 过账时间 Posted at
""")

LINES = ("明细", "Lines")
DOCUMENT_NUMBER = ("单号", "No.")
MASTER_NUMBER = ("编码", "Code")
RESERVED_FIELDS = frozenset(SYSTEM_HEADER) | frozenset(SYSTEM_ROW) | frozenset({"parent", "true", "false", "lines"})
"""Keys that no field may have: in a scope they mean something else."""
STANDARD_ACTIONS = ("read", "create", "edit", "delete", "export", "import", "print", "comment", "attach")
"""Actions of every entity that a grant may name, besides its transitions."""
