"""Why the ledger refuses: every code, in order of precedence.

When a command breaks several rules, the one that stands first here is the answer, whichever line broke it; of
two lines that break the same rule the earlier one is named. docs/reference/refusals.md has a section for each.
"""

from zhangshi.base.errors import ErrorCode, Word

NOT_OPEN = ErrorCode(
    "ledger.not_open",
    "账套还没有启用库存账。请先运行 zhangshi init。",
    "The stock ledger of this company is not open yet. Run zhangshi init first.",
)
EMPTY_POSTING = ErrorCode(
    "ledger.empty_posting",
    "单据没有明细行。请至少填写一行。",
    "The document has no lines. Enter at least one.",
)
TOO_MANY_LINES = ErrorCode(
    "ledger.too_many_lines",
    "单据有 {lines} 行,一次最多过账 {lines_max} 行。请拆成几张单据。",
    "The document has {lines} lines; one posting takes at most {lines_max}. Split it into several documents.",
)
ORDER_REQUIRED = ErrorCode(
    "ledger.order_required",
    "{command}没有填写工单,投料去向和在制品金额都无从查起。请填写工单。",
    "A posting of kind {command} needs a work order: without one nobody can tell what the material went into, nor "
    "what the work in progress is worth. Name the order.",
)
UNKNOWN_POSTING = ErrorCode(
    "ledger.unknown_posting",
    "找不到过账记录 {posting} 的第 {line} 行。请核对来源单据。",
    "There is no line {line} of posting {posting}. Check the document it refers to.",
)
NOT_REVERSIBLE = ErrorCode(
    "ledger.not_reversible",
    "过账记录 {posting} 是“{command}”,不能冲销。冲销错了请重新过账,期末调整请用反结账。",
    "Posting {posting} is a {command} and cannot be reversed. Post the document again, or reopen the period.",
)
ALREADY_REVERSED = ErrorCode(
    "ledger.already_reversed",
    "过账记录 {posting} 已经冲销过,不能再冲一次。无须操作;若冲错了请重新过账。",
    "Posting {posting} has been reversed already; it cannot be reversed twice. Nothing to do; if the reversal was a "
    "mistake, post the document again.",
)
USED_DOWNSTREAM = ErrorCode(
    "ledger.used_downstream",
    "过账记录 {posting} 第 {line} 行的 {used} 已被后续单据(签收、退货或完工)使用。请先冲销后续单据。",
    "{used} of line {line} of posting {posting} stands under later documents (signed, returned or produced). "
    "Reverse those first.",
)
UNKNOWN_ITEM = ErrorCode(
    "ledger.unknown_item",
    "物料 {item} 没有登记到库存账。请先保存物料档案。",
    "Item {item} is not registered with the stock ledger. Save the item first.",
)
UNKNOWN_LOCATION = ErrorCode(
    "ledger.unknown_location",
    "库位 {location} 不存在。请重新选择仓库或库位。",
    "Location {location} does not exist. Choose another warehouse or bin.",
)
LOCATION_CLOSED = ErrorCode(
    "ledger.location_closed",
    "库位 {location} 已停用,不能再收货。请换一个库位,或重新启用它。",
    "Location {location} is closed and takes no more goods. Choose another one, or open it again.",
)
WRONG_LOCATION = ErrorCode(
    "ledger.wrong_location",
    "库位 {location} 是“{kind}”,这一步需要“{wanted}”。请重新选择。",
    "Location {location} is a {kind}; this step needs {wanted}. Choose another one.",
)
SAME_PLACE = ErrorCode(
    "ledger.same_place",
    "调出和调入是同一个库位 {location}、同一状态,没有东西移动。请改其中一个。",
    "Goods would move from location {location} to itself in the same status. Change one of the two.",
)
OTHER_WAREHOUSE = ErrorCode(
    "ledger.other_warehouse",
    "库位 {location} 和 {to_location} 不在同一个仓库。跨仓请用调拨单(发出、签收)。",
    "Locations {location} and {to_location} are in different warehouses. Use a transfer (ship, then sign).",
)
LOT_REQUIRED = ErrorCode(
    "ledger.lot_required",
    "物料 {item} 按批次或序列号管理,必须填写批号。请扫描或选择批号。",
    "Item {item} is tracked by lot or serial number. Scan or choose the lot.",
)
LOT_NOT_TRACKED = ErrorCode(
    "ledger.lot_not_tracked",
    "物料 {item} 不按批次管理,不能填写批号 {lot}。请清空批号。",
    "Item {item} is not tracked by lot, so lot {lot} cannot be given. Leave the lot empty.",
)
UNKNOWN_LOT = ErrorCode(
    "ledger.unknown_lot",
    "物料 {item} 没有批号 {lot}。请核对批号,或先登记新批次。",
    "Item {item} has no lot {lot}. Check the lot, or register it first.",
)
QUANTITY_NOT_POSITIVE = ErrorCode(
    "ledger.quantity_not_positive",
    "物料 {item} 的数量是 {quantity},必须大于零(盘点差异不能为零)。请填写数量。",
    "The quantity of item {item} is {quantity}; it must be above zero (a count difference must not be zero).",
)
QUANTITY_STEP = ErrorCode(
    "ledger.quantity_step",
    "物料 {item} 的数量 {quantity} 不是 {step} 的整数倍。请改数量。",
    "Quantity {quantity} of item {item} is not a multiple of {step}. Change the quantity.",
)
SERIAL_QUANTITY = ErrorCode(
    "ledger.serial_quantity",
    "物料 {item} 按序列号管理,每个序列号只能是 1 个,现在是 {quantity}。请每个序列号填一行。",
    "Item {item} has serial numbers: each line holds exactly 1, not {quantity}. Enter one line a serial number.",
)
COST_NEGATIVE = ErrorCode(
    "ledger.cost_negative",
    "物料 {item} 的单价或金额小于零。请填写零或正数。",
    "The cost of item {item} is below zero. Enter zero or more.",
)
COST_REQUIRED = ErrorCode(
    "ledger.cost_required",
    "物料 {item} 没有单价。收货和完工必须有单价或金额。",
    "Item {item} has no cost. A receipt or a finished product needs a unit cost or an amount.",
)
NOTHING_TO_REVALUE = ErrorCode(
    "ledger.nothing_to_revalue",
    "物料 {item} 无法调价:没有库存、金额没有变化、调后金额小于零,或标准成本用在了非标准成本物料上。"
    "标准成本物料请填新的标准成本,其它物料请填金额变化。",
    "Item {item} cannot be revalued: it has no stock, the value would not change or would fall below zero, or "
    "standard cost (and only that) belongs to items valued at standard cost. Enter a new standard cost for those, a "
    "change of value for others.",
)
STATUS_NOT_ALLOWED = ErrorCode(
    "ledger.status_not_allowed",
    "“{command}”不能使用状态“{status}”的货(物料 {item})。请先办理状态变更或选择别的状态。",
    "{command} cannot use goods in status {status} (item {item}). Change their status first, or choose another.",
)
STATUS_CHANGE_NOT_ALLOWED = ErrorCode(
    "ledger.status_change_not_allowed",
    "不能从“{from_status}”直接变为“{to_status}”(物料 {item})。不合格品须重新检验后才能转为可用。",
    "Goods cannot go from {from_status} to {to_status} (item {item}). Rejected goods become available only "
    "through a new inspection.",
)
DATE_IN_FUTURE = ErrorCode(
    "ledger.date_in_future",
    "业务日期 {effective_on} 晚于今天 {today}。请改日期。",
    "The business date {effective_on} is after today, {today}. Change the date.",
)
PERIOD_CLOSED = ErrorCode(
    "ledger.period_closed",
    "业务日期 {effective_on} 已结账或锁定(截至 {locked_through_on})。请改日期,或由会计反结账。",
    "The business date {effective_on} is closed or locked (through {locked_through_on}). Change the date, or ask "
    "the accountant to reopen the period.",
)
LOT_EXPIRED = ErrorCode(
    "ledger.lot_expired",
    "物料 {item} 批号 {lot} 已于 {expires_on} 过期,不能出库。请换批次,或由有权限的人说明理由后放行。",
    "Lot {lot} of item {item} expired on {expires_on} and cannot go out. Take another lot, or have somebody who "
    "may release it with a reason.",
)
RESERVATION_CLOSED = ErrorCode(
    "ledger.reservation_closed",
    "预留 {reservation} 不存在、已释放或已用完。请重新预留。",
    "Reservation {reservation} does not exist, was released, or is used up. Reserve again.",
)
RESERVATION_MISMATCH = ErrorCode(
    "ledger.reservation_mismatch",
    "预留 {reservation} 是为物料 {reserved_item} 做的,不能用于物料 {item}。请选择这一行自己的预留。",
    "Reservation {reservation} holds item {reserved_item}; it cannot serve item {item}. Choose the "
    "line's own reservation.",
)
EXCEEDS_RESERVATION = ErrorCode(
    "ledger.exceeds_reservation",
    "预留 {reservation} 只剩 {available},这一行要 {wanted}。请减少数量,或另开一行不用预留。",
    "Reservation {reservation} has {available} left; the line wants {wanted}. Take less, or add a line without it.",
)
ORIGIN_MISMATCH = ErrorCode(
    "ledger.origin_mismatch",
    "来源 {posting} 第 {line} 行与物料 {item} 或批号 {lot} 不符,或不是这种业务的来源。请核对。",
    "Line {line} of posting {posting} does not fit item {item}, lot {lot}, or this kind of document. Check it.",
)
EXCEEDS_ORIGIN = ErrorCode(
    "ledger.exceeds_origin",
    "来源 {posting} 第 {line} 行还剩 {available} 可退或可签收,这一行要 {wanted}。请减少数量。",
    "Line {line} of posting {posting} has {available} left to return or sign for; the line wants {wanted}. Take less.",
)
EXCEEDS_CONSUMED = ErrorCode(
    "ledger.exceeds_consumed",
    "工单 {order} 的物料 {item} 批号 {lot} 可用投料只有 {available},需要 {wanted}。请核对领料。",
    "Order {order} has only {available} of item {item}, lot {lot} that no output accounts for; {wanted} is wanted. "
    "Check what was issued to it.",
)
SERIAL_IN_STOCK = ErrorCode(
    "ledger.serial_in_stock",
    "序列号 {lot}(物料 {item})已经在库位 {location}。请核对扫码,不能重复入库。",
    "Serial {lot} of item {item} is in stock already, at location {location}. Check the scan.",
)
INSUFFICIENT_STOCK = ErrorCode(
    "ledger.insufficient_stock",
    "库存不足:物料 {item} 在库位 {location} 批号 {lot} 状态 {status} 只有 {available},需要 {wanted},缺 {missing}。"
    "请换库位或批次、减少数量,或先补录入库单。",
    "Not enough stock: item {item} at location {location}, lot {lot}, status {status} has {available}, "
    "{wanted} is wanted, {missing} is missing. Take less or from elsewhere, or post the missing receipt first.",
)
RESERVED_FOR_OTHERS = ErrorCode(
    "ledger.reserved_for_others",
    "物料 {item} 在库位 {location} 有 {quantity},其中 {reserved} 已被预留,可用 {available},需要 {wanted}。"
    "请减少数量或释放预留。",
    "Item {item} at location {location} has {quantity}, of which {reserved} is reserved: {available} is free, "
    "{wanted} is wanted. Take less or release a reservation.",
)
INSUFFICIENT_TO_RESERVE = ErrorCode(
    "ledger.insufficient_to_reserve",
    "物料 {item} 在仓库 {location} 可预留 {available},需要 {wanted},缺 {missing}。请减少数量,或允许部分预留。",
    "Item {item} has {available} free to reserve in {location}; {wanted} is wanted, {missing} is missing. Reserve "
    "less, or allow a part.",
)
ITEM_IN_USE = ErrorCode(
    "ledger.item_in_use",
    "物料 {item} 已有库存变动,不能再改计价方法、批次管理或最小数量。请先清空库存并换新物料编码。",
    "Item {item} has moves already: its costing, tracking and step can no longer change. Use a new item.",
)
LOCATION_IN_USE = ErrorCode(
    "ledger.location_in_use",
    "库位 {location} 或其下级还有库存(或负库存),不能改类型、上级、负库存设置或停用。请先移走或补齐;"
    "供应商、客户、在途等往来位置的类型不能改,请新建一个。",
    "Location {location} or one below it holds stock (or is below zero): it cannot change kind or parent, be closed, "
    "or forbid negative stock. Clear it first. The kind of a counterparty or transit place never changes: make a new "
    "one.",
)
BAD_TREE = ErrorCode(
    "ledger.bad_tree",
    "库位 {location} 不能放在 {parent} 下面:仓库下放库区和库位,库区下放库位,其它位置没有上级。请改上级或类型。",
    "Location {location} cannot stand under {parent}: zones and bins stand in a warehouse, bins in a zone, others "
    "at the root. Change its parent or its kind.",
)
LOT_CODE_TAKEN = ErrorCode(
    "ledger.lot_code_taken",
    "物料 {item} 已有批号“{code}”,登记的日期或供应商批号不同。请核对或换一个批号。",
    'Item {item} has a lot "{code}" already, with other dates or supplier lot. Check it or use another code.',
)
PERIOD_ORDER = ErrorCode(
    "ledger.period_order",
    "期间 {period} 不能{action}:只能按顺序结账,只能反结最后一个已结期间(最近已结:{last_closed})。",
    "Period {period} cannot be changed this way ({action}): periods close in order, and only the last closed one "
    "(now: {last_closed}) can be reopened.",
)
PERIOD_NOT_OVER = ErrorCode(
    "ledger.period_not_over",
    "期间 {period} 要到 {ends_on} 才结束,今天是 {today},还不能结账。请等到月末之后;现在就要停止过账请用锁账。",
    "Period {period} ends on {ends_on}; today is {today}. It cannot be closed yet. Wait for its end, or lock "
    "through a date.",
)

