"""The commands of the platform: make, upgrade, check, save and bring back a company."""

from pathlib import Path

import click

from zhangshi.cli.definitions import definitions_group
from zhangshi.cli.demo import demo_command
from zhangshi.cli.jobs import jobs_group, worker_command
from zhangshi.cli.main import ExitCode, State, shared_options, zhangshi
from zhangshi.cli.packs import pack_group
from zhangshi.cli.people import user_group
from zhangshi.cli.profiles import import_profile_command
from zhangshi.cli.serve import serve_command
from zhangshi.cli.transfer import export_command, import_command, template_command, undo_command
from zhangshi.cli.wiring import AuditOutcome
from zhangshi.platform.databases import DEFAULT_SCHEMA
from zhangshi.platform.directory import CompanyEntry, check_company_key, shown_url

_file = click.Path(dir_okay=False, path_type=Path)

zhangshi.add_command(jobs_group)
zhangshi.add_command(definitions_group)
zhangshi.add_command(pack_group)
zhangshi.add_command(import_profile_command)
zhangshi.add_command(worker_command)
zhangshi.add_command(user_group)
zhangshi.add_command(serve_command)
zhangshi.add_command(demo_command)
for _command in (import_command, undo_command, template_command, export_command):
    zhangshi.add_command(_command)


@zhangshi.command()
@click.argument("key")
@click.option("--url", help="数据库地址;默认为主目录下的 SQLite 文件 · Address; an SQLite file in the home folder")
@click.option("--schema", default=DEFAULT_SCHEMA, show_default=True, help="PostgreSQL 模式 · PostgreSQL schema")
@click.option("--owner", default="owner", show_default=True, help="首个企业主的用户名 · Login of the first owner")
@shared_options
@click.pass_obj
def init(state: State, key: str, url: str | None, schema: str, owner: str) -> None:
    """新建账套 KEY,或登记已有的数据库 · Create company KEY, or register a database that exists."""
    check_company_key(key)
    home = state.wiring.settings.home
    entry = CompanyEntry(key=key, url=url or f"sqlite:///{home.absolute()}/{key}.db", schema=schema)
    made = state.wiring.create_company(entry, owner=owner)
    answer: dict[str, object] = {"company": key, "url": shown_url(entry.url), "schema": schema}
    answer["revision"] = made.revision
    if made.password:
        answer["owner"] = {"login": made.owner, "password": made.password}
    name = "created_with_owner" if made.password else "created"
    facts = {"owner": made.owner, "password": made.password} if made.password else {}
    state.output.say(name, answer, key=key, url=shown_url(entry.url), revision=made.revision, **facts)


@zhangshi.command()
@shared_options
@click.pass_obj
def migrate(state: State) -> None:
    """升级账套的数据库结构 · Bring the company's tables to this program's revision."""
    entry = state.entry()
    before, after = state.wiring.migrate(entry)
    answer = {"company": entry.key, "before": before, "after": after}
    name = "current" if before == after else "migrated"
    state.output.say(name, answer, key=entry.key, before=before, after=after)


@zhangshi.command()
@shared_options
@click.pass_obj
def audit(state: State) -> int:
    """核对:从每一笔移动重新推算账目 · Derive the books again from every move and name the first difference."""
    entry = state.entry()
    with state.output.progress("auditing") as progress:
        outcome = state.wiring.audit(entry, progress)
    answer = {
        "company": entry.key,
        "clean": not outcome.difference_count,
        "counts": dict(outcome.counts),
        "difference_count": outcome.difference_count,
        "differences": [dict(difference) for difference in outcome.differences],
    }
    if not outcome.difference_count:
        state.output.say("audit_clean", answer, key=entry.key, counts=_counts(outcome))
        return ExitCode.OK
    first = shown_difference(outcome)
    state.output.say("audit_differs", answer, key=entry.key, count=outcome.difference_count, first=first)
    return ExitCode.DIFFERENCE


def _counts(outcome: AuditOutcome) -> str:
    return ", ".join(f"{name} {count}" for name, count in outcome.counts.items())


def shown_difference(outcome: AuditOutcome) -> str:
    """Return the first difference as one line; "" if there is none."""
    if not outcome.differences:
        return ""
    return ", ".join(
        f"{name}={value}" for name, value in outcome.differences[0].items() if value not in ("", "0", None)
    )


@zhangshi.command()
@click.argument("file", type=_file)
@shared_options
@click.pass_obj
def backup(state: State, file: Path) -> None:
    """在线备份到 FILE(SQLite 文件),不影响他人使用 · Back up to FILE (always SQLite) while people work."""
    entry = state.entry()
    with state.output.progress("backing_up") as progress:
        size = state.wiring.back_up(entry, file, progress)
    answer = {"company": entry.key, "file": str(file), "bytes": size}
    state.output.say("backed_up", answer, file=str(file), bytes=size)


@zhangshi.command()
@click.argument("file", type=_file)
@click.option("--force", is_flag=True, help="覆盖已有数据 · Replace a company that holds data")
@click.option("--accept-differences", is_flag=True, help="核对不平也恢复 · Restore despite a difference")
@shared_options
@click.pass_obj
def restore(state: State, file: Path, *, force: bool, accept_differences: bool) -> int:
    """从备份 FILE 恢复,核对无误后才替换 · Restore FILE; it takes the company's place only after an audit."""
    entry = state.entry()
    with state.output.progress("restoring") as progress:
        difference = state.wiring.restore(entry, file, progress, force=force, accept_differences=accept_differences)
    answer = {"company": entry.key, "file": str(file), "difference": difference}
    name = "restored_differs" if difference else "restored"
    state.output.say(name, answer, key=entry.key, file=str(file), difference=difference)
    return ExitCode.DIFFERENCE if difference else ExitCode.OK


@zhangshi.command()
@shared_options
@click.pass_obj
def info(state: State) -> None:
    """程序、账套和数据库的情况 · What there is: the program, the companies, the database."""
    entries = state.wiring.directory.list_entries()
    companies = [{"key": entry.key, "url": shown_url(entry.url), "schema": entry.schema} for entry in entries]
    answer: dict[str, object] = {"program": state.wiring.program(), "companies": companies}
    if state.company or len(entries) == 1:
        answer["company"] = state.wiring.describe(state.entry())
    state.output.table(answer)
    if not entries and not state.output.as_json:
        state.output.say("no_companies", {})
