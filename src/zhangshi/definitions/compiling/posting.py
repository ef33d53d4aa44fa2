"""Postings on a transition: the command is known, its parameters are there and of the right kind."""

from zhangshi.base.errors import Word
from zhangshi.definitions.catalog import HEADER, Posting
from zhangshi.definitions.compiling.drafts import DraftEntity, Workshop
from zhangshi.definitions.compiling.formulas import condition, formula_text, value_formula
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.references import (
    MISSING_PARAMETER,
    UNKNOWN_COMMAND,
    UNKNOWN_CONVERSION,
    UNKNOWN_PARAMETER,
    WRONG_PARAMETER,
)
from zhangshi.definitions.errors.rules import NO_PLAYER
from zhangshi.definitions.model import lifecycles as written
from zhangshi.definitions.model.texts import FormulaText
from zhangshi.definitions.postings import COMMANDS, PARAMETERS, REVERSE, STATUSES, Command, Kind
from zhangshi.expr import Formula, Type
from zhangshi.expr import Kind as Values

_WANTED: dict[Kind, Word] = {
    Kind.NUMBER: Word("a number", "数值"),
    Kind.TEXT: Word("a text", "文字"),
    Kind.DATE: Word("a date", "日期"),
    Kind.DATETIME: Word("a date and time", "日期时间"),
    Kind.BOOL: Word("yes or no", "是否"),
    Kind.STATUS: Word(
        "a status: available, inspection, rejected, hold", "质量状态:available、inspection、rejected、hold"
    ),
    Kind.ITEM: Word("a link to an item", "关联物料"),
    Kind.LOCATION: Word("a location", "库位"),
    Kind.UNIT: Word("a link to a unit", "关联单位"),
    Kind.ORDER: Word("a link to an order", "关联工单"),
    Kind.PERSON: Word("a person", "人员"),
    Kind.CONVERSION: Word("a conversion that ends at this entity", "以本单据为目标的下推"),
}
_VALUES = {
    Kind.NUMBER: {Values.DECIMAL, Values.INT},
    Kind.TEXT: {Values.TEXT},
    Kind.STATUS: {Values.TEXT},
    Kind.DATE: {Values.DATE},
    Kind.DATETIME: {Values.DATETIME, Values.DATE},
    Kind.BOOL: {Values.BOOL},
    Kind.ITEM: {Values.RECORD},
    Kind.LOCATION: {Values.RECORD},
    Kind.UNIT: {Values.RECORD},
    Kind.ORDER: {Values.RECORD},
    Kind.PERSON: {Values.RECORD, Values.TEXT},
}
_PLAYERS = {Kind.ITEM: "ledger_item", Kind.LOCATION: "ledger_location"}
_NOT_PARAMETERS = {"command", "each", "when", "where"}


def postings(
    workshop: Workshop, spot: Spot, draft: DraftEntity, data: written.Posting | list[written.Posting] | None
) -> tuple[Posting, ...]:
    """Return what the transition posts; `reverse` is no posting but a take-back."""
    if data is None:
        return ()
    placed = [(spot.at(at), one) for at, one in enumerate(data)] if isinstance(data, list) else [(spot, data)]
    made = (_posting(workshop, here, draft, one) for here, one in placed if _known(here, one))
    return tuple(one for one in made if one is not None)


def _known(spot: Spot, one: written.Posting) -> bool:
    if one.command not in COMMANDS:
        spot.at("command").report(UNKNOWN_COMMAND, name=one.command, hint=hint(one.command, COMMANDS))
        return False
    if one.command == REVERSE:
        _check_names(spot, COMMANDS[REVERSE], REVERSE, _given(one))
        return False
    return True


def _given(one: written.Posting) -> dict[str, FormulaText]:
    return {
        field: value
        for field, attribute in zip(one.__struct_encode_fields__, one.__struct_fields__, strict=True)
        if field not in _NOT_PARAMETERS and (value := getattr(one, attribute)) is not None
    }


def _posting(workshop: Workshop, spot: Spot, draft: DraftEntity, one: written.Posting) -> Posting | None:
    command, given = COMMANDS[one.command], _given(one)
    named = {command.aliases.get(name, name): name for name in given}
    _check_names(spot, command, one.command, given)
    each = one.each or ("lines" if "lines" in draft.tables else HEADER)
    if workshop.table(spot.at("each"), draft, each) is None:
        return None
    if "item" in command.known and workshop.player("ledger_item") is None:
        spot.report(NO_PLAYER, role="ledger_item", what=Word("stock postings", "库存记账"))
    place = (draft.key, each)
    params: dict[str, Formula | str] = {}
    for name, as_written in named.items():
        if name in command.known:
            value = _parameter(workshop, spot.at(as_written), draft, place, name, given[as_written])
            if value is not None:
                params[name] = value
    return Posting(
        command=one.command,
        each=each,
        when=condition(workshop, spot.at("when"), one.when, (draft.key, HEADER)),
        where=condition(workshop, spot.at("where"), one.where, place),
        params=params,
    )


def _check_names(spot: Spot, command: Command, name: str, given: dict[str, FormulaText]) -> None:
    allowed = [*command.known, *command.aliases]
    for one in given:
        if one not in allowed:
            spot.at(one).report(
                UNKNOWN_PARAMETER, command=name, zh=command.zh, name=one, hint=hint(one, sorted(allowed))
            )
    said = {command.aliases.get(one, one) for one in given}
    for one in sorted(command.required - said):
        spot.report(MISSING_PARAMETER, command=name, zh=command.zh, name=one)


def _parameter(
    workshop: Workshop, spot: Spot, draft: DraftEntity, place: tuple[str, str], name: str, text: FormulaText
) -> Formula | str | None:
    kind = PARAMETERS[name]
    if kind is Kind.CONVERSION:
        return _conversion(workshop, spot, draft, name, str(text))
    if kind is Kind.STATUS and text in STATUSES:
        return str(text)
    formula = value_formula(workshop, spot, text, place)
    if formula is not None:
        _check_kind(workshop, spot, name, text, formula.type)
    return formula


def _check_kind(workshop: Workshop, spot: Spot, name: str, text: FormulaText, found: Type) -> None:
    kind = PARAMETERS[name]
    if found.kind is Values.EMPTY:
        return
    wrong = found.kind not in _VALUES[kind]
    player = workshop.player(_PLAYERS[kind]) if kind in _PLAYERS else None
    if player is not None and found.kind is Values.RECORD and found.entity:
        wrong = wrong or found.entity != player.key
    if kind is Kind.ORDER and found.entity in workshop.entities:
        wrong = wrong or workshop.entities[found.entity].data.kind != "document"
    if wrong:
        spot.report(WRONG_PARAMETER, name=name, text=formula_text(text), found=_found(found), wanted=_WANTED[kind])


def _found(found: Type) -> Word:
    if found.kind is Values.RECORD and found.entity:
        return Word(f"a link to “{found.entity}”", f"关联“{found.entity}”")
    return found.word


def _conversion(workshop: Workshop, spot: Spot, draft: DraftEntity, name: str, key: str) -> str | None:
    conversion = workshop.conversion(key)
    if conversion is None:
        spot.report(UNKNOWN_CONVERSION, name=key, hint=hint(key, workshop.keys("conversion")))
        return None
    if conversion.target != draft.key:
        found = Word(f"one that ends at “{conversion.target}”", f"到“{conversion.target}”的下推")
        spot.report(WRONG_PARAMETER, name=name, text=key, found=found, wanted=_WANTED[Kind.CONVERSION])
    return key
