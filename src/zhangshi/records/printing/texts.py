"""Texts of templates: what stands in braces is a formula over the record, blank where it reads what is hidden."""

import re

from zhangshi.base.errors import Language
from zhangshi.definitions.catalog import Entity
from zhangshi.expr import compile_formula
from zhangshi.records.access import RecordAccess
from zhangshi.records.reading.asking import Asking
from zhangshi.records.writing.cells import Linked
from zhangshi.records.writing.evaluating import evaluate
from zhangshi.records.writing.world import Pending

_BRACES = re.compile(r"\{([^{}]+)\}")


def filled(asking: Asking, entity: Entity, record: Linked, access: RecordAccess, text: str) -> str:
    """Return the text with its formulas evaluated. Raises: formula.* for a formula that cannot be evaluated."""
    values: dict[str, str] = {}
    for written in dict.fromkeys(_BRACES.findall(text)):
        values[written] = _value(asking, entity, record, access, written)
    return _BRACES.sub(lambda found: values[found[1]], text)


def _value(asking: Asking, entity: Entity, record: Linked, access: RecordAccess, written: str) -> str:
    formula = compile_formula(written, entity.header.scope)
    reads = {path.partition(".")[0] for path in formula.reads} | {
        f"{table}.{path.partition('.')[0]}" for table, paths in formula.row_reads.items() for path in paths
    }
    if access.hidden(sorted(reads)) or not _links_readable(asking, entity, formula.reads):
        return ""
    found: list[object] = []

    def work() -> None:
        try:
            found[:] = [evaluate(formula, record)]
        except Pending:
            return

    asking.projector.settle(work)
    return "" if not found or found[0] is None else str(found[0])


def _links_readable(asking: Asking, entity: Entity, paths: frozenset[str]) -> bool:
    for path in paths:
        first, _, rest = path.partition(".")
        field = entity.header.fields.get(first)
        if rest and field is not None and field.to:
            target = asking.access(asking.entity(field.to))
            if not (target.unconditional and target.everything.read(rest.partition(".")[0]) == "read"):
                return False
    return True


def say(label: object, language: Language) -> str:
    """Return a label of a template (a text, or {zh, en}) in a language, the other one where it is missing."""
    if isinstance(label, dict):
        return str(label.get(language) or label.get("zh") or label.get("en") or "")
    return str(label or "")
