"""What may be chosen in a link: records that the person may read and that the field's filter lets through.

The filter is asked with the document as it stands in the form, before anything is saved.
"""

from collections.abc import Callable
from dataclasses import dataclass

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity, Field
from zhangshi.records.model import Content
from zhangshi.records.paths import Path, resolve
from zhangshi.records.reading.asking import Asking
from zhangshi.records.reading.projecting import Shown
from zhangshi.records.reading.search import candidate_ids
from zhangshi.records.reading.shapes import shape_of
from zhangshi.records.service import creating
from zhangshi.records.service.work import Work
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.world import Pending

LIMIT_DEFAULT = 20
LIMIT_MAX = 100
_SEEN_MAX = 2000
_CHUNK = 200

NOT_A_LINK = ErrorCode(
    "records.not_a_link",
    "“{path}”不是关联字段,没有可选的记录。请换一个字段。",
    '"{path}" is no link, so there is nothing to choose from. Name another field.',
)
Fits = Callable[[Linked], bool]
"""Whether a record may be chosen; may raise Pending."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """A link field that somebody is about to fill in."""

    path: Path
    field: Field
    target: Entity


def choosing(asking: Asking, entity: Entity, text: str) -> Choosing:
    """Return the link at a path ("customer", "lines.item").

    Raises: records.unknown_path, records.not_a_link; records.forbidden unless its records may be read.
    """
    asking.access(entity).refuse("read")
    path = resolve(asking.catalog, entity, text)
    field = path.field
    if field is None or not field.is_link or path.hops or field.key == "id":
        raise ZhangshiError(NOT_A_LINK, path=text)
    target = asking.catalog.entities[field.to]
    asking.access(target).refuse("read")
    return Choosing(path, field, target)


def filter_of(work: Work, wanted: Choosing, content: Content, row: int) -> Fits:
    """Return the field's filter over the document as it stands in the form; nothing is locked or written."""
    condition = wanted.field.filter
    if condition is None:
        return lambda _record: True
    table = wanted.path.table
    given = dict(content)
    if table != HEADER:
        rows = given.get(table)
        given[table] = [*rows, {}] if isinstance(rows, list) else [{}]
    document = creating.computed(work, wanted.path.entity.key, given)
    cells = document.header
    if table != HEADER:
        of_table = document.header.rows[table]
        cells = of_table[row - 1 if 0 < row <= len(of_table) else -1]
    return lambda record: holds(condition, record, cells)


def choices(asking: Asking, wanted: Choosing, fits: Fits, *, text: str = "", limit: int = LIMIT_DEFAULT) -> list[Shown]:
    """Return at most `limit` records that fit, the best matches of `text` first, by number without one.

    Looks at no more than `_SEEN_MAX` candidates. Cost: as a search, and what the filter asks.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    ids = candidate_ids(asking, wanted.target, text, _SEEN_MAX)
    chosen: list[Linked] = []
    for start in range(0, len(ids), _CHUNK):
        chosen += _fitting(asking, wanted.target, ids[start : start + _CHUNK], fits)
        if len(chosen) >= limit:
            break
    paths = ("number", wanted.target.title) if wanted.target.title else ("number",)
    shape = shape_of(asking.catalog, wanted.target, paths)
    return asking.projector.show_all(chosen[:limit], shape)


def _fitting(asking: Asking, target: Entity, ids: list[int], fits: Fits) -> list[Linked]:
    asking.world.want(target.key, ids)
    asking.projector.settle(lambda: None)
    records = [record for one in ids if (record := asking.world.records.get((target.key, one))) is not None]
    verdicts: dict[int, bool] = {}

    def work() -> None:
        for record in records:
            if record.id not in verdicts:
                try:
                    verdicts[record.id] = fits(record)
                except Pending:
                    continue

    asking.projector.settle(work)
    return [record for record in records if verdicts.get(record.id)]