PRECEDENCE: tuple[ErrorCode, ...] = (
    NOT_OPEN, EMPTY_POSTING, TOO_MANY_LINES, ORDER_REQUIRED, UNKNOWN_POSTING, NOT_REVERSIBLE, ALREADY_REVERSED,
    USED_DOWNSTREAM, UNKNOWN_ITEM, UNKNOWN_LOCATION, LOCATION_CLOSED, WRONG_LOCATION, SAME_PLACE, OTHER_WAREHOUSE,
    LOT_REQUIRED, LOT_NOT_TRACKED, UNKNOWN_LOT, QUANTITY_NOT_POSITIVE, QUANTITY_STEP, SERIAL_QUANTITY, COST_NEGATIVE,
    COST_REQUIRED,
    NOTHING_TO_REVALUE, STATUS_NOT_ALLOWED, STATUS_CHANGE_NOT_ALLOWED, DATE_IN_FUTURE, PERIOD_CLOSED, LOT_EXPIRED,
    RESERVATION_CLOSED, RESERVATION_MISMATCH, EXCEEDS_RESERVATION, ORIGIN_MISMATCH, EXCEEDS_ORIGIN, EXCEEDS_CONSUMED,
    SERIAL_IN_STOCK, INSUFFICIENT_STOCK, RESERVED_FOR_OTHERS, INSUFFICIENT_TO_RESERVE, ITEM_IN_USE, LOCATION_IN_USE,
    BAD_TREE, LOT_CODE_TAKEN, PERIOD_ORDER, PERIOD_NOT_OVER,
)  # fmt: skip

