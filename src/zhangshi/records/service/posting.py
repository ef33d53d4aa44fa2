"""Post what a transition declares: rows become lines of a ledger command, in base units, with their lots and origins.

All values are read first (set-based), then the command is made and given to the stock ledger, which decides. A refusal
that concerns one item is told with the row that holds it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import HEADER, Posting, Transition
from zhangshi.ledger import refusals
from zhangshi.ledger.commands import Origin
from zhangshi.ledger.model import LocationKind
from zhangshi.ledger.service.lots import LotKey, NewLot, find_lots, register_lots
from zhangshi.records import errors
from zhangshi.records._store import facts
from zhangshi.records.service.numbers import business_day
from zhangshi.records.service.units import ratio
from zhangshi.records.service.work import Work
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.commands import COUNTERPARTIES, INCOMING, Given, command_of
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.evaluating import evaluate, holds
from zhangshi.records.writing.world import Pending

_ORIGINS = ("origin", "shipped")


def post(work: Work, document: Document, transition: Transition, posting: Posting) -> None:
    """Make one posting of a transition.

    Raises: records.bad_posting, records.no_place, records.no_origin, records.posting_refused; unit.no_conversion; what
        the ledger refuses of the whole document.
    """
    given = _read(work, document, posting)
    if not given:
        return
    _find_lots(work, posting, given)
    _find_origins(work, document, posting, given)
    places = {name: _place(work, kind) for name, kind in COUNTERPARTIES.get(posting.command, {}).items()}
    if posting.command == "return_in":
        places = {"from": _return_place(work, given)}
    day = next((one.values["on"] for one in given if one.values.get("on")), None) or business_day(work, document)
    command = command_of(
        posting.command, given, places=places, effective_on=day, source_type=document.entity.key, source_id=document.id
    )
    try:
        answer = work.desk.ledger.post(work.uow, command)
    except ZhangshiError as error:
        raise _at_row(error, given) from error
    work.writes.add(facts.INSERT_POSTINGS, (answer.posting_id, document.id, document.entity.key, transition.key))
    for line in answer.lines:
        if line.quantity and line.input_line:
            row = (answer.posting_id, line.line_no, given[line.input_line - 1].line_id)
            work.writes.add(facts.INSERT_MOVES, row)
    document.postings.append(answer.posting_id)


def _read(work: Work, document: Document, posting: Posting) -> list[Given]:
    """Return the parameters of every row that is posted, with the unit's ratio."""
    header = document.header
    rows = [header] if posting.each == HEADER else header.rows.get(posting.each, [])
    found: dict[int, Given | None] = {}
    nothing: list[bool] = []

    def step() -> None:
        try:
            if not holds(posting.when, header):
                nothing[:] = [True]
                return
        except Pending:
            return
        for cells in rows:
            if cells.id not in found:
                try:
                    wanted = holds(posting.where, cells)
                    found[cells.id] = _given(work, posting, cells) if wanted else None
                except Pending:
                    continue

    work.settle(step)
    if nothing:
        return []
    if not rows:
        raise ZhangshiError(refusals.EMPTY_POSTING)
    return [one for cells in rows if (one := found[cells.id]) is not None]


def _given(work: Work, posting: Posting, cells: Cells) -> Given:
    values: dict[str, Any] = {}
    for name, said in posting.params.items():
        if isinstance(said, str):
            values[name] = said
            continue
        try:
            values[name] = evaluate(said, cells)
        except ZhangshiError as error:
            raise ZhangshiError(errors.BAD_POSTING, row=cells.position, param=name) from error
    if "unit" not in values:
        field = cells.plan.entity.table(posting.each).fields.get("unit")
        values["unit"] = cells.get("unit") if field is not None else None
    item = values.get("item")
    if posting.params.get("item") is not None and not isinstance(item, int):
        raise ZhangshiError(errors.BAD_POSTING, row=cells.position, param="item")
    if item is None and "shipped" in values:
        item = _shipped_item(work, cells)
        values["item"] = item
    unit = values["unit"]
    exact = ratio(work, item, unit if isinstance(unit, int) else None) if isinstance(item, int) else 1
    return Given(row=cells.position, line_id=cells.id, values=values, ratio=exact)


