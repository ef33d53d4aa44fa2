"""Why a record is refused. Permission has its own errors (`records.access.errors`)."""

from zhangshi.base.errors import ErrorCode, Language, Word, ZhangshiError
from zhangshi.ledger.model import LocationKind

INVALID = ErrorCode(
    "records.invalid",
    "单据有 {count} 处不符合要求,没有保存。第一处:{first_zh}",
    "The document has {count} problems and was not saved. The first: {first_en}",
)
UNKNOWN_ENTITY = ErrorCode(
    "records.unknown_entity",
    "没有“{entity}”这种单据或档案。请核对名称,或先发布它的定义。",
    'There is no entity "{entity}". Check the name, or publish its definition first.',
)
UNKNOWN_CONVERSION = ErrorCode(
    "records.unknown_conversion",
    "没有“{conversion}”这个下推。请核对名称,或先发布它的定义。",
    'There is no conversion "{conversion}". Check the name, or publish its definition first.',
)
UNKNOWN_FILL = ErrorCode(
    "records.unknown_fill",
    "“{entity}”没有“{fill}”这个带出。请刷新页面后重选。",
    '"{entity}" has no fill "{fill}". Reload the page and choose again.',
)
UNKNOWN_TRANSITION = ErrorCode(
    "records.unknown_transition",
    "“{entity}”没有“{transition}”这个操作。请刷新页面后重选。",
    '"{entity}" has no transition "{transition}". Reload the page and choose again.',
)
NOT_IN_STATE = ErrorCode(
    "records.not_in_state",
    "{number} 现在是“{state}”,不能“{transition}”。请刷新后看可以做什么。",
    '{number} is in state "{state}", which does not allow "{transition}". Reload it to see what can be done.',
)
AUTOMATIC = ErrorCode(
    "records.automatic",
    "“{transition}”由系统在条件满足时自动完成,不能手工操作。无须操作。",
    '"{transition}" is made by the system when its conditions are met; nobody presses it. Nothing to do.',
)
CHANGED_MEANWHILE = ErrorCode(
    "records.changed_meanwhile",
    "{number} 已被别人改过(您的版本 {version},现在 {current})。请刷新后在新内容上再改。",
    "{number} was changed by somebody else (your version {version}, now {current}). Reload it and change it again.",
)
UNKNOWN_FIELD = ErrorCode(
    "records.unknown_field",
    "没有“{field}”这个字段。请去掉它,或核对字段名。",
    'There is no field "{field}". Leave it out, or check its name.',
)
BAD_VALUE = ErrorCode(
    "records.bad_value",
    "{label} 的值不对:这里要填{wanted}。",
    "{label} has a wrong value: {wanted} is wanted here.",
)
BAD_TABLE = ErrorCode(
    "records.bad_table",
    "“{label}”要的是一张明细表(一行一行的列表)。请检查传入的内容。",
    '"{label}" wants a list of rows. Check what is sent.',
)
UNKNOWN_ROW = ErrorCode(
    "records.unknown_row",
    "“{label}”里没有编号为 {id} 的行,或同一行出现了两次。请刷新后再改。",
    '"{label}" has no row with id {id}, or the row is named twice. Reload the document and change it again.',
)
REQUIRED = ErrorCode(
    "records.required",
    "{label} 还没有填。请填写后再保存。",
    "{label} is empty. Fill it in and save again.",
)
NOT_AN_OPTION = ErrorCode(
    "records.not_an_option",
    "{label} 不能是“{value}”。请从列表里选一个在用的选项。",
    '{label} cannot be "{value}". Choose one of the options in use.',
)
NOT_LINKED = ErrorCode(
    "records.not_linked",
    "{label}:找不到“{value}”。请从列表里重选,或先建立它。",
    '{label}: there is no "{value}". Choose one from the list, or create it first.',
)
NOT_CHOOSABLE = ErrorCode(
    "records.not_choosable",
    "{label} 这里不能选“{value}”。请从列表里另选一个。",
    '{label} cannot be "{value}" here. Choose another one from the list.',
)
TOO_SMALL = ErrorCode(
    "records.too_small",
    "{label} 是 {value},不能小于 {limit}。请改大。",
    "{label} is {value}; it must be at least {limit}.",
)
TOO_LARGE = ErrorCode(
    "records.too_large",
    "{label} 是 {value},不能大于 {limit}。请改小。",
    "{label} is {value}; it must be at most {limit}.",
)
TOO_LONG = ErrorCode(
    "records.too_long",
    "{label} 有 {length} 个字,最多 {limit} 个。请缩短。",
    "{label} has {length} characters; at most {limit} are allowed. Shorten it.",
)
BAD_PATTERN = ErrorCode(
    "records.bad_pattern",
    "{label} 的格式不对(“{value}”)。请按规定的格式填写:{pattern}",
    '{label} does not have the right form ("{value}"). Write it like this: {pattern}',
)
TOO_FEW_ROWS = ErrorCode(
    "records.too_few_rows",
    "“{label}”至少要 {limit} 行,现在有 {count} 行。请补上。",
    '"{label}" needs at least {limit} rows and has {count}. Add the missing ones.',
)
TOO_MANY_ROWS = ErrorCode(
    "records.too_many_rows",
    "“{label}”最多 {limit} 行,现在有 {count} 行。请拆成几张单据。",
    '"{label}" takes at most {limit} rows and has {count}. Split the document.',
)
NOT_UNIQUE = ErrorCode(
    "records.not_unique",
    "{label}“{value}”已经有了,不能重复。请改成别的。",
    '{label} "{value}" exists already and must be unique. Choose another one.',
)
REPEATED_ROW = ErrorCode(
    "records.repeated_row",
    "{label} 和第 {other} 行重复。请合并或修改。",
    "{label} repeats row {other}. Join the two rows or change one.",
)
FORMULA_FAILED = ErrorCode(
    "records.formula_failed",
    "{label} 的公式算不出来:{reason_zh}请检查它用到的字段。",
    "The formula of {label} has no answer: {reason_en} Check the fields that it uses.",
)
LOCKED = ErrorCode(
    "records.locked",
    "{label} 在当前状态“{state}”下不能改。请先反审核,或保持原值。",
    '{label} cannot be changed in state "{state}". Take the document back first, or leave the value as it was.',
)
READ_ONLY = ErrorCode(
    "records.read_only",
    "{label} 由系统填写,不能手工改。请保持原值。",
    "{label} is filled in by the system and cannot be changed by hand. Leave the value as it was.",
)
CONSTRAINT = ErrorCode("records.constraint", "{zh}", "{en}")
NUMBER_NOT_MANUAL = ErrorCode(
    "records.number_not_manual",
    "“{entity}”的编号由系统产生,不能手工填写。请留空。",
    'The number of "{entity}" is made by the system and cannot be typed. Leave it empty.',
)
NUMBER_NO_CODE = ErrorCode(
    "records.number_no_code",
    "编号规则里没有“{code}”对应的代码。请在编号规则里补上,或改选别的值。",
    'The number rule has no code for "{code}". Add one to the rule, or choose another value.',
)
GAPLESS = ErrorCode(
    "records.gapless",
    "{number} 的编号必须连号,不能删除。请作废它。",
    "{number} belongs to a gapless series and cannot be deleted. Cancel it instead.",
)
IN_USE = ErrorCode(
    "records.in_use",
    "{number} 已被“{entity}”使用,不能删除。请停用它,或先删除那些单据。",
    '{number} is used by "{entity}" and cannot be deleted. Retire it, or delete what uses it first.',
)
HAS_POSTINGS = ErrorCode(
    "records.has_postings",
    "{number} 已经记过库存账,账要留痕,不能删除。请反审核后作废它。",
    "{number} has been in the stock ledger, which keeps its trace, and cannot be deleted. Take it back and cancel it.",
)
STANDS_ON = ErrorCode(
    "records.stands_on",
    "{number} 不能反审核或作废:下游还有 {documents_zh}。请先处理它们。",
    "{number} cannot be taken back: {documents_en} stand on it. Take those back first.",
)
OVER_CONVERTED = ErrorCode(
    "records.over_converted",
    "{number} 第 {place} 行可下推 {open},本次 {wanted},超出了允许的范围。请改小数量。",
    "Row {place} of {number} has {open} open and {wanted} is wanted, more than is allowed. Take less.",
)
NOTHING_OPEN = ErrorCode(
    "records.nothing_open",
    "{number} 没有可以下推的内容:已全部下推,或状态不允许。请核对来源单据。",
    "{number} has nothing left to convert, or its state does not allow it. Check the source document.",
)
NOT_CONVERTIBLE = ErrorCode(
    "records.not_convertible",
    "{number} 现在不能用“{conversion}”下推。请看它的状态和条件。",
    '{number} cannot be converted by "{conversion}" now. Look at its state and conditions.',
)
NOT_COMBINABLE = ErrorCode(
    "records.not_combinable",
    "这些来源的“{field}”不同,不能合成一张。请分开下推。",
    'The sources differ in "{field}" and cannot become one document. Convert them one by one.',
)
ONE_ROW_ONLY = ErrorCode(
    "records.one_row_only",
    "“{conversion}”一次只能下推一行,现在选了 {count} 行。请逐行下推。",
    '"{conversion}" converts one row at a time and {count} were chosen. Convert them one by one.',
)
BAD_SOURCE = ErrorCode(
    "records.bad_source",
    "来源行 {id} 不存在,或不属于这个下推。请重新从来源单据下推。",
    "The source row {id} does not exist, or does not belong to this conversion. Convert from the source again.",
)
BELOW_CONVERTED = ErrorCode(
    "records.below_converted",
    "第 {position} 行已下推 {converted},数量不能改成 {wanted},也不能删除。请先处理下游单据。",
    "Row {position} has been converted with {converted}; it cannot become {wanted} or be removed. Change what follows "
    "first.",
)
NO_PLACE = ErrorCode(
    "records.no_place",
    "没有(或不止一个)“{kind}”类型的往来库位。请在库位档案里各建一个。",
    'There is no location of kind "{kind}", or more than one. Keep exactly one of them in the locations.',
)
NO_PLAYER = ErrorCode(
    "records.no_player",
    "没有档案担任“{role}”,不能过账。请在定义里指定。",
    'No entity plays "{role}", so nothing can be posted. Name one in the definitions.',
)
NO_ORIGIN = ErrorCode(
    "records.no_origin",
    "第 {row} 行没有来源({conversion})的过账记录。请从来源单据下推。",
    "Row {row} has no posted origin ({conversion}). Convert it from its source.",
)
BAD_POSTING = ErrorCode(
    "records.bad_posting",
    "过账时第 {row} 行的“{param}”是空的或不对。请检查单据内容。",
    'Row {row}: "{param}" is empty or wrong, so the posting cannot be made. Check the document.',
)
CANNOT_UNDO = ErrorCode(
    "records.cannot_undo",
    "不能撤销对“{entity}”{number} 的影响:它后来又变过。请先把它改回来。",
    'The effect on "{entity}" {number} cannot be undone: it has changed since. Put it back first.',
)
UNKNOWN_PERSON = ErrorCode(
    "records.unknown_person",
    "{label}:没有这个{wanted}(“{value}”)。请从列表里重选。",
    '{label}: there is no such {wanted} ("{value}"). Choose one from the list.',
)
UNKNOWN_LOT = ErrorCode(
    "records.unknown_lot",
    "第 {row} 行的批号“{lot}”不存在。请扫描或选择在库的批号。",
    'Row {row}: there is no lot "{lot}". Scan or choose a lot that is in stock.',
)
_KINDS = {
    LocationKind.SUPPLIER: "供应商", LocationKind.CUSTOMER: "客户", LocationKind.PRODUCTION: "生产在制",
    LocationKind.TRANSIT: "在途", LocationKind.ADJUSTMENT: "盘点差异", LocationKind.SCRAP: "报废",
}  # fmt: skip


def kind_word(kind: LocationKind) -> Word:
    """Return what people call a kind of place."""
    return Word(kind.value, _KINDS.get(kind, kind.value))


class PostingRefused(ZhangshiError):
    """A refusal of the stock ledger with the row it is about: the ledger's code and facts, and `row`."""

    def __init__(self, refused: ZhangshiError, *, row: int) -> None:
        self.refused = refused
        super().__init__(refused.error_code, **refused.facts)
        self.facts["row"] = row
        self._row = row

    def message(self, language: Language = "zh") -> str:
        """Return the ledger's sentence with the row before it."""
        said = self.refused.message(language)
        return f"第 {self._row} 行:{said}" if language == "zh" else f"Row {self._row}: {said}"
