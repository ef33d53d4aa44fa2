"""What a formula asks of the system while it runs: the values at hand, and a host that knows the rest."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from zhangshi.base.errors import ZhangshiError
from zhangshi.expr.errors import NOT_AVAILABLE_HERE
from zhangshi.expr.kinds import Value


class Host(Protocol):
    """Answers the system functions. Ids come in as they stand in links; nothing is looked up by the language itself."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the business date."""
        ...

    def local_time(self, instant: datetime) -> datetime:
        """Return `instant` as a wall clock in the company shows it."""
        ...

    def instant_of(self, wall_clock: datetime) -> datetime:
        """Return the instant (UTC) at which a wall clock in the company shows `wall_clock`, which is naive."""
        ...

    def user_id(self) -> int:
        """Return who asks."""
        ...

    def user_name(self) -> str:
        """Return the name of who asks."""
        ...

    def roles(self) -> frozenset[str]:
        """Return the keys of the roles of who asks."""
        ...

    def department_id(self) -> int | None:
        """Return the department of who asks."""
        ...

    def is_working_day(self, day: date) -> bool:
        """Return whether the company's calendar works on `day`."""
        ...

    def stock(self, item_id: int, location_id: int | None, lot: str | None, status: str | None) -> Decimal:
        """Return the quantity on hand in the base unit; None = everywhere, every lot, every status."""
        ...

    def available(self, item_id: int, location_id: int | None) -> Decimal:
        """Return the available quantity that is not reserved; None = everywhere."""
        ...

    def work_in_progress(self, order_id: int) -> Decimal:
        """Return the value that stands in work in progress for an order."""
        ...

    def cost(self, item_id: int) -> Decimal:
        """Return the present unit cost of an item."""
        ...

    def lookup(self, entity: str, wanted: str, matches: Mapping[str, Value]) -> Value:
        """Return field `wanted` of the first record of `entity` whose fields equal `matches`, or None."""
        ...


class NoHost:
    """A host that knows nothing: every question is formula.not_available_here."""

    def __getattr__(self, name: str) -> "_NoAnswer":
        if name.startswith("__"):
            raise AttributeError(name)
        return _NoAnswer(name)


class _NoAnswer:
    __slots__ = ("_question",)

    def __init__(self, question: str) -> None:
        self._question = question

    def __call__(self, *_asked: object) -> object:
        raise ZhangshiError(NOT_AVAILABLE_HERE, question=self._question)


_NOTHING: Mapping[str, Value] = {}
_NO_ROWS: Mapping[str, Sequence[Mapping[str, Value]]] = {}
NO_HOST: Host = NoHost()  # type: ignore[assignment]  # it answers every name


class Env:
    """The values for one evaluation, by dotted key ("item" is the id, "item.spec" the text); a missing key is empty.

    `values` are of the thing at hand, `parent` of its header, `rows` of its line tables. `row` and `steps` belong to
    the evaluator. An Env is for one evaluation at a time.
    """

    __slots__ = ("host", "parent", "row", "rows", "steps", "values")

    def __init__(
        self,
        values: Mapping[str, Value] = _NOTHING,
        parent: Mapping[str, Value] = _NOTHING,
        rows: Mapping[str, Sequence[Mapping[str, Value]]] = _NO_ROWS,
        host: Host = NO_HOST,
    ) -> None:
        self.values = values
        self.parent = parent
        self.rows = rows
        self.host = host
        self.row: Mapping[str, Value] = _NOTHING
        self.steps = 0
