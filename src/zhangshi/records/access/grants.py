"""Which grants a person has on an entity, and what one grant says of a field.

System fields are readable with the record: `id`, `state` and `version` always, the others unless a grant names them.
`lines` in a grant stands for all fields of that table which the grant does not name. A formula's field that the grant
does not name shows no more than the least of what it reads: who hides the price has hidden the amount, the total and
the margin with it. To show a total of what is hidden, name it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from zhangshi.definitions.catalog import HEADER, Catalog, Entity, Field, FieldAccess, Grant
from zhangshi.expr import Formula

Inputs = Mapping[str, tuple[str, ...]]
"""What the formula of a field reads of its own document, by path."""

ANY = "*"
READ = "read"
OWNER = "owner"

ALWAYS_READABLE = frozenset({"id", "state", "version", "row"})
SYSTEM_FIELDS = ALWAYS_READABLE | {
    "number", "owner", "department", "created_at", "created_by", "updated_at", "updated_by"
}  # fmt: skip
_HANDED_ON = frozenset({"number", "owner", "department"})  # a person may set them where the definition lets him
WIDTH: dict[FieldAccess, int] = {"none": 0, "mask": 1, "read": 2, "write": 3}


@dataclass(frozen=True, slots=True)
class Held:
    """A grant as far as the person's token lets it through."""

    grant: Grant
    condition: int
    """Index into the entity's conditions, -1 for every record."""
    allows: Callable[[str], bool]
    inputs: Inputs = field(default_factory=dict)
    _known: dict[str, FieldAccess] = field(default_factory=dict, compare=False)

    def holds(self, state: str, truths: int) -> bool:
        """Return whether it holds for a record in `state` of which the conditions in `truths` (bits) are true."""
        states = self.grant.states
        return (not states or state in states) and (self.condition < 0 or bool(truths >> self.condition & 1))

    @property
    def unconditional(self) -> bool:
        """Whether it holds for every record."""
        return self.condition < 0 and not self.grant.states

    def field(self, path: str) -> FieldAccess:
        """Return what the grant says of a field, for records that it holds for."""
        found = self._known.get(path)
        if found is None:
            found = self._written(path)
            if path not in self.grant.fields:
                for one in self.inputs.get(path, ()):  # formulas are acyclic, so this ends
                    least = self.field(one)
                    found = least if WIDTH[least] < WIDTH[found] else found
            self._known[path] = found
        return found

    def _written(self, path: str) -> FieldAccess:
        grant = self.grant
        named = grant.fields.get(path)
        if path in ALWAYS_READABLE:
            return "read"
        if named is not None:
            return named
        if path in SYSTEM_FIELDS:
            return "write" if grant.default_access == "write" and path in _HANDED_ON else "read"
        table, _, key = path.partition(".")
        if key in ALWAYS_READABLE:
            key, path = "", table
        if key and (of_table := grant.fields.get(table)) is not None:
            return of_table
        return grant.default_access


def owner_grant(entity: str) -> Grant:
    """Return what the role `owner` may do: everything."""
    return Grant(OWNER, entity, frozenset({ANY}), None, {}, "write", frozenset())


def grants_of(catalog: Catalog, entity: str, roles: frozenset[str]) -> list[Grant]:
    """Return the grants of `roles` on `entity`, in an order that depends on nothing but their keys."""
    if OWNER in roles:
        return [owner_grant(entity)]
    found: list[Grant] = []
    for key in sorted(roles):
        role = catalog.roles.get(key)
        if role is not None:
            found.extend(role.grants.get(entity, ()))
    return found


def held_grants(
    entity: Entity, grants: list[Grant], may_token: Callable[[str], bool]
) -> tuple[tuple[Held, ...], tuple[Formula, ...]]:
    """Return the grants with their conditions numbered; the same formula is asked once."""
    inputs = inputs_of(entity)
    conditions: list[Formula] = []
    held: list[Held] = []
    for grant in grants:
        index = -1
        if grant.rows is not None:
            index = next((i for i, known in enumerate(conditions) if known == grant.rows), len(conditions))
            if index == len(conditions):
                conditions.append(grant.rows)
        held.append(Held(grant, index, _allows(grant.actions, may_token), inputs))
    return tuple(held), tuple(conditions)


def _allows(actions: frozenset[str], may_token: Callable[[str], bool]) -> Callable[[str], bool]:
    every = ANY in actions

    def allows(action: str) -> bool:
        return (every or action in actions) and may_token(action)

    return allows


def inputs_of(entity: Entity) -> Inputs:
    """Return, for each formula of a document, the paths of the same document that it reads."""
    found: dict[str, tuple[str, ...]] = {}
    for table in (entity.header, *entity.tables.values()):
        for one in table.fields.values():
            if one.formula is not None:
                path = f"{one.table}.{one.key}" if one.table != HEADER else one.key
                found[path] = tuple(sorted(_read_by(entity, one, one.formula)))
    return found


def _read_by(entity: Entity, one: Field, formula: Formula) -> set[str]:
    """Behind a link only the link counts: what lies there has grants of its own, and the formula's author chose it."""
    first = [path.partition(".")[0] for path in formula.reads]
    own = entity.table(one.table).fields
    prefix = f"{one.table}." if one.table != HEADER else ""
    found = {f"{prefix}{key}" if key in own else key for key in first}
    found |= {path.partition(".")[0] for path in formula.parent_reads}
    for table, paths in formula.row_reads.items():
        found |= {f"{table}.{path.partition('.')[0]}" for path in paths} or {table}
    return found - {f"{prefix}{one.key}"}
