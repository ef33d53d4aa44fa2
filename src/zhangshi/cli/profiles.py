"""Import profiles: another system's data, taken over as it lies in its files."""

from decimal import Decimal
from pathlib import Path

import click

from zhangshi.cli.definitions import opened
from zhangshi.cli.main import State, shared_options

_FIRST_YEAR, _LAST_YEAR = 2011, 2014
_DOCUMENTS_MAX = 5000


@click.command("import-profile")
@click.argument("profile", type=click.Choice(["adventureworks"]))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--documents",
    type=click.IntRange(0, _DOCUMENTS_MAX),
    default=500,
    show_default=True,
    help="采购、生产、销售订单各导入多少张 · How many purchase, work and sales orders each",
)
@click.option(
    "--year",
    type=click.IntRange(_FIRST_YEAR, _LAST_YEAR),
    default=2013,
    show_default=True,
    help="从哪一年的第一张开始 · The year whose first orders are taken",
)
@shared_options
@click.pass_obj
def import_profile_command(state: State, profile: str, folder: Path, documents: int, year: int) -> None:
    """从其他系统的数据文件夹导入主数据和单据 · Take over masters and documents from another system's FOLDER."""
    from zhangshi.packs.adventureworks.profile import (  # noqa: PLC0415 - other commands need not load the forms
        import_adventureworks,
    )

    with opened(state) as company, state.output.progress("importing_profile") as progress:
        shop = state.wiring.open_shop(company)
        done = import_adventureworks(shop, folder=folder, year=year, documents=documents, told=progress)
    answer = {
        "profile": profile,
        "days": done.days,
        "records": done.counts,
        "opening": {item: f"{quantity.normalize():f}" for item, quantity in done.opening.items()},
    }
    count, quantity = sum(done.counts.values()), sum(done.opening.values(), Decimal(0))
    state.output.say(
        "profile_imported",
        answer,
        count=count,
        days=done.days,
        items=len(done.opening),
        quantity=f"{quantity.normalize():f}",
    )
