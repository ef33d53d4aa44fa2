"""Small packs written into a folder by the test that needs them."""

from collections.abc import Mapping
from pathlib import Path

from zhangshi.packs.model import PackSource, read_pack

THING = """schema: 1
entity: thing
kind: master
label: {zh: 东西, en: Thing}
title: name
fields:
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  color: {type: select, label: {zh: 颜色, en: Color}, options: [{value: red, label: {zh: 红, en: Red}}]}
"""
KEEPER = """schema: 1
role: keeper
label: {zh: 保管, en: Keeper}
grants: {thing: {actions: "*"}}
"""
LOAN = """schema: 1
entity: loan
kind: document
label: {zh: 借条, en: Loan}
fields:
  thing: {type: link, to: thing, label: {zh: 东西, en: Thing}}
  days: {type: int, label: {zh: 天数, en: Days}}
"""


def written(
    folder: Path, key: str, version: str, files: Mapping[str, str], *, requires: Mapping[str, str] | None = None
) -> Path:
    """Write a pack; return its folder."""
    where = folder / f"{key}-{version}"
    wanted = ", ".join(f'{name}: "{text}"' for name, text in (requires or {}).items())
    head = f"schema: 1\npack: {key}\nversion: {version}\nlabel: {{zh: {key}, en: {key}}}\nrequires: {{{wanted}}}\n"
    for path, text in {"pack.yaml": head, **files}.items():
        file = where / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return where


def things(folder: Path, version: str = "1.0.0", *changes: tuple[str, str]) -> PackSource:
    """Return the pack `things`, with replacements in its one entity."""
    text = THING
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return read_pack(written(folder, "things", version, {"entities/thing.yaml": text}))


def loans(folder: Path, version: str = "1.0.0", *, requires: str = ">=1.0") -> PackSource:
    """Return the pack `loans`, which stands on `things`."""
    files = {"entities/loan.yaml": LOAN}
    return read_pack(written(folder, "loans", version, files, requires={"things": requires}))
