"""A question about the headers of one entity: which columns, joined to which links, under which conditions.

`h` is the header; each link that a condition or a sort walks is one LEFT JOIN by the key of the other table, named by
the way to it, however often it is walked. Whether a value may be used is asked of the access of every record on the
way.
"""

from collections.abc import Callable, Iterable

from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, Table
from zhangshi.expr import Formula, Host
from zhangshi.identity.model import Person
from zhangshi.platform.dialect import DialectName
from zhangshi.records._store.reading_formulas import condition_sql, value_sql
from zhangshi.records._store.reading_rollups import rollup_sql
from zhangshi.records._store.reading_sql import EVERYTHING, Sql, all_of, any_of
from zhangshi.records.access import Clause, access_to
from zhangshi.records.paths import Hop, Path, resolve

_Wanted = dict[tuple[str, ...], tuple[tuple[Hop, ...], set[str]]]
"""By the way there: the links, and the paths that must be readable behind them."""


def _way(hops: tuple[Hop, ...]) -> tuple[str, ...]:
    return tuple(hop.link.key for hop in hops)


class HeaderQuery:
    """Collects joins while pieces of SQL are asked for; `sources` names the tables when all are known."""

    def __init__(
        self,
        catalog: Catalog,
        entity: Entity,
        *,
        person: Person,
        host: Host,
        dialect: DialectName,
        fetch: Callable[[], None],
    ) -> None:
        self.catalog = catalog
        self.entity = entity
        self.person = person
        self.host = host
        self.dialect: DialectName = dialect
        self.fetch = fetch
        """Answers what a formula's constant parts asked of the host."""
        self._joins: dict[tuple[str, ...], str] = {}
        self._texts: list[str] = []

    def sources(self) -> str:
        """Return what stands behind FROM."""
        return " ".join([f"{self.entity.header.name} h", *self._texts])

    def alias(self, hops: tuple[Hop, ...]) -> str:
        """Return the name of the table behind the links, joined when it is first asked for."""
        if not hops:
            return "h"
        key = _way(hops)
        found = self._joins.get(key)
        if found is None:
            link = self._stored(hops[:-1], hops[-1].entity, hops[-1].link)
            found = self._joins[key] = f"j{len(self._joins)}"
            self._texts.append(f"LEFT JOIN {hops[-1].target.header.name} {found} ON {found}.record_id = {link.text}")
        return found

    def path(self, text: str, start: tuple[Hop, ...] = ()) -> Path:
        """Return a path that begins behind the links `start`. Raises: records.unknown_path."""
        entity = start[-1].target if start else self.entity
        found = resolve(self.catalog, entity, text)
        return Path(found.text, (*start, *found.hops), found.entity, found.table, found.field) if start else found

    def value(self, path: Path) -> Sql:
        """Return the stored form of a path's value: minor units, ids, ISO dates.

        A table's value is how many rows it has. Raises: records.not_in_sql for a formula that SQL cannot say.
        """
        if path.field is None:
            name = path.entity.tables[path.table].name
            return Sql(f"(SELECT COUNT(*) FROM {name} x WHERE x.record_id = {self.alias(path.hops)}.record_id)")
        return self._stored(path.hops, path.entity, path.field)

    def _stored(self, hops: tuple[Hop, ...], entity: Entity, field: Field) -> Sql:
        if field.rollup is not None:
            return rollup_sql(self, entity, field, f"{self.alias(hops)}.record_id")
        if field.stored:
            return Sql(f"{self.alias(hops)}.{field.column}")
        if field.lookup:
            return self.value(self.path(field.lookup, hops))
        return value_sql(self, field, hops)

    def sum_of_rows(self, table: Table, field: Field) -> Sql:
        """Return the sum of a stored field over the rows of each header."""
        return Sql(f"(SELECT SUM(x.{field.column}) FROM {table.name} x WHERE x.record_id = h.record_id)")

    def formula(self, formula: Formula, hops: tuple[Hop, ...] = ()) -> Sql:
        """Return a condition over the header (or over the record behind the links)."""
        return condition_sql(self, formula, hops)

    def readable(self, paths: Iterable[Path], *, action: str = "read") -> Sql:
        """Return the condition under which the record and every path may be read; `action` is asked of the record."""
        wanted: _Wanted = {(): ((), set())}
        for path in paths:
            self._collect(path, wanted)
        found = []
        for hops, own in wanted.values():
            entity = hops[-1].target if hops else self.entity
            asked = "read" if hops else action
            scope = access_to(self.catalog, entity.key, self.person).scope(own, action=asked)
            clauses = [self._clause(one, hops) for one in scope.clauses]
            if hops and clauses:  # nothing is behind an empty link, so nothing is hidden
                clauses = [any_of([Sql(f"{self.alias(hops)}.record_id IS NULL"), all_of(clauses)])]
            found += clauses
        return all_of(found) if found else EVERYTHING

    def _collect(self, path: Path, wanted: "_Wanted") -> None:
        """Add what must be readable, at each record on the way; a live lookup shows what it looks at."""
        for away, _, own in path.readings():
            hops = path.hops[:away]
            wanted.setdefault(_way(hops), (hops, set()))[1].add(own)
        field = path.field
        if field is not None and field.lookup and not field.stored and path.table == HEADER:
            self._collect(self.path(field.lookup, path.hops), wanted)

    def _clause(self, clause: Clause, hops: tuple[Hop, ...]) -> Sql:
        alias = self.alias(hops)
        alternatives = []
        for one in clause:
            parts = []
            if one.states:
                marks = ", ".join("?" * len(one.states))
                parts.append(Sql(f"{alias}.state IN ({marks})", tuple(sorted(one.states))))
            if one.rows is not None:
                parts.append(self.formula(one.rows, hops))
            alternatives.append(all_of(parts))
        return any_of(alternatives)
