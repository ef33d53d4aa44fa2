"""Records as one person may see them: the one way out of the database (ADR 0022).

Every door hands its records through a `Projector`: detail, list, export, search, choices, chain. A field that is hidden
is not in the answer at all, so that it differs from one that is empty. A link shows the record behind it only as far as
that record may be read: its number and its title, or nothing but its id. A live lookup needs the right to the field
itself and to what it looks at; a copied one is a value of its own.

What is not at hand (a link's name, a rollup, a stock figure) is noted and fetched for all records of the page at once.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from zhangshi.definitions.catalog import FieldType
from zhangshi.identity.model import Person
from zhangshi.records.access import EntityAccess, RecordAccess, access_to, masked
from zhangshi.records.reading.encoding import FILES, REFERENCES, Encode
from zhangshi.records.reading.names import Names
from zhangshi.records.reading.shapes import Column, Shape
from zhangshi.records.values import codec_of
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import holds
from zhangshi.records.writing.world import ROUNDS_MAX, Pending, World

Shown = dict[str, object]
Fetch = Callable[[World], None]

_NOTHING = object()
_LINKS = frozenset({FieldType.LINK, FieldType.LOCATION})

_Split = tuple[list[tuple[str, int, Encode]], list[Column]]
"""Columns that are only written down (key, place in the row, how), and those that need a second look."""


class Projector:
    """Shows records of one snapshot to one person. One thread."""

    def __init__(self, world: World, fetch: Fetch, names: Names, person: Person) -> None:
        self.world = world
        self.names = names
        self.person = person
        self._fetch = fetch
        self._entities: dict[str, EntityAccess] = {}
        self._accesses: dict[int, RecordAccess] = {}
        self._links: dict[tuple[str, int], Shown] = {}

    def forget(self, *, links: bool = False) -> None:
        """Let go of what is known of records; of what they link to only with `links`."""
        self._accesses.clear()
        if links:
            self._links.clear()

    def settle(self, work: Callable[[], None]) -> None:
        """Run `work` until nothing in it waits for the database; it swallows Pending and may be run again."""
        for _ in range(ROUNDS_MAX):
            work()
            if not self.world.asks and not self.names.asks:
                return
            if self.world.asks:
                self._fetch(self.world)
            self.names.fetch()
        raise RuntimeError("What is shown asks for more and more.")

    def show_all(self, records: Sequence[Linked], shape: Shape) -> list[Shown]:
        """Return what is shown of each record, in order; the caller has seen to it that they may be read."""
        shown: list[Shown | None] = [None] * len(records)
        kept: dict[RecordAccess, _Split] = {}

        def work() -> None:
            for index, record in enumerate(records):
                if shown[index] is None:
                    shown[index] = self._try(record, shape, kept)

        self.names.count_rows(shape, [record.id for record in records])
        self._want_links(records, shape)
        self.settle(work)
        return [one for one in shown if one is not None]

    def _want_links(self, records: Sequence[Linked], shape: Shape) -> None:
        """Note what links lead to, so that one round fetches it for all."""
        for column in shape.columns:
            field = column.path.hops[0].link if column.path.hops else column.field
            if field is not None and field.is_link and field.stored and field.key != "id":
                index = column.index if not column.path.hops else column.first
                ids = {record.raw[index] for record in records}
                ids.discard(None)
                self.world.want(field.to, ids)
        if any(self.world.wanted_records.values()):
            self._fetch(self.world)

    def access_of(self, record: Linked) -> RecordAccess:
        """Return what the person may do with a record. Raises: Pending."""
        key = record.entity.key
        access = self._entities.get(key)
        if access is None:
            access = self._entities[key] = access_to(self.world.catalog, key, self.person)
        if access.unconditional:
            return access.everything
        found = self._accesses.get(record.id)
        if found is None:
            found = access.of_record(record.state, lambda formula: holds(formula, record))
            self._accesses[record.id] = found
        return found

    def accesses(self, records: Iterable[Linked]) -> list[RecordAccess]:
        """Return the access to each record, fetched for all at once."""
        found: list[RecordAccess] = []
        wanted = list(records)

        def work() -> None:
            found.clear()
            for record in wanted:
                try:
                    found.append(self.access_of(record))
                except Pending:
                    continue

        self.settle(work)
        return found

    def _try(self, record: Linked, shape: Shape, kept: "dict[RecordAccess, _Split]") -> Shown | None:
        try:
            access = self.access_of(record)
        except Pending:
            return None
        split = kept.get(access)
        if split is None:
            split = kept[access] = _split(access, shape)
        raw = record.raw
        shown: Shown = {"id": str(record.id), "state": raw[2] or "", "version": raw[3]}
        for out, index, encode in split[0]:
            value = raw[index]
            shown[out] = None if value is None else encode(value)
        waits = False
        for column in split[1]:
            try:
                self._put(shown, record, access, column)
            except Pending:
                waits = True
        for table, columns in shape.tables.items():
            try:
                self._put_rows(shown, record, access, table, columns)
            except Pending:
                waits = True
        return None if waits else shown

    def _put(self, shown: Shown, record: Linked, access: RecordAccess, column: Column) -> None:
        if column.field is None:
            if access.read(column.own) == "read":
                shown[column.out] = self.names.row_count(column.path.table, record.id)
            return
        value = self._value(record, access, column)
        if value is not _NOTHING:
            shown[column.out] = value

    def _put_rows(
        self, shown: Shown, record: Linked, access: RecordAccess, table: str, columns: tuple[Column, ...]
    ) -> None:
        seen = [one for one in columns if access.read(one.own) != "none"]
        if not seen and access.read(table) == "none":
            return
        rows: list[Shown] = []
        waits = False
        for row in self.world.rows_of(record.entity.key, table, record.id):
            one: Shown = {"id": str(row.id), "row": row.raw[2]}
            for column in seen:
                try:
                    value = self._end(row, access, column)
                except Pending:
                    waits = True
                    continue
                if value is not _NOTHING:
                    one[column.out] = value
            rows.append(one)
        if waits:
            raise Pending
        shown[table] = rows

    def _value(self, record: Linked, access: RecordAccess, column: Column) -> object:
        """Return what is shown of a path's value, `_NOTHING` where it is hidden."""
        for hop in column.path.hops:
            if access.read(hop.link.key) != "read":
                return _NOTHING
            behind = record.get(hop.link.key)
            target = self.world.linked(hop.target.key, behind) if isinstance(behind, int) else None
            if target is None:
                return None
            record, access = target, self.access_of(target)
            if not access.readable:
                return _NOTHING
        return self._end(record, access, column)

    def _end(self, record: Linked, access: RecordAccess, column: Column) -> object:
        how = access.read(column.own)
        if how == "none":
            return _NOTHING
        field = column.field
        assert field is not None
        if column.index < 0 and field.lookup and not self._looks_at(record, field.lookup):
            return _NOTHING
        if column.index >= 0:
            raw = record.raw[column.index]
            if raw is None:
                return None
            shown = self._reference(column, raw) if field.type in REFERENCES else column.encode(raw)
        else:
            value: Any = record.get(field.key)
            if value is None:
                return None
            shown = self._reference(column, value) if field.type in REFERENCES else codec_of(field).show(value)
        if how == "mask":
            return masked(field, shown)
        return self.names.files(shown) if field.type in FILES else shown

    def _looks_at(self, record: Linked, path: str) -> bool:
        """Return whether everything on the way of a live lookup may be read. Raises: Pending."""
        header = record.header or record
        first, _, rest = path.partition(".")
        own_link = record.header is not None and first in record.plan.targets
        key = f"{record.plan.table}.{first}" if own_link else first
        if self.access_of(header).read(key) != "read":
            return False
        start = record if own_link else header
        behind, target = start.get(first), start.plan.targets.get(first)
        if target is None or not isinstance(behind, int):
            return True
        return self.reads_behind(target, behind, rest)

    def reads_behind(self, entity: str, record_id: int, path: str) -> bool:
        """Return whether `path` of a linked record may be read, link by link. Raises: Pending."""
        record = self.world.linked(entity, record_id)
        if record is None:
            return True
        access = self.access_of(record)
        key, _, rest = path.partition(".")
        if not access.readable or access.read(key) != "read":
            return False
        behind, target = record.get(key), record.plan.targets.get(key)
        if not rest or target is None or not isinstance(behind, int):
            return True
        return self.reads_behind(target, behind, rest)

    def _reference(self, column: Column, raw: int) -> object:
        field = column.field
        assert field is not None
        if field.type is FieldType.USER:
            return self.names.user(raw)
        if field.type is FieldType.DEPARTMENT:
            return self.names.department(raw)
        return str(raw) if field.key == "id" else self.link(field.to, raw)

    def link(self, entity: str, record_id: int) -> Shown:
        """Return what is shown of a linked record: id, number and title as far as they may be read. Raises: Pending."""
        found = self._links.get((entity, record_id))
        if found is None:
            found = self._links[entity, record_id] = self._linked(entity, record_id)
        return found

    def _linked(self, entity: str, record_id: int) -> Shown:
        shown: Shown = {"id": str(record_id)}
        target = self.world.linked(entity, record_id)
        if target is None:
            return shown
        access = self.access_of(target)
        if not access.readable:
            return shown
        number, title = access.read("number"), target.entity.title
        if number != "none":
            shown["number"] = target.number if number == "read" else masked(None, target.number)
        if title and title in target.entity.header.fields and (how := access.read(title)) != "none":
            field = target.entity.header.fields[title]
            value: Any = target.get(title)
            text = None if value is None else codec_of(field).show(value)
            shown["title"] = text if how == "read" else masked(field, text)
        return shown


def _split(access: RecordAccess, shape: Shape) -> _Split:
    """Return the columns of the records that share an access."""
    plain: list[tuple[str, int, Encode]] = []
    others: list[Column] = []
    for column in shape.columns:
        field = column.field
        is_plain = field is not None and not column.path.hops and column.index >= 0
        if not is_plain or field is None or field.type in REFERENCES or field.type in FILES:
            others.append(column)
        elif access.read(column.own) == "read":
            plain.append((column.out, column.index, column.encode))
        elif access.read(column.own) == "mask":
            others.append(column)
    return plain, others