def _shipped_item(work: Work, cells: Cells) -> int | None:
    """Return the item of a row whose posting does not name it: its link to the entity that plays `ledger_item`."""
    played = work.catalog.playing("ledger_item")
    for key, target in cells.plan.targets.items():
        if played is not None and target == played[0].key and isinstance(found := cells.get(key), int):
            return found
    return None


def _find_lots(work: Work, posting: Posting, given: Sequence[Given]) -> None:
    """Put the ids of lots in the place of their codes; new ones come into the books with what comes in."""
    named = [one for one in given if one.values.get("lot") and isinstance(one.values.get("item"), int)]
    if not named:
        return
    incoming = [one for one in named if posting.command in INCOMING and not one.is_negative]
    known: dict[LotKey, int] = {}
    if incoming:
        known.update(_registered(work, incoming))
    outgoing = [one for one in named if one not in incoming]
    if outgoing:
        keys: list[LotKey] = [(one.values["item"], one.values["lot"]) for one in outgoing]
        known.update({key: lot.lot_id for key, lot in find_lots(work.session, keys=keys).items()})
    for one in named:
        lot_id = known.get((one.values["item"], one.values["lot"]))
        if lot_id is None:
            raise ZhangshiError(errors.UNKNOWN_LOT, row=one.row, lot=one.values["lot"])
        one.lot_id = lot_id


def _registered(work: Work, given: Sequence[Given]) -> Mapping[LotKey, int]:
    lots = [
        NewLot(
            item_id=one.values["item"],
            code=one.values["lot"],
            produced_on=one.values.get("produced_on"),
            expires_on=one.values.get("expires_on"),
            supplier_lot=one.values.get("supplier_lot") or "",
        )
        for one in given
    ]
    try:
        return {key: lot.lot_id for key, lot in register_lots(work.uow, lots=lots).items()}
    except ZhangshiError as error:
        raise _at_row(error, given) from error


def _find_origins(work: Work, document: Document, posting: Posting, given: Sequence[Given]) -> None:
    """Find the move that the source's row made: what goes back, or is signed for."""
    name = next((one for one in _ORIGINS if one in posting.params), "")
    if not name:
        return
    lines: dict[int, int] = {}
    for one in given:
        link = document.sources.get(one.line_id if posting.each != HEADER else document.id)
        if link is not None and link.conversion == posting.params[name]:
            lines[one.line_id] = link.source_line_id or link.source_id
    rows = work.session.query_rows(facts.MOVES_OF_LINES, [(one,) for one in sorted(set(lines.values()))])
    moves = {row[0]: Origin(posting_id=row[1], line_no=row[2]) for row in rows}
    for one in given:
        one.origin = moves.get(lines.get(one.line_id, 0))
        if one.origin is None and (name == "shipped" or one.line_id in lines):
            raise ZhangshiError(errors.NO_ORIGIN, row=one.row, conversion=str(posting.params[name]))


def _place(work: Work, kind: LocationKind) -> int:
    """Return the only place of a kind. Raises: records.no_place."""
    found = work.desk.ledger.places_of_kind(work.session, kind)
    if len(found) != 1:
        raise ZhangshiError(errors.NO_PLACE, kind=errors.kind_word(kind))
    return found[0]


def _return_place(work: Work, given: Sequence[Given]) -> int:
    """Goods come back from an order where one is named, else from the customer."""
    from_order = any(one.values.get("order") for one in given)
    return _place(work, LocationKind.PRODUCTION if from_order else LocationKind.CUSTOMER)


def _at_row(error: ZhangshiError, given: Sequence[Given]) -> ZhangshiError:
    """Name the row that a refusal is about, by the item it names; the code and the facts stay."""
    item = error.facts.get("item")
    rows = [one for one in given if one.values.get("item") == item]
    if item is None or not rows:
        return error
    return errors.PostingRefused(error, row=rows[0].row)
