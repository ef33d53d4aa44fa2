"""What a publication would do, before anybody does it: steps, conversions, refusals, dependents.

A plan writes nothing. Its digest says what was looked at: the definitions it starts from, those it leads to, the
columns, and what stands in the way; publishing asks for that digest, so nobody publishes what nobody saw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions._store import ddl
from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.service.allotting import Allotment, Overrides, Replacement, allot
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.checking import Filling, Refusal, fillings, kept_aside, refusals
from zhangshi.definitions.service.columns import Columns, read_columns
from zhangshi.definitions.service.compiled import compiled
from zhangshi.definitions.service.converting import Conversion, look_at
from zhangshi.definitions.service.dependents import Dependent, dependents
from zhangshi.definitions.service.errors import PLAN_REFUSED
from zhangshi.definitions.service.revisions import (
    MemberKey,
    Objects,
    current_revision,
    digest_of,
    digest_of_objects,
    read_objects,
)
from zhangshi.definitions.service.wording import Sentence, describe, describe_filling, describe_kept
from zhangshi.definitions.storage import Existing, Step, difference, wanted_tables
from zhangshi.platform.session import Session

ROWS_MAX_AT_ONCE = 5_000
"""A publication that recodes more rows than this goes to a job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What somebody wants the definitions to be. `drafts` are used up by it: (kind, key, version)."""

    base: int
    objects: Objects
    note: str = ""
    drafts: tuple[tuple[str, str, int], ...] = ()
    renames: tuple[tuple[str, str, str, str], ...] = ()  # entity, line table, old field, new field
    replacements: tuple[Replacement, ...] = ()  # values of selects that get another name


class PlanStep(msgspec.Struct, frozen=True):
    """One step of the database: in words, and as it will be said to the database."""

    zh: str
    en: str
    sql: str


class Change(msgspec.Struct, frozen=True):
    """An object that comes, changes or goes."""

    what: str  # added, changed, removed
    layer: str
    kind: str
    key: str


class Plan(msgspec.Struct, frozen=True):
    """See above. `small`: nothing to recode to speak of, so it may be applied at once."""

    digest: str
    base: int
    changes: tuple[Change, ...]
    steps: tuple[PlanStep, ...]
    conversions: tuple[Conversion, ...]
    dependents: tuple[Dependent, ...]
    refusals: tuple[Refusal, ...]
    small: bool

    @property
    def empty(self) -> bool:
        """Whether it leads to what there is already."""
        return not self.changes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A candidate, compiled, with all that is known about it; what the publisher works with."""

    candidate: Candidate
    before: Catalog
    after: Catalog
    columns: Columns
    existing: Existing
    allotment: Allotment
    fillings: tuple[Filling, ...]
    plan: Plan


def make_plan(session: Session, catalogs: Catalogs, candidate: Candidate) -> Plan:
    """Return the plan for a candidate. Cost: compiles it, and reads every column that has to be recoded or checked.

    Raises: definitions.invalid with every problem of the definitions themselves.
    """
    return prepare(session, catalogs, candidate).plan


def prepare(
    session: Session,
    catalogs: Catalogs,
    candidate: Candidate,
    *,
    allotted: Overrides | None = None,
    values_too: bool = True,
) -> Prepared:
    """As `make_plan`, with what the plan was made from.

    `allotted` columns stay as a publication claimed them. Without `values_too` the values that will be copied are not
    looked at: copying them shows as well whether they can go.
    """
    before = catalogs.at(session, candidate.base)
    columns, existing = read_columns(session, candidate.base), ddl.existing(session)

    def compile_with(names: Overrides) -> Catalog:
        return compiled(candidate.objects, revision=candidate.base + 1, columns=names)

    allotment = allot(
        compile_with,
        before=before,
        columns=columns,
        existing=existing,
        renames=candidate.renames,
        replacements=candidate.replacements,
        allotted=allotted or {},
    )
    after = allotment.catalog
    looked_at = [one for one in allotment.recodings if values_too or not one.copies]
    conversions = tuple(look_at(session, one, after) for one in looked_at)
    found = (*refusals(session, before, after, existing), *(one.refusal for one in conversions if one.refusal))
    filled = fillings(session, before, after, existing)
    steps = (
        *(_described(session, one) for one in difference(wanted_tables(after), existing)),
        *(PlanStep(*describe_filling(one), sql="") for one in filled),
        *(PlanStep(*describe_kept(one), sql="") for one in kept_aside(session, before, after, existing)),
    )
    changes = changes_between(read_objects(session, candidate.base), candidate.objects)
    plan = Plan(
        digest=_digest(candidate, allotment, found),
        base=candidate.base,
        changes=changes,
        steps=steps,
        conversions=conversions,
        dependents=dependents(before, after),
        refusals=found,
        small=sum(one.rows for one in conversions) <= ROWS_MAX_AT_ONCE,
    )
    return Prepared(candidate, before, after, columns, existing, allotment, filled, plan)


def _described(session: Session, step: Step) -> PlanStep:
    words: Sentence = describe(step)
    return PlanStep(words.zh, words.en, ddl.sql(step, session.dialect.name))


def _digest(candidate: Candidate, allotment: Allotment, found: Sequence[Refusal]) -> str:
    about = (
        candidate.base,
        digest_of_objects(candidate.objects),
        sorted(allotment.overrides.items()),
        sorted((one.code, one.path) for one in found),
    )
    return digest_of(msgspec.json.encode(about).decode())


def changes_between(before: Objects, after: Objects) -> tuple[Change, ...]:
    """Return which objects come, change and go, in the order of layers, kinds and keys."""
    changes: list[Change] = []
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) == after.get(key):
            continue
        what = "added" if key not in before else "removed" if key not in after else "changed"
        changes.append(Change(what, key.layer, key.kind, key.key))
    return tuple(changes)


def refuse_if_any(plan: Plan) -> None:
    """Do nothing if nothing stands in the way. Raises: definitions.plan_refused."""
    if plan.refusals:
        first = plan.refusals[0]
        raise ZhangshiError(PLAN_REFUSED, count=len(plan.refusals), first=Word(first.en, first.zh))


def candidate_from(session: Session, objects: Objects, *, note: str) -> Candidate:
    """Return a candidate that replaces everything by `objects`, on top of what counts now."""
    return Candidate(base=current_revision(session), objects=objects, note=note)


def with_layer(objects: Objects, layer: str, members: Objects) -> dict[MemberKey, str]:
    """Return `objects` with one layer replaced by `members`."""
    kept = {key: text for key, text in objects.items() if key.layer != layer}
    return {**kept, **members}
