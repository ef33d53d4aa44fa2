"""Seeds become records, each row once, through the service that every door uses.

One transaction a seed. Rows of one entity that follow each other are made together; `{ref: entity/key}` points at a row
of this or of an earlier seed, whichever pack brought it. A row that was made before is left alone, also when somebody
has changed or deleted its record: it is theirs now.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.model.packs import Seed, SeedRow
from zhangshi.identity.model import OWNER, Person
from zhangshi.packs._store import seeds as store
from zhangshi.packs.errors import SEED_FAILED, UNKNOWN_REF
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Request, UnitOfWork
from zhangshi.records.model import Caller
from zhangshi.records.service.creating import ManyInvalid
from zhangshi.records.service.records import Records
from zhangshi.records.service.work import Work

SEEDER = Caller(Person(user_id=0, login=SYSTEM_ACTOR, name=SYSTEM_ACTOR, roles=frozenset({OWNER})), door="seed")
_REF = "ref"


class RecordsSeedPlayer:
    """Plays seeds through the records service of a company."""

    def __init__(self, records: Records, *, caller: Caller = SEEDER) -> None:
        self._records = records
        self._caller = caller

    def play(self, *, pack: str, seeds: Sequence[Seed]) -> int:
        """See `SeedPlayer`."""
        return sum(self._play(pack, seed) for seed in seeds)

    def _play(self, pack: str, seed: Seed) -> int:
        company = self._records.company
        with company.read() as session:
            known = {entity: store.made(session, pack, entity) for entity in {row.entity for row in seed.rows}}
        missing = [row for row in seed.rows if row.key not in known[row.entity]]
        if not missing:
            return 0
        request = Request(SYSTEM_ACTOR, f"seed/{pack}/{seed.seed}/{company.ids.next_id()}", None)
        company.write(request, lambda uow: self._write(uow, pack, seed, missing), answer_type=int)
        return len(missing)

    def _write(self, uow: UnitOfWork, pack: str, seed: Seed, rows: Sequence[SeedRow]) -> int:
        work = self._records.work(uow, self._caller)
        for batch in _batches(rows):
            entity, transition = batch[0].entity, _first(batch[0])
            contents = [_content(uow, row) for row in batch]
            try:
                documents = work.create_many(entity=entity, contents=contents, transition=transition, internal=True)
                work.flush()
                store.insert(
                    uow.session, [(pack, entity, row.key, one.id) for row, one in zip(batch, documents, strict=True)]
                )
                for row, document in zip(batch, documents, strict=True):
                    self._go_on(work, row, document.id)
            except ZhangshiError as error:
                raise _failed(pack, seed, batch, error) from error
        work.finish()
        return len(rows)

    def _go_on(self, work: Work, row: SeedRow, record_id: int) -> None:
        for transition in _transitions(row)[1:]:
            work.edit(
                entity=row.entity, record_id=record_id, version=None, content={}, transition=transition, internal=True
            )
            work.flush()


def _batches(rows: Sequence[SeedRow]) -> Iterator[list[SeedRow]]:
    """Rows that can be made together: of one entity and transition, none of which points at another of them."""
    for _, group in groupby(rows, key=lambda row: (row.entity, _first(row))):
        batch: list[SeedRow] = []
        for row in group:
            if batch and not {f"{one.entity}/{one.key}" for one in batch}.isdisjoint(
                _refs([row.values, row.lines, row.tables])
            ):
                yield batch
                batch = []
            batch.append(row)
        yield batch


def _transitions(row: SeedRow) -> list[str]:
    return [row.transition] if isinstance(row.transition, str) and row.transition else list(row.transition)


def _first(row: SeedRow) -> str:
    return next(iter(_transitions(row)), "")


def _refs(value: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON
    if isinstance(value, Mapping):
        if set(value) == {_REF}:
            yield str(value[_REF])
        else:
            for one in value.values():
                yield from _refs(one)
    elif isinstance(value, list):
        for one in value:
            yield from _refs(one)


def _content(uow: UnitOfWork, row: SeedRow) -> dict[str, object]:
    written: dict[str, Any] = {**row.values, **row.tables}
    if row.lines:
        written["lines"] = row.lines
    resolved: dict[str, object] = _resolved(uow, written)
    return resolved


def _resolved(uow: UnitOfWork, value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, Mapping):
        if set(value) == {_REF}:
            return _record(uow, str(value[_REF]))
        return {key: _resolved(uow, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_resolved(uow, one) for one in value]
    return value


def _record(uow: UnitOfWork, ref: str) -> str:
    entity, _, key = ref.partition("/")
    found = store.find(uow.session, entity, key)
    if found is None:
        raise ZhangshiError(UNKNOWN_REF, ref=ref)
    return str(found)


def _failed(pack: str, seed: Seed, batch: Sequence[SeedRow], error: ZhangshiError) -> ZhangshiError:
    row = batch[0]
    if isinstance(error, ManyInvalid):
        row = batch[next(iter(error.problems_by_place))]
    return ZhangshiError(SEED_FAILED, seed=f"{pack}/{seed.seed}", row=f"{row.entity}/{row.key}", detail=str(error))
