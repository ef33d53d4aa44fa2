"""What a person may do with an entity: computed once for a revision and a set of roles."""

from collections.abc import Callable, Iterable, Sequence

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.catalog import Catalog, Entity
from zhangshi.expr import Formula
from zhangshi.identity.model import Person
from zhangshi.records.access.conditions import RowScope, row_scope
from zhangshi.records.access.errors import FORBIDDEN
from zhangshi.records.access.grants import READ, Held, grants_of, held_grants
from zhangshi.records.access.record_access import RecordAccess

_KEPT = "_access_kept"
_KEPT_MAX = 4096


class EntityAccess:
    """The projection of one entity for one set of roles (and one token). Shared between threads."""

    def __init__(self, entity: Entity, held: tuple[Held, ...], conditions: tuple[Formula, ...]) -> None:
        self.entity = entity
        self.conditions = conditions
        """The distinct row formulas of the grants: evaluate each for a record, hand the truths to `of`."""
        self._held = held
        self._records: dict[int, RecordAccess] = {}
        self._scopes: dict[tuple[frozenset[str], str], RowScope] = {}
        self.unconditional = all(one.unconditional for one in held)
        """Whether the same holds for every record: `everything` is then the access to each."""
        self.everything = self._record((1 << len(held)) - 1)
        """The access if every grant held: nobody sees more than this of any record."""

    def may(self, action: str) -> bool:
        """Return whether the action is granted for some record."""
        return self.everything.may(action)

    def refuse(self, action: str) -> None:
        """Raises: records.forbidden unless the action is granted for some record."""
        if not self.may(action):
            raise ZhangshiError(FORBIDDEN, entity=self.entity.key, action=action)

    def of(self, state: str, truths: Sequence[object]) -> RecordAccess:
        """Return the access to a record in `state`, for which `truths` answer `conditions` in order."""
        if self.unconditional:
            return self.everything
        bits = 0
        for index, truth in enumerate(truths):
            if truth:
                bits |= 1 << index
        return self._of_bits(state, bits)

    def of_record(self, state: str, evaluate: Callable[[Formula], bool]) -> RecordAccess:
        """Return the access to a record in `state`; `evaluate` answers a row formula, False where it fails."""
        if self.unconditional:
            return self.everything
        return self.of(state, [evaluate(condition) for condition in self.conditions])

    def scope(self, paths: Iterable[str] = (), *, action: str = READ) -> RowScope:
        """Return the records of which `action` is granted and every one of `paths` is readable in full."""
        key = (frozenset(paths), action)
        found = self._scopes.get(key)
        if found is None:
            found = row_scope(self.entity, self._held, key[0], action)
            if len(self._scopes) < _KEPT_MAX:
                self._scopes[key] = found
        return found

    def _of_bits(self, state: str, truths: int) -> RecordAccess:
        holding = 0
        for index, one in enumerate(self._held):
            if one.holds(state, truths):
                holding |= 1 << index
        return self._record(holding)

    def _record(self, holding: int) -> RecordAccess:
        found = self._records.get(holding)
        if found is None:
            held = tuple(one for index, one in enumerate(self._held) if holding >> index & 1)
            found = self._records[holding] = RecordAccess(self.entity, held)
        return found


def access_to(catalog: Catalog, entity: str, person: Person) -> EntityAccess:
    """Return what `person` may do with `entity`; kept with the catalog, so that it costs one look-up."""
    kept: dict[tuple[str, frozenset[str], tuple[str, ...] | None], EntityAccess]
    kept = catalog.__dict__.setdefault(_KEPT, {})  # as its cached properties are: it goes when the catalog goes
    key = (entity, person.roles, person.scopes)
    found = kept.get(key)
    if found is None:
        found = _computed(catalog, entity, person)
        if len(kept) >= _KEPT_MAX:
            kept.clear()
        kept[key] = found
    return found


def _computed(catalog: Catalog, entity: str, person: Person) -> EntityAccess:
    scopes_only = Person(user_id=0, login="", name="", scopes=person.scopes)

    def may_token(action: str) -> bool:
        return scopes_only.may_token(entity, action)

    grants = grants_of(catalog, entity, person.roles)
    held, conditions = held_grants(catalog.entities[entity], grants, may_token)
    return EntityAccess(catalog.entities[entity], held, conditions)
