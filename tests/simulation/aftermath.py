"""What must be true of a company after its writer was killed, whenever that was."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tests.simulation.wishes import Wish
from zhangshi.ledger.events import STOCK_POSTED
from zhangshi.ledger.service.audit import audit
from zhangshi.platform.session import Session
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company

_ANSWERS = Statement("SELECT request_key, answer FROM request")
_POSTINGS = Statement(
    "SELECT p.request_key, p.posting_id, COUNT(m.posting_id), COUNT(DISTINCT u.posting_id) FROM posting p"
    " LEFT JOIN move m ON m.posting_id = p.posting_id LEFT JOIN posting_unsealed u ON u.posting_id = p.posting_id"
    " GROUP BY p.request_key, p.posting_id"
)
_EVENTS = Statement("SELECT payload FROM outbox_event WHERE topic = ?")
_PROMISES = Statement("SELECT reservation_id FROM reservation")
_MADE = Statement("SELECT code FROM lot WHERE code LIKE 'wish %'")


def answers_of(company: Company) -> dict[str, str]:
    """Return every answered request: key -> answer as JSON."""
    with company.read() as session:
        return dict(session.query(_ANSWERS))


def check_books(company: Company, told: Mapping[str, str], pending: Wish | None) -> dict[str, str]:
    """Check that all `told` answers stand, `pending` at most beside them, each whole; and audit. Return all answers."""
    with company.read() as session:
        answers: dict[str, str] = dict(session.query(_ANSWERS))
        lost = {key: answer for key, answer in told.items() if answers.get(key) != answer}
        assert not lost, f"acknowledged, but not there: {lost}"
        surplus = answers.keys() - told.keys()
        assert surplus <= ({pending.key} if pending else set()), f"nobody asked for {surplus}"
        _check_nothing_is_half_there(session, answers)
        differences = audit(session).differences
    assert differences == ()
    return answers


def _check_nothing_is_half_there(session: Session, answers: Mapping[str, str]) -> None:
    """Every answer has what it speaks of, and there is nothing that no answer speaks of."""
    spoken: dict[str, dict[str, Any]] = {}
    promised: set[int] = set()
    for key, text in answers.items():
        answer = msgspec.json.decode(text)
        if isinstance(answer, dict) and "posting_id" in answer:
            spoken[key] = answer
        elif isinstance(answer, dict) and "picks" in answer:
            promised |= {pick["reservation_id"] for pick in answer["picks"]}
    rows = session.query(_POSTINGS)
    expected = {(key, answer["posting_id"], len(answer["lines"]), 1) for key, answer in spoken.items()}
    assert sorted(rows) == sorted(expected), "(request, posting, its moves, waiting to be sealed)"
    events = sorted(msgspec.json.decode(row[0])["posting_id"] for row in session.query(_EVENTS, STOCK_POSTED))
    assert events == sorted(answer["posting_id"] for answer in spoken.values())
    assert {row[0] for row in session.query(_PROMISES)} == promised
    made = {row[0] for row in session.query(_MADE)}
    assert made == {key for key, answer in spoken.items() if answer["command"] == "produce"}
