"""Give documents their numbers: typed ones are kept where the rule allows it, others are taken from counters.

Cost: one statement for each counter that the documents take from. The counter's row stays locked until the commit.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import NumberRule
from zhangshi.records import errors
from zhangshi.records._store.counters import TAKE
from zhangshi.records._store.layouts import layout
from zhangshi.records.service.work import Work
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.numbering import NumberPlan, plan_number
from zhangshi.records.writing.world import Pending

_SYSTEM_DOORS = frozenset({"import", "seed", "automation"})
_TRIES_MAX = 1000


def assign(work: Work, documents: Sequence[Document]) -> None:
    """Number the documents, all of one entity; what cannot be numbered is a problem of the document."""
    if not documents:
        return
    rule = documents[0].entity.number_rule
    for one in documents:
        typed = one.decoded.number
        if not typed:
            continue
        if rule is None or rule.manual or work.caller.door in _SYSTEM_DOORS:
            one.number = typed
        else:
            one.problems.add(errors.NUMBER_NOT_MANUAL, "number", entity=one.entity.label.zh or one.entity.key)
    if rule is not None:
        _take(work, rule, [one for one in documents if not one.decoded.number])


def _take(work: Work, rule: NumberRule, documents: Sequence[Document]) -> None:
    plans = _planned(work, rule, documents)
    scopes: dict[str, list[Document]] = defaultdict(list)
    for one in documents:
        plan = plans.get(one.id)
        if plan is None:
            continue
        if plan.scope is None:
            one.number = plan.text(0)
        else:
            scopes[plan.scope].append(one)
    for scope in sorted(scopes):  # everybody takes in the same order
        waiting = scopes[scope]
        for _ in range(_TRIES_MAX):
            _take_from(work, rule, scope, [(one, plans[one.id]) for one in waiting])
            waiting = _taken(work, waiting) if rule.manual else []  # where nobody types, nothing can be taken
            if not waiting:
                break


def _planned(work: Work, rule: NumberRule, documents: Sequence[Document]) -> dict[int, NumberPlan]:
    plans: dict[int, NumberPlan] = {}
    failed: set[int] = set()

    def step() -> None:
        for one in documents:
            if one.id in plans or one.id in failed:
                continue
            try:
                plans[one.id] = plan_number(rule, one.header, business_day(work, one))
            except Pending:
                continue
            except ZhangshiError as error:
                failed.add(one.id)
                one.problems.add_error(error, "number")

    work.settle(step)
    return plans


def business_day(work: Work, document: Document) -> date:
    """Return the document's business date, today where it has none."""
    found = document.header.get(document.entity.date_field) if document.entity.date_field else None
    return found if isinstance(found, date) else work.today


def _take_from(work: Work, rule: NumberRule, scope: str, documents: Sequence[tuple[Document, NumberPlan]]) -> None:
    count, first = len(documents), documents[0][1].first
    last = work.session.query(TAKE, rule.key, scope, first + count - 1, count)[0][0]
    for value, (one, plan) in zip(range(last - count + 1, last + 1), documents, strict=True):
        one.number = plan.text(value)


def _taken(work: Work, documents: Sequence[Document]) -> list[Document]:
    statement = layout(documents[0].entity.header).of_numbers
    found = {row[1] for row in work.session.query_rows(statement, [(one.number,) for one in documents])}
    return [one for one in documents if one.number in found]
