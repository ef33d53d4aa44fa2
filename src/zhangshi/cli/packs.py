"""The commands of packs: what there is, install and upgrade, uninstall, export the site's own, check any."""

from collections.abc import Mapping
from pathlib import Path

import click
import msgspec

from zhangshi.cli.definitions import confirm, finished, opened
from zhangshi.cli.main import ExitCode, State, shared_options
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.revisions import current_revision, read_objects
from zhangshi.packs.model import folder_of, read_pack, shipped
from zhangshi.packs.service.exporting import as_zip, export_site, write_folder
from zhangshi.packs.service.installing import (
    Choices,
    Installed,
    install,
    installed_packs,
    plan_install,
    plan_uninstall,
    publish_planned,
)

_ACTOR = "cli"
_yes = click.option("--yes", is_flag=True, help="不再询问 · Do not ask")


@click.group("pack")
def pack_group() -> None:
    """模板:安装、升级、卸载、导出、检查 · Packs: install, upgrade, uninstall, export, check."""


@pack_group.command("list")
@shared_options
@click.pass_obj
def list_command(state: State) -> None:
    """列出已安装的和随程序提供的模板 · List the packs that are installed, and those that come along."""
    with opened(state) as company, company.read() as session:
        found = installed_packs(read_objects(session, current_revision(session)))
    offered = {key: read_pack(folder).version for key, folder in shipped().items()}
    rows = [
        {"pack": key, "installed": found[key].version if key in found else None, "shipped": offered.get(key)}
        for key in sorted(found.keys() | offered.keys())
    ]
    state.output.table({"packs": rows})


@pack_group.command("install")
@click.argument("names", nargs=-1, required=True, metavar="PACK|FOLDER...")
@click.option("--demo", is_flag=True, help="也写入演示数据 · Make the demo records too")
@click.option("--prefer", type=click.Choice(["pack", "site"]), help="冲突时用谁的 · Which side wins every conflict")
@click.option("--choose", multiple=True, metavar="NAME=pack|site", help="逐个决定冲突 · Decide one conflict")
@click.option("--plan", "only_plan", is_flag=True, help="只看会做什么 · Only show what it would do")
@_yes
@shared_options
@click.pass_obj
def install_command(
    state: State,
    names: tuple[str, ...],
    prefer: str | None,
    choose: tuple[str, ...],
    *,
    demo: bool,
    only_plan: bool,
    yes: bool,
) -> int:
    """安装或升级模板,连同它需要的 · Install or upgrade packs, with those that they require."""
    packs = [read_pack(folder_of(name)) for name in names]
    choices = Choices(by_name=_chosen(choose), prefer=prefer or "")
    with opened(state) as company:
        shop = state.wiring.open_shop(company)
        if only_plan or not yes:
            with company.read() as session:
                planned = plan_install(session, shop.catalogs, packs, choices=choices)
            if planned.conflicts or planned.plan is None:
                conflicts = [msgspec.to_builtins(one) for one in planned.conflicts]
                state.output.table({"conflicts": conflicts})
                return ExitCode.REFUSED
            if only_plan:
                state.output.table({"plan": msgspec.to_builtins(planned.plan)})
                return ExitCode.OK
            confirm(state, planned.plan, yes=False)
        answer = install(company, shop.catalogs, packs, actor=_ACTOR, choices=choices, seeds=shop.seeds, demo=demo)
    return _told(state, answer)


pack_group.add_command(install_command, "upgrade")


@pack_group.command("uninstall")
@click.argument("key")
@_yes
@shared_options
@click.pass_obj
def uninstall_command(state: State, key: str, *, yes: bool) -> int:
    """卸载模板;单据和账留在库里 · Uninstall a pack; records and books stay in the database."""
    catalogs = Catalogs()
    with opened(state) as company:
        with company.read() as session:
            planned = plan_uninstall(session, catalogs, key=key)
        assert planned.plan is not None
        confirm(state, planned.plan, yes=yes)
        published = publish_planned(company, catalogs, planned, actor=_ACTOR)
        return finished(state, company, catalogs, published)


@pack_group.command("export")
@click.argument("key")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--version", default="1.0.0", show_default=True)
@click.option("--label", default="", help="名称 · Its name for people")
@shared_options
@click.pass_obj
def export_command(state: State, key: str, target: Path, version: str, label: str) -> None:
    """把本账套自己的定义导出为模板(文件夹,或 .zip) · Export the site's own definitions as a pack (folder, or .zip)."""
    with opened(state) as company, company.read() as session:
        files = export_site(session, key=key, version=version, label=label)
    if target.suffix == ".zip":
        target.write_bytes(as_zip(files))
    else:
        write_folder(files, target)
    answer = {"pack": key, "target": str(target), "files": sorted(files)}
    state.output.say("pack_exported", answer, count=len(files), target=str(target))


@pack_group.command("check")
@click.argument("name", metavar="PACK|FOLDER")
@click.option("--beside", multiple=True, metavar="FOLDER", type=click.Path(path_type=Path), help="它依赖的模板")
@shared_options
@click.pass_obj
def check_command(state: State, name: str, beside: tuple[Path, ...]) -> int:
    """逐项检查模板:结构、安装、演示数据、账目、场景 · Check a pack: structure, installation, demo, books, stories."""
    from zhangshi.packs.service.checking import check_pack  # noqa: PLC0415 - other commands need not load the forms

    found = check_pack(
        folder_of(name), scratch_shop=state.wiring.scratch_shop, beside=beside, language=state.output.language
    )
    if state.output.as_json:
        state.output.table({"checks": [msgspec.to_builtins(one) for one in found]})
    else:
        for one in found:
            click.echo(f"{'✓' if one.ok else '✗'} {one.question}: {one.detail}")
    return ExitCode.OK if all(one.ok for one in found) else ExitCode.DIFFERENCE


def _chosen(choose: tuple[str, ...]) -> Mapping[str, str]:
    chosen: dict[str, str] = {}
    for one in choose:
        name, _, side = one.rpartition("=")
        if side not in ("pack", "site") or not name:
            raise click.BadParameter(one, param_hint="--choose")
        chosen[name] = side
    return chosen


def _told(state: State, answer: Installed) -> int:
    packs = ", ".join(f"{one.key} {one.after}" for one in answer.steps) or "-"
    answer_json = msgspec.to_builtins(answer, builtin_types=())
    answer_json["publication_id"] = str(answer.publication_id)
    if answer.steps and not answer.revision:
        state.output.say("pack_failed", answer_json, packs=packs)
        return ExitCode.REFUSED
    if not answer.steps:
        state.output.say("pack_current", answer_json, seeds=answer.seeds)
        return ExitCode.OK
    state.output.say("pack_installed", answer_json, packs=packs, revision=answer.revision, seeds=answer.seeds)
    return ExitCode.OK
