"""Snapshots: each must hold what the moves up to its day say."""

from collections.abc import Mapping

from zhangshi.ledger._store import auditing as store
from zhangshi.ledger._store import snapshots as snapshot_store
from zhangshi.ledger.model import Location
from zhangshi.ledger.service.audit.report import Findings
from zhangshi.platform.session import Session


def check_snapshots(session: Session, findings: Findings, places: Mapping[int, Location]) -> None:
    """Run through the days once, adding the moves between one snapshot and the next."""
    balances: dict[tuple[int, int, int, str], int] = {}
    values: dict[int, tuple[int, int]] = {}
    before = ""
    for (day,) in session.query(store.SNAPSHOT_DAYS):
        flows = session.query(snapshot_store.MOVES_BETWEEN, before, day)
        changed, changed_values = snapshot_store.changes(flows, places)
        for key, quantity in changed.items():
            balances[key] = balances.get(key, 0) + quantity
        for item_id, (quantity, amount) in changed_values.items():
            held, worth = values.get(item_id, (0, 0))
            values[item_id] = (held + quantity, worth + amount)
        _compare(session, findings, day, balances, values)
        before = day


def _compare(
    session: Session,
    findings: Findings,
    day: str,
    balances: dict[tuple[int, int, int, str], int],
    values: dict[int, tuple[int, int]],
) -> None:
    found = {(r[0], r[1], r[2], r[3]): r[4] for r in session.query(snapshot_store.SNAPSHOT_BALANCES, day)}
    for key in sorted(balances.keys() | found.keys()):
        if balances.get(key, 0) != found.get(key, 0):
            note = f"{day} location {key[1]} lot {key[2]} {key[3]}"
            findings.add("snapshot", item_id=key[0], expected=balances.get(key, 0), found=found.get(key, 0), note=note)
    worth = {r[0]: (r[1], r[2]) for r in session.query(snapshot_store.SNAPSHOT_VALUES, day)}
    for item_id in sorted(values.keys() | worth.keys()):
        expected, stored = values.get(item_id, (0, 0)), worth.get(item_id, (0, 0))
        if expected != stored:
            note = f"{day} value, quantity {expected[0]} / {stored[0]}"
            findings.add("snapshot_value", item_id=item_id, expected=expected[1], found=stored[1], note=note)
