"""Departments that are records: the entity that plays `department` tells of each record that is saved."""

from collections.abc import Mapping
from typing import Any

from zhangshi.identity.model import NO_DEPARTMENT, Department
from zhangshi.identity.service.departments import create_department, edit_department, list_departments
from zhangshi.platform.unit_of_work import UnitOfWork


def save_department(uow: UnitOfWork, *, department_id: int, values: Mapping[str, Any]) -> None:
    """Create or change the department of a record; `values`: code, name, parent, head, active.

    The record's own permissions were asked by whoever saved it. Raises: as `create_department`, `edit_department`.
    """
    before = {one.department_id: one for one in list_departments(uow.session)}.get(department_id)
    active = values.get("active") is not False
    code, name = str(values.get("code") or ""), str(values.get("name") or "")
    parent_id, head_user_id = int(values.get("parent") or NO_DEPARTMENT), int(values.get("head") or 0)
    version = before.version if before else 1
    if before is None:
        create_department(
            uow, by=None, code=code, name=name, parent_id=parent_id, head_user_id=head_user_id,
            department_id=department_id,
        )  # fmt: skip
    wanted = Department(
        department_id=department_id, code=code, name=name, parent_id=parent_id, head_user_id=head_user_id,
        active=active, version=version,
    )  # fmt: skip
    if (before is not None and before != wanted) or (before is None and not active):
        edit_department(uow, by=None, department=wanted)
