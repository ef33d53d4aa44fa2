"""Departments: a tree without rings. Codes retire, never vanish: a department is closed, not deleted."""

from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors
from zhangshi.identity._store import departments as store
from zhangshi.identity._store import users as users_store
from zhangshi.identity.model import NO_DEPARTMENT, Department, Person
from zhangshi.identity.service.authority import check_signed_in
from zhangshi.identity.service.words import checked_name
from zhangshi.platform.session import Row, Session
from zhangshi.platform.unit_of_work import UnitOfWork


def list_departments(session: Session) -> list[Department]:
    """Return all departments by code; a company has dozens, not thousands."""
    return [_department(row) for row in session.query(store.LIST)]


def get_department(session: Session, *, department_id: int) -> Department:
    """Return one department.

    Raises: identity.unknown_department.
    """
    found = session.query(store.GET, department_id)
    if not found:
        raise ZhangshiError(errors.UNKNOWN_DEPARTMENT, department=department_id)
    return _department(found[0])


def check_open(session: Session, department_id: int) -> None:
    """Do nothing if people may be put there; `NO_DEPARTMENT` is always fine.

    Raises: identity.unknown_department.
    """
    if department_id != NO_DEPARTMENT and not get_department(session, department_id=department_id).active:
        raise ZhangshiError(errors.UNKNOWN_DEPARTMENT, department=department_id)


def create_department(
    uow: UnitOfWork,
    *,
    by: Person | None,
    code: str,
    name: str,
    parent_id: int = NO_DEPARTMENT,
    head_user_id: int = 0,
    department_id: int = NO_DEPARTMENT,
) -> int:
    """Create a department; return its id. `department_id` is that of a record that plays the part, else a new one.

    Raises: identity.name_missing, identity.department_code_taken, identity.unknown_department, identity.unknown_user,
        identity.session_only.
    """
    check_signed_in(by)
    uow.session.query(users_store.LOCK_HEAD)
    check_open(uow.session, parent_id)
    _check_head(uow.session, head_user_id)
    department_id, code = department_id or uow.next_id(), checked_name(code)
    if not uow.session.execute(store.INSERT, department_id, code, checked_name(name), parent_id, head_user_id):
        raise ZhangshiError(errors.DEPARTMENT_CODE_TAKEN, code=code)
    uow.session.execute(store.BUMP_HEAD)
    return department_id


def edit_department(uow: UnitOfWork, *, by: Person | None, department: Department) -> int:
    """Change a department to these values; its `version` is the one that the maker of the change saw.

    `active` False closes it. Returns the new version.

    Raises: identity.department_ring, identity.department_in_use, identity.department_code_taken,
        identity.changed_meanwhile, identity.unknown_department, identity.unknown_user, identity.name_missing,
        identity.session_only.
    """
    check_signed_in(by)
    uow.session.query(users_store.LOCK_HEAD)
    known = {one.department_id: one for one in list_departments(uow.session)}
    before = known.get(department.department_id)
    if before is None:
        raise ZhangshiError(errors.UNKNOWN_DEPARTMENT, department=department.department_id)
    if before.version != department.version:
        raise ZhangshiError(errors.CHANGED_MEANWHILE, name=before.name)
    _check_place(department, known)
    if department.head_user_id != before.head_user_id:
        _check_head(uow.session, department.head_user_id)
    if before.active and not department.active:
        _check_empty(uow.session, department, known)
    uow.session.execute(
        store.UPDATE, checked_name(department.code), checked_name(department.name), department.parent_id,
        department.head_user_id, int(department.active), department.department_id, department.version,
    )  # fmt: skip
    uow.session.execute(store.BUMP_HEAD)
    return department.version + 1


def _check_place(department: Department, known: dict[int, Department]) -> None:
    """Refuse a code that is taken, a parent that is not there or closed, and a ring."""
    for other in known.values():
        if other.code == department.code.strip() and other.department_id != department.department_id:
            raise ZhangshiError(errors.DEPARTMENT_CODE_TAKEN, code=other.code)
    parent_id, path = department.parent_id, [department.code]
    if parent_id != NO_DEPARTMENT and (parent_id not in known or (not known[parent_id].active and department.active)):
        raise ZhangshiError(errors.UNKNOWN_DEPARTMENT, department=parent_id)
    while parent_id != NO_DEPARTMENT:  # ends: the tree had no ring, and a new one must pass this department
        path.append(known[parent_id].code)
        if parent_id == department.department_id:
            raise ZhangshiError(errors.DEPARTMENT_RING, code=department.code, path=" → ".join(reversed(path)))
        parent_id = known[parent_id].parent_id


def _check_head(session: Session, user_id: int) -> None:
    if user_id and not session.query(users_store.GET, user_id):
        raise ZhangshiError(errors.UNKNOWN_USER, user=str(user_id))


def _check_empty(session: Session, department: Department, known: dict[int, Department]) -> None:
    users = session.query(store.ACTIVE_USERS_IN, department.department_id)[0][0]
    below = sum(one.active for one in known.values() if one.parent_id == department.department_id)
    if users or below:
        raise ZhangshiError(errors.DEPARTMENT_IN_USE, code=department.code, users=users, departments=below)


def _department(row: Row) -> Department:
    department_id, code, name, parent_id, head_user_id, active, version = row
    return Department(
        department_id=department_id,
        code=code,
        name=name,
        parent_id=parent_id,
        head_user_id=head_user_id,
        active=bool(active),
        version=version,
    )
