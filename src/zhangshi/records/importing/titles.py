"""Titles of columns: what an export writes, a template asks for and an import understands are the same words.

A header's field is called by its label, a row's field "明细.数量". Where two fields share a label, a title is the path.
Every title that `title_of` returns is understood again by `names_of`; a test holds that for every definition.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from zhangshi.base.errors import Language
from zhangshi.definitions.catalog import HEADER, Entity, Field
from zhangshi.definitions.catalog.system_fields import system_fields

NUMBER = "number"
ROW = "row"
_NUMBER_WORDS = ("编号", "编码", "number", "code")
SHOWN_NAMES: Mapping[Language, str] = {"zh": "·名称", "en": "·name"}
"""Behind the title of a link: the column that only shows the name, which an import leaves out."""
_KEPT = "_records_titles"


def folded(title: str) -> str:
    """Return a title without spaces, case, width and the star of a required column."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold().rstrip("*")


def names_of(entity: Entity) -> Mapping[str, str]:
    """Return every name of every field, folded, to its path; a name that could mean two fields is left out."""
    kept: dict[str, str] | None = entity.header.__dict__.get(_KEPT)
    if kept is None:
        kept = entity.header.__dict__[_KEPT] = _names(entity)
    return kept


def title_of(entity: Entity, table: str, field: Field, language: Language) -> str:
    """Return the title of a field's column."""
    path = f"{table}.{field.key}" if table else field.key
    label = number_title(entity, language) if path == NUMBER else field.label.text(language)
    prefix = entity.tables[table].label.text(language) if table else ""
    title = f"{prefix}.{label}" if table else label
    return title if names_of(entity).get(folded(title)) == path else path


def number_title(entity: Entity, language: Language) -> str:
    """Return what this entity's numbers are called."""
    return entity.number_label.text(language) or NUMBER


def shows_a_name(entity: Entity, title: str) -> bool:
    """Return whether a column only shows the name of a link."""
    text = folded(title)
    return any(
        text.endswith(folded(ending)) and text.removesuffix(folded(ending)) in names_of(entity)
        for ending in SHOWN_NAMES.values()
    )


def field_at(entity: Entity, path: str) -> tuple[str, Field] | None:
    """Return the table and the field that a path of an import or export names; system fields too."""
    table, _, key = path.rpartition(".")
    if table != HEADER and table not in entity.tables:
        return None
    field = entity.table(table).fields.get(key) or system_fields(entity.key, table).get(key)
    return None if field is None or field.retired else (table, field)


def _names(entity: Entity) -> dict[str, str]:
    system = dict(_named(_system_names(entity)))
    bare, full = list(_row_names(entity, prefixed=False)), list(_row_names(entity, prefixed=True))
    header = [(name, one.key) for one in _live(entity, HEADER) for name in _own_names(one)]
    number = [(name, NUMBER) for name in (NUMBER, entity.number_label.zh, entity.number_label.en)]
    return {**dict(_named(bare)), **system, **dict(_named(full)), **dict(_named([*header, *number]))}


def _system_names(entity: Entity) -> Iterator[tuple[str, str]]:
    for word in _NUMBER_WORDS:
        yield word, NUMBER
    for key, field in system_fields(entity.key).items():
        if key != NUMBER:
            for name in _own_names(field):
                yield name, key


def _row_names(entity: Entity, *, prefixed: bool) -> Iterator[tuple[str, str]]:
    for table in entity.tables.values():
        prefixes = (table.key, table.label.zh, table.label.en)
        fields = [*_live(entity, table.key), *(system_fields(entity.key, table.key).values() if prefixed else ())]
        for one in fields:
            for name in _own_names(one):
                for prefix in prefixes if prefixed else ("",):
                    yield f"{prefix}.{name}" if prefixed else name, f"{table.key}.{one.key}"


def _live(entity: Entity, table: str) -> Iterator[Field]:
    return (one for one in entity.table(table).fields.values() if not one.retired)


def _own_names(field: Field) -> tuple[str, ...]:
    return (field.key, *(text for text in (field.label.zh, field.label.en) if text))


def _named(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    found: dict[str, set[str]] = {}
    for name, path in pairs:
        if name.strip("."):
            found.setdefault(folded(name), set()).add(path)
    return ((name, next(iter(paths))) for name, paths in found.items() if len(paths) == 1)
