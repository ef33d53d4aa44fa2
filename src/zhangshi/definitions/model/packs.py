# ruff: noqa: RUF012  msgspec gives every struct an empty list or map of its own
"""Packs and what comes with them: seeds, stories, migrations, and overrides of other packs' objects."""

from typing import Annotated, Any, Literal

from msgspec import field

from zhangshi.definitions.model.texts import Definition, Key, LabelText, Part, says


class Pack(Definition, frozen=True, kw_only=True):
    """A template or a module."""

    pack: Annotated[Key, says("Its key.", "键")]
    version: Annotated[str, says("Its version: 1.2.0.", "版本", pattern=r"^\d+\.\d+(\.\d+)?$")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    description: Annotated[LabelText, says("What it is for.", "说明")] = ""
    industry: Annotated[str, says("The trade it is made for.", "行业")] = ""
    requires: Annotated[dict[Key, str], says("Packs it stands on -> version: >=1.0.", "依赖")] = {}


class SeedRow(Part, frozen=True, kw_only=True):
    """A record that a seed makes."""

    entity: Annotated[Key, says("Its entity.", "实体")]
    key: Annotated[str, says("Its key outside: the same row is never made twice.", "外部键", min_length=1)]
    values: Annotated[dict[str, Any], says("Field -> value; {ref: entity/key} points at another row.", "值")] = {}
    lines: Annotated[list[dict[str, Any]], says("Rows of the table `lines`.", "明细")] = []
    tables: Annotated[dict[Key, list[dict[str, Any]]], says("Rows of other tables.", "明细表")] = {}
    transition: Annotated[str | list[str], says("What it goes through when it is in.", "操作")] = ""


class Seed(Definition, frozen=True, kw_only=True):
    """Records that come with a pack."""

    seed: Annotated[Key, says("Its key.", "键")]
    when: Annotated[Literal["base", "demo"], says("Always, or only for a demonstration.", "用途")] = "base"
    order: Annotated[int, says("Its place among the seeds.", "次序")] = 0
    rows: Annotated[list[SeedRow], says("The records, in order.", "记录")] = []


class Story(Definition, frozen=True, kw_only=True):
    """A scenario of the pack: what people do, and what must be true then."""

    story: Annotated[Key, says("Its key.", "键")]
    label: Annotated[LabelText, says("Its name.", "名称")] = ""
    users: Annotated[dict[str, list[Key]], says("Name -> roles.", "人员")] = {}
    on: Annotated[str, says("The business date it plays on.", "日期")] = ""
    steps: Annotated[
        list[dict[str, Any]],
        says("as + create, edit, transition, convert, delete; or expect, refused.", "步骤"),
    ] = []


class Migration(Definition, frozen=True, kw_only=True):
    """What becomes of the data of an earlier version of the pack."""

    migration: Annotated[Key, says("Its key.", "键")]
    source: Annotated[str, says("The versions it applies to: <1.1.", "适用版本")] = field(name="from")
    rename: Annotated[dict[str, str], says("entity.field or entity.table.field -> new key.", "改名")] = {}
    values: Annotated[dict[str, dict[str, str]], says("Path of a select -> old value -> new value.", "值替换")] = {}


class Override(Definition, frozen=True, kw_only=True):
    """A patch of an object of another layer, path by path; never an edited copy."""

    override: Annotated[
        str, says("What it changes: kind/key.", "对象", pattern=r"^[a-z_]{1,40}/[a-z][a-z0-9_.]{0,80}$")
    ]
    set: Annotated[dict[str, Any], says("Path -> new value: fields.price.label.", "设置")] = {}
    was: Annotated[dict[str, Any], says("Path -> the value when the change was made.", "原值")] = {}
    retire: Annotated[list[str], says("Paths that are retired or left out.", "停用")] = []
