"""The commands of definitions: what a publication would do, doing it, the history, going back."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec

from zhangshi.base.clock import micros_to_instant
from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.cli.main import ExitCode, State, shared_options
from zhangshi.definitions.diffing import differences
from zhangshi.definitions.errors import InvalidDefinitions
from zhangshi.definitions.loading import dump_json, load_text
from zhangshi.definitions.model import KINDS
from zhangshi.definitions.schema import schema_of
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.drafts import candidate_from_drafts, with_object
from zhangshi.definitions.service.errors import PLAN_REFUSED
from zhangshi.definitions.service.plan import Candidate, Plan, make_plan
from zhangshi.definitions.service.publications import get_publication, list_publications
from zhangshi.definitions.service.publish import Published, publish, run_publication, withdraw
from zhangshi.definitions.service.retiring import candidate_to_retire
from zhangshi.definitions.service.revisions import current_revision, list_revisions, read_objects
from zhangshi.definitions.service.rollback import candidate_to_roll_back
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import Company, Request

_ACTOR = "cli"
_files = click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_yes = click.option("--yes", is_flag=True, help="不再询问 · Do not ask")
_note = click.option("--note", default="", help="说明,记入历史 · A note for the history")
_path = click.argument("path", metavar="ENTITY.FIELD")


@click.group("definitions")
def definitions_group() -> None:
    """定义:计划、发布、历史、回退 · Definitions: plan, publish, history, going back."""


@definitions_group.command("plan")
@_files
@shared_options
@click.pass_obj
def plan_command(state: State, files: tuple[Path, ...]) -> int:
    """发布草稿(或这些文件)会做什么 · What publishing the drafts (or these files) would do."""
    with opened(state) as company:
        _, plan = _planned(company, Catalogs(), partial(_wanted, files=files, note=""))
    show_plan(state, plan)
    return ExitCode.REFUSED if plan.refusals else ExitCode.OK


@definitions_group.command("publish")
@_files
@_note
@_yes
@shared_options
@click.pass_obj
def publish_command(state: State, files: tuple[Path, ...], note: str, *, yes: bool) -> int:
    """发布草稿(或这些文件) · Publish the drafts (or these files)."""
    return _carried_out(state, partial(_wanted, files=files, note=note), yes=yes)


@definitions_group.command("rollback")
@click.argument("revision", type=int)
@_note
@_yes
@shared_options
@click.pass_obj
def rollback_command(state: State, revision: int, note: str, *, yes: bool) -> int:
    """回到某一版,成为新的一版 · Make an old revision the newest one."""
    return _carried_out(state, partial(candidate_to_roll_back, to_revision=revision, note=note), yes=yes)


@definitions_group.command("retire")
@_path
@_yes
@shared_options
@click.pass_obj
def retire_command(state: State, path: str, *, yes: bool) -> int:
    """停用字段,数据保留 · Retire a field; its data stays."""
    return _carried_out(state, partial(candidate_to_retire, path=path, retired=True), yes=yes)


@definitions_group.command("restore")
@_path
@_yes
@shared_options
@click.pass_obj
def restore_command(state: State, path: str, *, yes: bool) -> int:
    """恢复停用的字段及其数据 · Bring a retired field back, with its data."""
    return _carried_out(state, partial(candidate_to_retire, path=path, retired=False), yes=yes)


@definitions_group.command("revisions")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@shared_options
@click.pass_obj
def revisions_command(state: State, limit: int) -> None:
    """列出历史,最新的在前 · List the history, the newest first."""
    with opened(state) as company, company.read() as session:
        found = list_revisions(session, limit=limit)
    rows = [
        {
            "revision": one.revision,
            "actor": one.actor,
            "recorded_at": micros_to_instant(one.recorded_at).isoformat(timespec="seconds"),
            "note": one.note,
            "digest": one.digest,
        }
        for one in found
    ]
    state.output.table({"revisions": rows})


@definitions_group.command("publications")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@shared_options
@click.pass_obj
def publications_command(state: State, limit: int) -> None:
    """列出发布,最新的在前 · List publications, the newest first."""
    with opened(state) as company, company.read() as session:
        found = list_publications(session, limit=limit)
    rows = [
        {
            "publication_id": str(one.publication_id),
            "state": one.state,
            "revision": one.revision,
            "actor": one.actor,
            "recorded_at": micros_to_instant(one.recorded_at).isoformat(timespec="seconds"),
            "rows": f"{one.steps_done}/{one.steps_total}",
            "problem": one.problem or None,
        }
        for one in found
    ]
    state.output.table({"publications": rows})


@definitions_group.command("resume")
@click.argument("publication_id", type=int)
@shared_options
@click.pass_obj
def resume_command(state: State, publication_id: int) -> int:
    """把中断的发布做完 · Work a publication to its end that was interrupted."""
    catalogs = Catalogs()
    with opened(state) as company:
        with company.read() as session:
            found = get_publication(session, publication_id)
        return finished(state, company, catalogs, Published(publication_id, found.revision, found.base_revision))


@definitions_group.command("withdraw")
@click.argument("publication_id", type=int)
@shared_options
@click.pass_obj
def withdraw_command(state: State, publication_id: int) -> None:
    """撤回进行中的发布 · Take a publication back that is under way."""
    with opened(state) as company:
        request = Request(_ACTOR, f"definitions/{company.ids.next_id()}", None)
        company.write(request, partial(withdraw, publication_id=publication_id), answer_type=type(None))
    state.output.say("publication_withdrawn", {"publication_id": str(publication_id)}, publication_id=publication_id)


@definitions_group.command("diff")
@click.argument("before", type=int)
@click.argument("after", type=int)
@shared_options
@click.pass_obj
def diff_command(state: State, before: int, after: int) -> None:
    """两版之间有何不同 · What differs between two revisions."""
    catalogs = Catalogs()
    with opened(state) as company, company.read() as session:
        found = differences(catalogs.at(session, before), catalogs.at(session, after))
    texts = [one.text(state.output.language) for one in found]
    state.output.table({"differences": texts if state.output.as_json else _numbered(texts)})


@definitions_group.command("schema")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@shared_options
@click.pass_obj
def schema_command(_state: State, kind: str) -> None:
    """输出某种定义的 JSON Schema · Print the JSON Schema of a kind."""
    click.echo(json.dumps(schema_of(kind), ensure_ascii=False, indent=2))


@contextmanager
def opened(state: State) -> Iterator[Company]:
    """Open the company that is meant; definitions that are wrong are told problem by problem."""
    company = state.wiring.open_company(state.entry())
    try:
        yield company
    except InvalidDefinitions as error:
        if not state.output.as_json:
            click.echo(error.report(state.output.language), err=True)
        raise
    finally:
        company.close()


def _wanted(session: Session, *, files: tuple[Path, ...], note: str) -> Candidate:
    """Return a candidate from files, or from the drafts where none are named."""
    if not files:
        return candidate_from_drafts(session, note=note)
    base = current_revision(session)
    objects = read_objects(session, base)
    for file in files:
        source = load_text(file.read_text(encoding="utf-8"), file.name)
        objects = with_object(objects, source.kind, source.key, dump_json(source))
    told = note or ", ".join(file.name for file in files)
    return Candidate(base=base, objects=objects, note=told)


def _planned(company: Company, catalogs: Catalogs, wanted: Callable[[Session], Candidate]) -> tuple[Candidate, Plan]:
    with company.read() as session:
        candidate = wanted(session)
        return candidate, make_plan(session, catalogs, candidate)


def _carried_out(state: State, wanted: Callable[[Session], Candidate], *, yes: bool) -> int:
    catalogs = Catalogs()
    with opened(state) as company:
        candidate, plan = _planned(company, catalogs, wanted)
        confirm(state, plan, yes=yes)
        request = Request(_ACTOR, f"definitions/{company.ids.next_id()}", [plan.digest])
        published = company.write(
            request,
            lambda uow: publish(uow, catalogs, candidate=candidate, digest=plan.digest),
            answer_type=Published,
        )
        return finished(state, company, catalogs, published)


def finished(state: State, company: Company, catalogs: Catalogs, published: Published) -> int:
    """Work a publication to its end here and now, and say what came of it."""
    if not published.revision:
        run_publication(company, catalogs, published.publication_id)
    with company.read() as session:
        ended = get_publication(session, published.publication_id)
    if ended.problem:
        problem: dict[str, str] = msgspec.json.decode(ended.problem)
        state.output.refuse(problem["code"], problem[state.output.language], {})
        return ExitCode.REFUSED
    state.output.say("definitions_published", {"revision": ended.revision}, revision=ended.revision)
    return ExitCode.OK


def confirm(state: State, plan: Plan, *, yes: bool) -> None:
    """Show the plan and ask; programs say --yes. Raises: definitions.plan_refused."""
    if not state.output.as_json:
        show_plan(state, plan)
    if plan.refusals:
        first = plan.refusals[0]
        told = first.zh if state.output.language == "zh" else first.en
        raise ZhangshiError(PLAN_REFUSED, count=len(plan.refusals), first=told)
    if not yes:
        question = "发布?" if state.output.language == "zh" else "Publish?"
        click.confirm(question, abort=True)


def show_plan(state: State, plan: Plan) -> None:
    """Print a plan: everything for programs, what a person decides by for people."""
    if state.output.as_json:
        state.output.table(msgspec.to_builtins(plan))
        return
    language = state.output.language
    shown = {
        "changes": [f"{one.what} {one.layer}: {one.kind}/{one.key}" for one in plan.changes],
        "steps": [_said(one, language) for one in plan.steps],
        "conversions": [f"{one.path}: {one.before} → {one.after}, {one.rows}" for one in plan.conversions],
        "dependents": [f"{one.path} ← {one.kind} {one.name} {one.where}" for one in plan.dependents],
        "refusals": [_said(one, language) for one in plan.refusals],
    }
    told = {name: _numbered(texts) for name, texts in shown.items() if texts}
    state.output.table({"base": plan.base, **told, "plan": plan.digest})


def _numbered(texts: Sequence[str]) -> dict[str, str]:
    return {str(number): text for number, text in enumerate(texts, start=1)}


def _said(one: Any, language: Language) -> str:  # noqa: ANN401  a step or a refusal
    return str(one.zh if language == "zh" else one.en)
