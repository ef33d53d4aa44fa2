"""What postings keep beside items: uses, shipments, reservations, orders, genealogy, and the head's locks."""

from collections.abc import Mapping

from zhangshi.base.periods import Period
from zhangshi.ledger._store import auditing as store
from zhangshi.ledger.service.audit.items import Tallies
from zhangshi.ledger.service.audit.report import Findings
from zhangshi.platform.session import Session

_STANDING = frozenset({"open", "used"})
"""A reservation that was released or has expired says no more what was drawn on it."""


def check_derived(session: Session, findings: Findings, tallies: Tallies) -> None:
    """Compare every derived table with what the moves and traces say."""
    _check_uses(session, findings, tallies)
    _check_reservations(session, findings, tallies)
    _check_orders(session, findings, tallies)
    _check_edges(session, findings)
    _check_head(session, findings)


def _check_uses(session: Session, findings: Findings, tallies: Tallies) -> None:
    expected = {key: quantity for key, quantity in tallies.used.items() if quantity}
    found = {(row[0], row[1]): row[2] for row in session.query(store.USED)}
    for key in sorted(expected.keys() | found.keys()):
        _differ(findings, "move_use", key[0], expected.get(key, 0), found.get(key, 0), f"line {key[1]}")
    shipments = {(row[0], row[1]): (row[2], row[3]) for row in session.query(store.SHIPMENTS)}
    for key in sorted(tallies.shipped.keys() | shipments.keys()):
        shipped = tallies.shipped.get(key, 0)
        quantity, still_open = shipments.get(key, (0, 0))
        _differ(findings, "shipment", key[0], shipped, quantity, f"line {key[1]} quantity")
        _differ(findings, "shipment", key[0], shipped - expected.get(key, 0), still_open, f"line {key[1]} open")
    for posting_id, line_no, item_id in session.query(store.SHIPMENTS_UNLIKE_THEIR_MOVES):
        findings.add("shipment", posting_id=posting_id, item_id=item_id, note=f"line {line_no} goods, owner or date")


def _check_reservations(session: Session, findings: Findings, tallies: Tallies) -> None:
    drawn = {reservation_id: quantity for reservation_id, quantity in tallies.drawn.items() if quantity}
    for reservation_id, quantity, still_open, state in session.stream(store.RESERVATIONS):
        expected = quantity - drawn.pop(reservation_id, 0)
        if state not in _STANDING:
            continue
        if expected != still_open or (expected == 0) != (state == "used"):
            note = f"reservation {reservation_id} {state}"
            findings.add("reservation", expected=expected, found=still_open, note=note)
    for reservation_id, quantity in sorted(drawn.items()):
        findings.add("reservation", expected=quantity, note=f"reservation {reservation_id} is not there")


def _check_orders(session: Session, findings: Findings, tallies: Tallies) -> None:
    attributed: dict[tuple[int, int, int], int] = {}
    for row in session.stream(store.TRACES):
        key = (row[2], row[3], row[4])
        attributed[key] = attributed.get(key, 0) + row[7]
    found = {(row[0], row[1], row[2]): (row[3], row[4]) for row in session.query(store.MATERIALS)}
    consumed = {key: quantity for key, quantity in tallies.consumed.items() if quantity}
    for key in sorted(consumed.keys() | attributed.keys() | found.keys()):
        taken, accounted = found.get(key, (0, 0))
        note = f"order {key[0]} lot {key[2]}"
        _differ(findings, "material_consumed", 0, consumed.get(key, 0), taken, note, key[1])
        _differ(findings, "material_attributed", 0, attributed.get(key, 0), accounted, note, key[1])
    values = {row[0]: (row[1], row[2]) for row in session.query(store.ORDER_VALUES)}
    for order_id in sorted(tallies.order_values.keys() | values.keys()):
        into, out_of = tallies.order_values.get(order_id, [0, 0])
        found_in, found_out = values.get(order_id, (0, 0))
        _differ(findings, "order_value", 0, into, found_in, f"order {order_id} in")
        _differ(findings, "order_value", 0, out_of, found_out, f"order {order_id} out")


def _check_edges(session: Session, findings: Findings) -> None:
    expected = {tuple(row[:5]): (int(row[5]), row[6]) for row in session.query(store.EDGES_FROM_TRACES)}
    found: Mapping[tuple[int, ...], int] = {tuple(row[:5]): row[5] for row in session.query(store.EDGES)}
    for key in sorted(expected.keys() | found.keys()):
        quantity, posting_id = expected.get(key, (0, 0))
        note = f"lot {key[0]} -> lot {key[2]}, order {key[4]}"
        _differ(findings, "genealogy", posting_id, quantity, found.get(key, 0), note, key[1])


def _check_head(session: Session, findings: Findings) -> None:
    heads = session.query(store.HEAD)
    if not heads:
        if session.query(store.ANY_PLACE):
            findings.add("head", note="the ledger's own row is not there: its locks and its variance place")
        return
    locked_through, snapshot_through = heads[0]
    ((last_closed,),) = session.query(store.LAST_CLOSED)
    if last_closed and locked_through < Period.parse(last_closed).ends_on.isoformat():
        findings.add("period_lock", note=f"closed {last_closed}, locked through {locked_through or '-'}")
    ((latest,),) = session.query(store.LATEST_SNAPSHOT)
    if latest != snapshot_through:
        findings.add("snapshot_head", note=f"newest {latest or '-'}, head says {snapshot_through or '-'}")


def _differ(  # the fields of a difference
    findings: Findings, code: str, posting_id: int, expected: int, found: int, note: str, item_id: int = 0
) -> None:
    if expected != found:
        findings.add(code, posting_id=posting_id, item_id=item_id, expected=expected, found=found, note=note)
