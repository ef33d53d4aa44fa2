"""Playing a pack's story: the same steps through any door, and what must be true in between.

A story is data (see `definitions.model.packs.Story`). Each step is done by a named person through a `Door`; a test
hands in one that speaks HTTP, `pack check` one that calls the services. A step that should have been refused and was
not, or the other way round, ends the story with its number and what was there instead.

Steps:
    {as: li, create: sales_order, values: {…}, lines: [{…}], tables: {…}, transition: confirm, save_as: so}
    {as: li, edit: so, values: {…}, lines: [{…}]}             lines without id are new, all others go
    {as: li, transition: confirm, of: so, values: {…}}
    {as: li, convert: sales_order_to_delivery, of: so | [so, so2], set: {…}, lines: [{quantity: "5"}, …],
     transition: post, save_as: d}                lines overrides the proposed rows by place; null leaves one out
    {as: li, delete: so}
    {refused: ledger.insufficient_stock, step: {…}}
    {remember: before}                                         stock and value of all items
    {expect: {state: {so: confirmed}, values: {so.amount: "100.00", "so.lines.0.delivered": "5"},
              stock: {JX-0001: "12.5"}, value: {JX-0001: "61.25"}, same: before, chain: {so: [delivery, invoice]}}}
Values may point at saved records: {ref: so}, and at rows: {ref: so.lines.0}; {number: JX-0001} names a record by its
number; `$so.id` works inside texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.model.packs import Story
from zhangshi.records.writing.decoding import SOURCE

STORY_FAILED = ErrorCode(
    "packs.story_failed",
    "场景“{story}”第 {step} 步不符:{found}。请对照定义修改场景或模板。",
    'Story "{story}", step {step}: {found}. Mend the story or the pack.',
)
Json = Any


@dataclass(frozen=True, slots=True)
class Handle:
    """A record that the story keeps."""

    entity: str
    record_id: str
    version: int


class Door(Protocol):
    """A way into the product; everything in wire form. Refusals come as `ZhangshiError` or `DoorRefused`."""

    def create(self, who: str, entity: str, content: Mapping[str, Json], transition: str) -> Handle:
        """Create a record."""
        ...

    def edit(self, who: str, of: Handle, content: Mapping[str, Json]) -> Handle:
        """Change a record."""
        ...

    def transition(self, who: str, of: Handle, transition: str, content: Mapping[str, Json]) -> Handle:
        """Move a record on."""
        ...

    def propose(self, who: str, conversion: str, sources: Sequence[Handle]) -> tuple[str, dict[str, Json]]:
        """Return the target's entity and its proposed content."""
        ...

    def convert(
        self, who: str, conversion: str, sources: Sequence[Handle], content: Mapping[str, Json], transition: str
    ) -> Handle:
        """Make the target of a conversion."""
        ...

    def delete(self, who: str, of: Handle) -> None:
        """Delete a record."""
        ...

    def get(self, who: str, entity: str, record_id: str) -> dict[str, Json]:
        """Return a record as `who` sees it."""
        ...

    def chain(self, who: str, of: Handle) -> list[str]:
        """Return the entities in the record's chain, itself left out."""
        ...

    def stock(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Return (quantity, value) on hand of every item that has ever moved, by item number."""
        ...


class DoorRefused(Exception):
    """A refusal that came over a wire: its code is all that is known of it."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(f"{code}: {detail}")


@dataclass(slots=True)
class _Play:
    story: Story
    door: Door
    kept: dict[str, Handle] = field(default_factory=dict)
    remembered: dict[str, dict[str, tuple[Decimal, Decimal]]] = field(default_factory=dict)
    step: int = 0
    last_actor: str = ""


def play(story: Story, door: Door) -> dict[str, Handle]:
    """Play a story to its end and return the records it kept.

    Raises: packs.story_failed at the first step that goes otherwise than it says.
    """
    this = _Play(story, door)
    for this.step, step in enumerate(story.steps, start=1):
        _play_step(this, step)
    return this.kept


def _play_step(this: _Play, step: Mapping[str, Json]) -> None:
    if "refused" in step:
        _play_refused(this, str(step["refused"]), step["step"])
    elif "expect" in step:
        _expect(this, step["expect"])
    elif "remember" in step:
        this.remembered[str(step["remember"])] = this.door.stock()
    else:
        try:
            _act(this, step)
        except (ZhangshiError, DoorRefused) as error:
            if isinstance(error, ZhangshiError) and error.error_code is STORY_FAILED:
                raise
            raise _failed(this, f"{_shown(step)} was refused: {_told(error)}") from error


def _told(error: Exception) -> str:
    problems = getattr(error, "problems", ())
    return "; ".join([str(error), *(f"{problem.path}: {problem.en}" for problem in problems)])


def _play_refused(this: _Play, code: str, step: Mapping[str, Json]) -> None:
    try:
        _act(this, step)
    except (ZhangshiError, DoorRefused) as error:
        codes = {error.code, *(problem.code for problem in getattr(error, "problems", ()))}
        if code not in codes:
            raise _failed(this, f"{_shown(step)} was refused by {_told(error)}, not by {code}") from error
    else:
        raise _failed(this, f"{_shown(step)} was not refused ({code})")


def _act(this: _Play, step: Mapping[str, Json]) -> None:
    who = this.last_actor = str(step["as"])
    saved: Handle | None = None
    if "create" in step:
        saved = this.door.create(who, str(step["create"]), _content(this, step), str(step.get("transition", "")))
    elif "edit" in step:
        saved = this.door.edit(who, _fresh(this, str(step["edit"])), _content(this, step))
        this.kept[str(step["edit"])] = saved
    elif "convert" in step:
        saved = _convert(this, who, step)
    elif "transition" in step:
        name = str(step["of"])
        saved = this.door.transition(who, _fresh(this, name), str(step["transition"]), _content(this, step))
        this.kept[name] = saved
    elif "delete" in step:
        this.door.delete(who, _fresh(this, str(step["delete"])))
    else:
        raise _failed(this, f"nobody knows what to do with {_shown(step)}")
    if saved is not None and "save_as" in step:
        this.kept[str(step["save_as"])] = saved


def _convert(this: _Play, who: str, step: Mapping[str, Json]) -> Handle:
    named = step["of"] if isinstance(step["of"], list) else [step["of"]]
    sources = [_handle(this, name) for name in named]
    content: dict[str, Json] = _resolved(this, step.get("set", {}))
    changed = {"lines": step.get("lines", []), **step.get("tables", {})}
    if any(changed.values()):
        _, proposed = this.door.propose(who, str(step["convert"]), sources)
        for table, rows in changed.items():
            if rows:
                content[table] = _overridden(proposed.get(table, []), _resolved(this, rows))
    return this.door.convert(who, str(step["convert"]), sources, content, str(step.get("transition", "")))


def _overridden(proposed: list[dict[str, Json]], rows: Sequence[Json]) -> list[dict[str, Json]]:
    """Rows by place: null leaves the proposed row out, beyond the proposal they are new ones.

    Of a proposed row only its source is sent; the rest is filled in from there.
    """
    merged: list[dict[str, Json]] = []
    for place in range(max(len(proposed), len(rows))):
        source = {SOURCE: proposed[place][SOURCE]} if place < len(proposed) and SOURCE in proposed[place] else {}
        change = rows[place] if place < len(rows) else {}
        if change is not None:
            merged.append({**source, **change})
    return merged


def _content(this: _Play, step: Mapping[str, Json]) -> dict[str, Json]:
    content = dict(step.get("values", {}))
    if "lines" in step:
        content["lines"] = step["lines"]
    content.update(step.get("tables", {}))
    resolved: dict[str, Json] = _resolved(this, content)
    return resolved


def _resolved(this: _Play, value: Json) -> Json:
    if isinstance(value, Mapping):
        if set(value) == {"ref"}:
            return _reference(this, str(value["ref"]))
        return {key: _resolved(this, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_resolved(this, one) for one in value]
    return value


def _reference(this: _Play, text: str) -> Json:
    name, _, path = text.partition(".")
    if not path:
        return _handle(this, name).record_id
    return _walk(this, name, path)


def _walk(this: _Play, name: str, path: str) -> Json:
    handle = _handle(this, name)
    value: Json = this.door.get(this.last_actor, handle.entity, handle.record_id)
    for part in path.split("."):
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise _failed(this, f"{name} has no {path}") from error
    return value["id"] if isinstance(value, Mapping) and "id" in value else value


def _expect(this: _Play, wanted: Mapping[str, Json]) -> None:
    for name, state in wanted.get("state", {}).items():
        _same(this, f"state of {name}", _walk(this, name, "state"), state)
    for path, value in wanted.get("values", {}).items():
        name, _, rest = path.partition(".")
        _same(this, path, _walk(this, name, rest), value)
    stock = this.door.stock() if {"stock", "value", "same"} & set(wanted) else {}
    for number, quantity in wanted.get("stock", {}).items():
        _same(this, f"stock of {number}", stock.get(number, (Decimal(0), Decimal(0)))[0], quantity)
    for number, amount in wanted.get("value", {}).items():
        _same(this, f"value of {number}", stock.get(number, (Decimal(0), Decimal(0)))[1], amount)
    if "same" in wanted:
        _expect_as_before(this, this.remembered[str(wanted["same"])], stock)
    for name, entities in wanted.get("chain", {}).items():
        found = set(this.door.chain(this.last_actor, _handle(this, name)))
        _same(this, f"chain of {name}", sorted(found & set(entities)), sorted(entities))


def _expect_as_before(
    this: _Play, before: Mapping[str, tuple[Decimal, Decimal]], now: Mapping[str, tuple[Decimal, Decimal]]
) -> None:
    nothing = (Decimal(0), Decimal(0))
    for number in sorted({*before, *now}):
        _same(this, f"stock and value of {number}", now.get(number, nothing), before.get(number, nothing))


def _same(this: _Play, what: str, found: Json, wanted: Json) -> None:
    if found == wanted or (_number(found) is not None and _number(found) == _number(wanted)):
        return
    raise _failed(this, f"{what} is {found!r}, not {wanted!r}")


def _number(value: Json) -> Decimal | None:
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return None


def _handle(this: _Play, name: Json) -> Handle:
    try:
        return this.kept[str(name)]
    except KeyError:
        raise _failed(this, f"no step saved a record as {name!r}") from None


def _fresh(this: _Play, name: str) -> Handle:
    """The handle with the version that the record has now: effects and rollups of others may have moved it on."""
    handle = _handle(this, name)
    seen = this.door.get(this.last_actor, handle.entity, handle.record_id)
    return Handle(handle.entity, handle.record_id, int(seen["version"]))


def _shown(step: Mapping[str, Json]) -> str:
    for verb in ("create", "edit", "transition", "convert", "delete"):
        if verb in step:
            return f"{step.get('as', '?')}: {verb} {step[verb]}" + (f" of {step['of']}" if "of" in step else "")
    return str(dict(step))


def _failed(this: _Play, found: str) -> ZhangshiError:
    return ZhangshiError(STORY_FAILED, story=this.story.story, step=this.step, found=found)
