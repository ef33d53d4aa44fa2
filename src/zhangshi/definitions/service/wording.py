"""Steps of the database in words, for people who decide whether to publish."""

from typing import NamedTuple

from zhangshi.definitions.service.checking import Filling, Kept
from zhangshi.definitions.storage import AddColumn, CreateTable, DropIndex, Step


class Sentence(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


def describe(step: Step) -> Sentence:
    """Return what a step does."""
    if isinstance(step, CreateTable):
        count = len(step.table.columns)
        return Sentence(
            f"新建表 {step.table.name}({count} 列)", f"Create the table {step.table.name} ({count} columns)"
        )
    if isinstance(step, AddColumn):
        return Sentence(
            f"在表 {step.table} 增加列 {step.column.name}", f"Add the column {step.column.name} to {step.table}"
        )
    if isinstance(step, DropIndex):
        return Sentence(
            f"表 {step.table} 不再检查唯一({step.name})", f"Stop checking uniqueness in {step.table} ({step.name})"
        )
    index = step.index
    columns = ", ".join(index.columns)
    if index.unique:
        return Sentence(f"表 {index.table} 的 {columns} 不可重复", f"Keep {columns} unique in the table {index.table}")
    return Sentence(f"为表 {index.table} 建索引({columns})", f"Index {columns} in the table {index.table}")


def describe_filling(filling: Filling) -> Sentence:
    """Return which rows get a default."""
    path, count, value = filling.path, filling.rows, filling.value
    return Sentence(
        f"把 {path} 的 {count} 个空值填为默认值 {value}",
        f"Fill {count} empty values of {path} with the default {value}",
    )


def describe_kept(kept: Kept) -> Sentence:
    """Return what goes out of sight, and that its data stays."""
    if kept.field:
        return Sentence(
            f"字段 {kept.path} 不再显示,{kept.rows} 个值留在库中",
            f"The field {kept.path} goes out of sight; its {kept.rows} values stay",
        )
    return Sentence(
        f"{kept.path} 不再显示,{kept.rows} 条记录留在库中",
        f"{kept.path} goes out of sight; its {kept.rows} records stay",
    )
