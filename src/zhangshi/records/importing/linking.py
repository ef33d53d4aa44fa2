"""Cells that name other records: by number, else by a title that only one of them has.

One statement for the numbers and one for the titles of each entity that is linked, for the whole sheet. People are
named by login or by name, departments by code or by name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions.catalog import Catalog
from zhangshi.identity.model import Person
from zhangshi.platform.session import Session
from zhangshi.records._store.importing import (
    DEPARTMENT_STATEMENTS,
    USER_STATEMENTS,
    LinkStatements,
    link_statements,
)
from zhangshi.records.access import access_to
from zhangshi.records.importing import errors
from zhangshi.records.importing.drafts import Draft, LinkText, links_wanted
from zhangshi.records.importing.mapping import DEPARTMENTS, USERS
from zhangshi.records.importing.problems import CellProblem, problem_of

_SHOWN_MAX = 60
Found = Mapping[str, tuple[int, int]]
"""text -> (how many, one of their ids)"""


def resolve_links(session: Session, catalog: Catalog, drafts: Sequence[Draft], person: Person) -> list[CellProblem]:
    """Put the ids of named records into the drafts; return the cells that name none, or several.

    Titles that the person may not read do not name anything: an answer would tell them to whoever guesses.
    """
    wanted: dict[str, set[str]] = {}
    for target, text in links_wanted(drafts):
        wanted.setdefault(target, set()).add(text)
    found = {target: _find(session, _statements(catalog, target, person), texts) for target, texts in wanted.items()}
    problems: list[CellProblem] = []
    for draft in drafts:
        for link in draft.links:
            try:
                _put(catalog, link, found[link.column.target])
            except ZhangshiError as error:
                row, column = draft.cells[link.path]
                problems.append(problem_of(error, row=row, column=column))
    return problems


def _find(session: Session, statements: LinkStatements, texts: Iterable[str]) -> Found:
    found: dict[str, tuple[int, int]] = {}
    for statement in statements:
        missing = sorted(text for text in texts if text not in found)
        if statement is not None:
            found.update(
                (text, (count, one))
                for text, count, one in session.query_rows(statement, [(text,) for text in missing])
            )
    return found


def _statements(catalog: Catalog, target: str, person: Person) -> LinkStatements:
    if target == USERS:
        return USER_STATEMENTS
    if target == DEPARTMENTS:
        return DEPARTMENT_STATEMENTS
    entity = catalog.entities[target]
    by_number, by_title = link_statements(entity)
    access = access_to(catalog, target, person).everything
    return by_number, by_title if access.readable and access.read(entity.title) == "read" else None


def _put(catalog: Catalog, link: LinkText, found: Found) -> None:
    count, record_id = found.get(link.text, (0, 0))
    if count == 1:
        link.into[link.column.key] = {"id": str(record_id)}
        return
    facts = {"text": link.text[:_SHOWN_MAX], "entity": _name(catalog, link.column.target)}
    if not count:
        raise ZhangshiError(errors.NOT_FOUND, **facts)
    raise ZhangshiError(errors.AMBIGUOUS, count=count, **facts)


def _name(catalog: Catalog, target: str) -> Word:
    words: Mapping[str, Callable[[], Word]] = {
        USERS: lambda: Word("person", "人员"),
        DEPARTMENTS: lambda: Word("department", "部门"),
    }
    if target in words:
        return words[target]()
    label = catalog.entities[target].label
    return Word(label.en or label.zh, label.zh or label.en)
