"""The commands that carry records in and out: import, its undo, its template, export."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import msgspec

from zhangshi.cli.main import ExitCode, State, shared_options

if TYPE_CHECKING:  # other commands need not load the forms
    from zhangshi.packs.shop import Shop
    from zhangshi.platform.session import Session
    from zhangshi.records.exporting.service import Format
    from zhangshi.records.importing.model import ImportAnswer, ImportOutcome, ImportRequest
    from zhangshi.records.model import Caller

_PROBLEMS_PRINTED = 20
_file = click.Path(dir_okay=False, path_type=Path)
_existing = click.Path(exists=True, dir_okay=False, path_type=Path)
_as = click.option("--as", "login", default="", metavar="LOGIN", help="以此人的权限 · With this person's rights")


@click.command("import")
@click.argument("file", type=_existing)
@click.option("--entity", default="", help="档案或单据 · The entity")
@click.option("--using", default="", metavar="MAP", help="按定义里的导入对应表 · An import map of the definitions")
@click.option("--mode", type=click.Choice(["insert", "update", "upsert"]), default="insert", show_default=True)
@click.option("--match", multiple=True, metavar="PATH", help="用来找已有记录的字段 · Fields that find records")
@click.option("--map", "pairs", multiple=True, metavar="TITLE=PATH", help="列对应,ignore 为不导入 · A column's field")
@click.option("--transition", default="", help="导入后执行的操作 · Made by each new record")
@click.option("--dry-run", is_flag=True, help="只检查 · Check only")
@click.option("--marked", type=_file, help="标注问题的表格写到这里 · Where the sheet with marks goes")
@_as
@shared_options
@click.pass_obj
def import_command(state: State, /, file: Path, marked: Path | None, login: str, **asked: Any) -> int:  # noqa: ANN401 - options
    """从 Excel 或 CSV 导入,要么全部写入,要么都不写 · Import a sheet: all of its records or none."""
    if bool(asked["entity"]) == bool(asked["using"]):
        raise click.UsageError("--entity or --using is needed, and one of them only.")
    from zhangshi.records.importing.service import Importer  # noqa: PLC0415 - as above
    from zhangshi.records.importing.sheet import read_sheet  # noqa: PLC0415

    sheet = read_sheet(file.read_bytes(), name=file.name)
    with _opened(state) as shop, state.output.progress("importing") as progress:
        with shop.company.read() as session:
            caller = _caller(session, login)
            request = _request(shop, session, asked)
        outcome = Importer(records=shop.records).run(
            caller, request, sheet, import_id=shop.company.ids.next_id(), name=file.name, progress=_Bar(progress)
        )
    return _say_imported(state, outcome, marked)


class _Bar:
    def __init__(self, progress: Any) -> None:  # noqa: ANN401 - a callable of two numbers
        self._progress = progress

    def advance(self, done: int, total: int, message: str = "") -> None:
        del message
        self._progress(done, total)


def _request(shop: "Shop", session: "Session", asked: dict[str, Any]) -> "ImportRequest":
    from zhangshi.records.importing.maps import request_by_map  # noqa: PLC0415 - as above
    from zhangshi.records.importing.model import ImportRequest  # noqa: PLC0415

    mapping = dict(cast("tuple[str, str]", tuple(pair.rpartition("=")[::2])) for pair in asked["pairs"])
    if asked["using"]:
        found = request_by_map(shop.catalogs.current(session), asked["using"], dry_run=asked["dry_run"])
        return msgspec.structs.replace(found, mapping={**found.mapping, **mapping})
    return ImportRequest(
        entity=asked["entity"],
        mode=asked["mode"],
        match=asked["match"] or ("number",),
        mapping=mapping,
        transition=asked["transition"],
        dry_run=asked["dry_run"],
    )


def _say_imported(state: State, outcome: "ImportOutcome", marked: Path | None) -> int:
    answer = outcome.answer
    if outcome.marked is not None and marked is not None:
        marked.write_bytes(outcome.marked)
    facts = {name: getattr(answer, name) for name in ("inserted", "updated", "unchanged", "problem_count", "import_id")}
    name = "import_refused" if answer.problem_count else "imported" if answer.written else "import_checked"
    state.output.say(name, _as_json(answer, marked if outcome.marked else None), **facts)
    if answer.problem_count and not state.output.as_json:
        for one in answer.problems[:_PROBLEMS_PRINTED]:
            click.echo(f"  {one.column}{one.row}  {one.zh if state.output.language == 'zh' else one.en}")
    return ExitCode.REFUSED if answer.problem_count else ExitCode.OK


def _as_json(answer: "ImportAnswer", marked: Path | None) -> dict[str, object]:
    found: dict[str, object] = msgspec.to_builtins(answer)
    return {**found, "marked": str(marked) if marked else ""}


@click.command("import-undo")
@click.argument("import_id", type=int)
@_as
@shared_options
@click.pass_obj
def undo_command(state: State, import_id: int, login: str) -> None:
    """撤销一次导入 · Undo a whole import while nothing stands on it."""
    from zhangshi.records.importing.undoing import undo_import  # noqa: PLC0415 - as above

    with _opened(state) as shop:
        with shop.company.read() as session:
            caller = _caller(session, login)
        key = f"import-undo/{shop.company.ids.next_id()}"
        undone = undo_import(shop.records, caller, key=key, import_id=import_id)
    state.output.say("import_undone", msgspec.to_builtins(undone), deleted=undone.deleted, restored=undone.restored)


@click.command("import-template")
@click.argument("entity")
@click.argument("file", type=_file)
@_as
@shared_options
@click.pass_obj
def template_command(state: State, entity: str, file: Path, login: str) -> None:
    """生成导入模板 · Write a workbook to fill in for an import of ENTITY."""
    from zhangshi.records.importing.template import template  # noqa: PLC0415 - as above

    with _opened(state) as shop, shop.company.read() as session:
        content = template(shop.catalogs.current(session), _caller(session, login), entity)
    file.write_bytes(content)
    state.output.say("template_written", {"entity": entity, "file": str(file)}, file=str(file))


@click.command("export")
@click.argument("entity")
@click.argument("file", type=_file)
@click.option("--format", "form", type=click.Choice(["xlsx", "csv"]), help="默认按文件后缀 · By the file's ending")
@click.option("--filter", "filter_", default="", metavar="FORMULA", help="筛选条件 · Which records")
@click.option("--sort", multiple=True, metavar="PATH", help="排序,-字段为降序 · Order; -path falls")
@click.option("--columns", default="", metavar="PATHS", help="列,逗号分开;明细写 lines · Columns, by commas")
@_as
@shared_options
@click.pass_obj
def export_command(state: State, /, entity: str, file: Path, login: str, columns: str, **asked: Any) -> None:  # noqa: ANN401 - options
    """导出到 Excel 或 CSV · Export records to a workbook or a CSV file."""
    from zhangshi.records.exporting.service import Exporter, ExportRequest  # noqa: PLC0415 - as above

    form = asked["form"] or ("csv" if file.suffix.lower() == ".csv" else "xlsx")
    paths = tuple(one.strip() for one in columns.split(",") if one.strip()) or None
    request = ExportRequest(
        entity=entity, format=cast("Format", form), columns=paths, filter=asked["filter_"] or None, sort=asked["sort"]
    )
    with _opened(state) as shop, state.output.progress("exporting") as progress:
        with shop.company.read() as session:
            caller = _caller(session, login)
        exporter = Exporter(company=shop.company, reader=shop.reader, zone=shop.zone)
        answer = exporter.to_file(caller, request, file, progress=_Bar(progress))
    told = {**msgspec.to_builtins(answer), "file": str(file)}
    state.output.say("exported", told, records=answer.records, rows=answer.rows, file=str(file))


@contextmanager
def _opened(state: State) -> "Iterator[Shop]":
    company = state.wiring.open_company(state.entry())
    try:
        yield state.wiring.open_shop(company)
    finally:
        company.close()


def _caller(session: "Session", login: str) -> "Caller":
    """Return who asks: the person at the machine, who may do everything, or somebody named."""
    from zhangshi.identity.service.people import get_user_by_login  # noqa: PLC0415 - as above
    from zhangshi.records.host import SYSTEM_PERSON  # noqa: PLC0415
    from zhangshi.records.importing.requesters import person_now  # noqa: PLC0415
    from zhangshi.records.model import Caller  # noqa: PLC0415

    if not login:
        return Caller(SYSTEM_PERSON, "cli")
    user = get_user_by_login(session, login=login)
    return Caller(person_now(session, user.user_id, None), "cli")
