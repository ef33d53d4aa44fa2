"""Who asked for a task, as he is now: a task may wait, and rights that were taken away meanwhile are gone."""

from collections.abc import Mapping

from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.errors import UNKNOWN_USER
from zhangshi.identity.model import NO_DEPARTMENT, Person
from zhangshi.identity.service.departments import list_departments
from zhangshi.identity.service.people import get_user
from zhangshi.platform.session import Session


def person_now(session: Session, user_id: int, scopes: tuple[str, ...] | None) -> Person:
    """Return a person with the roles of this moment; `scopes` are those of the token with which he asked.

    Raises: identity.unknown_user, for a person who was disabled too.
    """
    user = get_user(session, user_id=user_id)
    if not user.active:
        raise ZhangshiError(UNKNOWN_USER, user=user.login)
    parents = {one.department_id: one.parent_id for one in list_departments(session)}
    return Person(
        user_id=user_id,
        login=user.login,
        name=user.name,
        department_id=user.department_id,
        departments_below=_below(parents, user.department_id),
        roles=frozenset(user.roles),
        language=user.language,
        scopes=scopes,
    )


def _below(parents: Mapping[int, int], top: int) -> frozenset[int]:
    if top == NO_DEPARTMENT:
        return frozenset()
    found = {top}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return frozenset(found)