RANK: dict[str, int] = {error_code.code: rank for rank, error_code in enumerate(PRECEDENCE)}

WORDS: dict[str, str] = {
    # statuses
    "available": "可用", "inspection": "待检", "rejected": "不合格", "hold": "冻结", "outside": "账外",
    # kinds of location
    "warehouse": "仓库", "zone": "库区", "bin": "库位", "transit": "在途", "supplier": "供应商", "customer": "客户",
    "production": "生产", "adjustment": "盘点与差异", "scrap": "报废",
    # commands; `scrap` is above
    "receive": "收货", "issue": "出库", "transfer_ship": "调拨发出", "transfer_sign": "调拨签收", "put_away": "上架",
    "change_status": "状态变更", "consume": "领料", "produce": "完工入库", "return_in": "退货入库",
    "return_out": "退货出库", "adjust": "盘点调整", "revalue": "调价", "reverse": "冲销",
    "settle_period": "期末加权平均调整", "unsettle_period": "期末加权平均调整的冲回",
    # what is done to a period
    "lock": "锁账", "close": "结账", "reopen": "反结账",
}  # fmt: skip
"""The ledger's words that sentences show, and how a Chinese sentence says them; see docs/glossary.md."""


def word(text: str) -> Word:
    """Return `text` as a fact that a Chinese sentence says in Chinese; several words are joined by " / "."""
    return Word(str(text), " / ".join(WORDS.get(part, part) for part in text.split(" / ")))
