"""The command `zhangshi demo`: a factory to look at."""

from datetime import datetime

import click

from zhangshi.cli.main import State, shared_options
from zhangshi.platform.databases import DEFAULT_SCHEMA
from zhangshi.platform.directory import CompanyEntry, check_company_key, shown_url


@click.command("demo")
@click.argument("key", default="demo")
@click.option("--url", help="数据库地址;默认为主目录下的 SQLite 文件 · Address; an SQLite file in the home folder")
@click.option("--schema", default=DEFAULT_SCHEMA, show_default=True, help="PostgreSQL 模式 · PostgreSQL schema")
@click.option("--seed", type=int, default=1, show_default=True, help="同数同厂 · The same number, the same factory")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="历史到哪一天;默认今天 · Its last day; today if left out"
)
@shared_options
@click.pass_obj
def demo_command(  # a command takes what its options say
    state: State, *, key: str, url: str | None, schema: str, seed: int, until: datetime | None
) -> None:
    """建一家演示工厂:温州 80 人的五金厂,十二个月的单据 · Build a demo factory with twelve months of documents."""
    check_company_key(key)
    home = state.wiring.settings.home
    entry = CompanyEntry(key=key, url=url or f"sqlite:///{home.absolute()}/{key}.db", schema=schema)
    with state.output.progress("building_demo") as progress:
        built = state.wiring.build_demo(entry, seed=seed, until=until.date() if until else None, progress=progress)
    answer = {
        "company": key,
        "url": shown_url(entry.url),
        "owner": {"login": built.owner, "password": built.password},
        "staff": {"logins": list(built.staff), "password": built.staff_password},
        "counts": dict(built.counts),
    }
    state.output.say(
        "demo_built",
        answer,
        key=key,
        url=shown_url(entry.url),
        owner=built.owner,
        password=built.password,
        staff=", ".join(built.staff),
        staff_password=built.staff_password,
        records=sum(built.counts[one] for one in ("sales_orders", "purchase_orders", "work_orders")),
    )
