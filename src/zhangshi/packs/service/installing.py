"""Installing and upgrading packs: one candidate with all of them, one plan, one publication, then their seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.model.packs import Pack
from zhangshi.definitions.service.allotting import Replacement
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.errors import NOTHING_TO_PUBLISH
from zhangshi.definitions.service.plan import Candidate, Plan, make_plan
from zhangshi.definitions.service.publications import get_publication
from zhangshi.definitions.service.publish import Published, publish, run_publication
from zhangshi.definitions.service.revisions import Objects, current_revision, read_objects, to_sources
from zhangshi.packs.errors import CONFLICTS, NOT_INSTALLED, OLDER_VERSION, REQUIRED_BY, SAME_VERSION
from zhangshi.packs.merging import Merged, OpenConflict, Rename, with_pack, without_pack
from zhangshi.packs.model import PackSource, requirers, with_requirements
from zhangshi.packs.ports import SeedPlayer
from zhangshi.packs.versions import parsed
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company, Request

ABSENT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How conflicts are decided: by name ("kind/key:path" -> "pack" or "site"), and all others by `prefer`."""

    by_name: Mapping[str, str] = field(default_factory=dict)
    prefer: str = ""


NO_CHOICES = Choices()


class PackStep(msgspec.Struct, frozen=True):
    """A pack that is installed ("" before) or goes ("" after)."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PackPlan:
    """What installing would do. `plan` is None while conflicts are open: it depends on how they are decided."""

    steps: tuple[PackStep, ...]
    conflicts: tuple[OpenConflict, ...]
    candidate: Candidate
    plan: Plan | None


class Installed(msgspec.Struct, frozen=True):
    """What was done. `revision` is 0 if the publication failed; `seeds` counts the records that were made."""

    steps: tuple[PackStep, ...]
    publication_id: int
    revision: int
    seeds: int


def installed_packs(objects: Objects) -> dict[str, Pack]:
    """Return the packs among the objects of a revision."""
    return {one.key: one.data for one in to_sources(objects) if isinstance(one.data, Pack) and one.layer == one.key}


def plan_install(
    session: Session, catalogs: Catalogs, wanted: Sequence[PackSource], *, choices: Choices = NO_CHOICES, note: str = ""
) -> PackPlan:
    """Return what installing or upgrading these packs would do; nothing is written.

    Raises: packs.requirement_missing, packs.older_version, packs.same_version, definitions.invalid.
    """
    base = current_revision(session)
    objects: Objects = read_objects(session, base)
    versions = {key: pack.version for key, pack in installed_packs(objects).items()}
    steps, renames, conflicts = [], list[Rename](), list[OpenConflict]()
    replacements: list[Replacement] = []
    before = objects
    for pack in with_requirements(wanted, versions):
        installed = versions.get(pack.key, ABSENT)
        _refuse_older(pack, installed)
        merged: Merged = with_pack(objects, pack, installed=installed, choices=choices.by_name, prefer=choices.prefer)
        objects, renames, conflicts = merged.objects, [*renames, *merged.renames], [*conflicts, *merged.conflicts]
        replacements += merged.replacements
        steps.append(PackStep(pack.key, installed, pack.version))
    if objects == before and not conflicts:
        raise ZhangshiError(SAME_VERSION, key=steps[0].key, installed=steps[0].before)
    told = note or ", ".join(f"{one.key} {one.after}" for one in steps)
    candidate = Candidate(
        base=base, objects=objects, note=told, renames=tuple(renames), replacements=tuple(replacements)
    )
    plan = None if conflicts else make_plan(session, catalogs, candidate)
    return PackPlan(tuple(steps), tuple(conflicts), candidate, plan)


def _refuse_older(pack: PackSource, installed: str) -> None:
    if installed and parsed(installed) > parsed(pack.version):
        raise ZhangshiError(OLDER_VERSION, key=pack.key, installed=installed, offered=pack.version)


def install(
    company: Company,
    catalogs: Catalogs,
    wanted: Sequence[PackSource],
    *,
    actor: str,
    choices: Choices = NO_CHOICES,
    seeds: SeedPlayer | None = None,
    demo: bool = False,
) -> Installed:
    """Install or upgrade packs, with those that they require, and play their base seeds (and demo seeds).

    Works to the end here and now; killed in the middle, the definitions are the old ones or the new ones, and the
    same call again plays the seeds that are missing.

    Raises: packs.conflicts with the conflicts that no choice decides; definitions.plan_refused; packs.seed_failed.
    """
    try:
        with company.read() as session:
            prepared = plan_install(session, catalogs, wanted, choices=choices)
    except ZhangshiError as error:
        if error.error_code is not SAME_VERSION or seeds is None:
            raise
        return Installed((), 0, 0, _play(wanted, seeds, demo=demo))
    _refuse_conflicts(prepared)
    published = publish_planned(company, catalogs, prepared, actor=actor)
    with company.read() as session:
        versions = {step.key for step in prepared.steps}
        fresh = [one for one in with_requirements(wanted, {}) if one.key in versions]
        revision = get_publication(session, published.publication_id).revision
    made = _play(fresh, seeds, demo=demo) if seeds is not None and revision else 0
    return Installed(prepared.steps, published.publication_id, revision, made)


def _refuse_conflicts(prepared: PackPlan) -> None:
    if prepared.conflicts:
        first = prepared.conflicts[0]
        key = prepared.steps[0].key if prepared.steps else "?"
        raise ZhangshiError(
            CONFLICTS,
            key=key,
            count=len(prepared.conflicts),
            first=Word(f"{first.name}: {first.en}", f"{first.name}:{first.zh}"),
        )


def publish_planned(company: Company, catalogs: Catalogs, prepared: PackPlan, *, actor: str) -> Published:
    """Publish a plan to its end in this process, through the same claim and the same steps as the job.

    Raises: what `publish` raises.
    """
    plan, candidate = prepared.plan, prepared.candidate
    if plan is None:
        raise ZhangshiError(NOTHING_TO_PUBLISH)
    request = Request(actor, f"packs/{company.ids.next_id()}", [plan.digest])
    published = company.write(
        request,
        lambda uow: publish(uow, catalogs, candidate=candidate, digest=plan.digest),
        answer_type=Published,
    )
    if not published.revision:
        run_publication(company, catalogs, published.publication_id)
    return published


def _play(packs: Sequence[PackSource], seeds: SeedPlayer, *, demo: bool) -> int:
    made = 0
    for when in ("base", "demo") if demo else ("base",):
        for pack in packs:
            made += seeds.play(pack=pack.key, seeds=pack.seeds(when))
    return made


def plan_uninstall(session: Session, catalogs: Catalogs, *, key: str) -> PackPlan:
    """Return what uninstalling would do: the pack's objects go, its tables and their records stay in the database.

    Raises: packs.not_installed, packs.required_by; definitions.invalid if something of the site still uses it.
    """
    base = current_revision(session)
    objects = read_objects(session, base)
    packs = installed_packs(objects)
    if key not in packs:
        raise ZhangshiError(NOT_INSTALLED, key=key, known=", ".join(sorted(packs)) or "-")
    others = requirers(key, packs.values())
    if others:
        raise ZhangshiError(REQUIRED_BY, key=key, others=", ".join(others))
    candidate = Candidate(base=base, objects=without_pack(objects, key), note=f"- {key} {packs[key].version}")
    steps = (PackStep(key, packs[key].version, ABSENT),)
    return PackPlan(steps, (), candidate, make_plan(session, catalogs, candidate))


def uninstall(company: Company, catalogs: Catalogs, *, key: str, actor: str) -> Installed:
    """Uninstall a pack. Raises: as `plan_uninstall`."""
    with company.read() as session:
        prepared = plan_uninstall(session, catalogs, key=key)
    published = publish_planned(company, catalogs, prepared, actor=actor)
    with company.read() as session:
        revision = get_publication(session, published.publication_id).revision
    return Installed(prepared.steps, published.publication_id, revision, 0)
