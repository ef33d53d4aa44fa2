"""Records as one person may see them: the one way out of the database (ADR 0022).

Every door hands its records through a `Projector`: detail, list, export, search, choices, chain. A field that is hidden
is not in the answer at all, so that it differs from one that is empty. A link shows the record behind it only as far as
that record may be read: its number and its title, or nothing but its id. A live lookup needs the right to the field
itself and to what it looks at; a copied one is a value of its own.

What is not at hand (a link's name, a rollup, a stock figure) is noted and fetched for all records of the page at once.
"""

from collections.abc import Sequence
from typing import Any

from zhangshi.definitions.catalog import FieldType
from zhangshi.records.access import RecordAccess, masked
from zhangshi.records.reading.beholding import Beholder, Shown
from zhangshi.records.reading.encoding import FILES, REFERENCES, Encode
from zhangshi.records.reading.shapes import Column, Shape
from zhangshi.records.values import codec_of
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.world import Pending

__all__ = ["Projector", "Shown"]

_NOTHING = object()

_Split = tuple[list[tuple[str, int, Encode]], list[Column]]
"""Columns that are only written down (key, place in the row, how), and those that need a second look."""


class Projector(Beholder):
    """Shows records of one snapshot to one person. One thread."""

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
        if column.index < 0 and field.lookup and not self.looks_at(record, field.lookup):
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

    def _reference(self, column: Column, raw: int) -> object:
        field = column.field
        assert field is not None
        if field.type is FieldType.USER:
            return self.names.user(raw)
        if field.type is FieldType.DEPARTMENT:
            return self.names.department(raw)
        return str(raw) if field.key == "id" else self.link(field.to, raw)


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
