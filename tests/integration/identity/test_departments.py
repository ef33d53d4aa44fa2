"""Departments: a tree without rings, whose codes retire and never vanish."""

from dataclasses import replace

import pytest

from tests.integration.identity.office import Office
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity.model import Department
from zhangshi.identity.service.departments import (
    create_department,
    edit_department,
    get_department,
    list_departments,
)


def create(office: Office, code: str, parent_id: int = 0, head_user_id: int = 0) -> int:
    return office.write(
        lambda uow: create_department(
            uow, by=None, code=code, name=f"{code}部", parent_id=parent_id, head_user_id=head_user_id
        )
    )


def get(office: Office, department_id: int) -> Department:
    with office.company.read() as session:
        return get_department(session, department_id=department_id)


def edit(office: Office, department: Department) -> int:
    return office.write(lambda uow: edit_department(uow, by=None, department=department))


def test_a_department_is_created_changed_and_listed(office: Office) -> None:
    head = office.found().user_id
    top = create(office, "TOP", head_user_id=head)
    below = create(office, "LOW", top)

    assert edit(office, replace(get(office, below), name="装配车间", code="ASM")) == 2

    with office.company.read() as session:
        listed = list_departments(session)
    assert [(one.code, one.name, one.parent_id, one.head_user_id) for one in listed] == [
        ("ASM", "装配车间", top, 0), ("TOP", "TOP部", 0, head),
    ]  # fmt: skip


def test_a_ring_is_refused_with_its_path(office: Office) -> None:
    a = create(office, "A")
    b = create(office, "B", a)
    c = create(office, "C", b)
    for parent_id in (a, b, c):
        with pytest.raises(ZhangshiError, match="department_ring") as refused:
            edit(office, replace(get(office, a), parent_id=parent_id))
        if parent_id == c:
            assert refused.value.facts["path"] == "A → B → C → A"
    assert edit(office, replace(get(office, c), parent_id=a)) == 2


def test_a_code_is_used_once(office: Office) -> None:
    create(office, "A")
    b = create(office, "B")
    with pytest.raises(ZhangshiError, match="department_code_taken"):
        create(office, " A ")
    with pytest.raises(ZhangshiError, match="department_code_taken"):
        edit(office, replace(get(office, b), code="A"))


def test_a_department_with_people_or_departments_is_not_closed(office: Office) -> None:
    office.found()
    a = create(office, "A")
    b = create(office, "B", a)
    office.add("li", department_id=b)
    with pytest.raises(ZhangshiError, match="department_in_use") as refused:
        edit(office, replace(get(office, b), active=False))
    assert refused.value.facts == {"code": "B", "users": 1, "departments": 0}
    with pytest.raises(ZhangshiError, match="department_in_use"):
        edit(office, replace(get(office, a), active=False))


def test_a_closed_department_takes_nobody_and_opens_again(office: Office) -> None:
    office.found()
    a = create(office, "A")
    edit(office, replace(get(office, a), active=False))
    with pytest.raises(ZhangshiError, match="unknown_department"):
        office.add("li", department_id=a)
    with pytest.raises(ZhangshiError, match="unknown_department"):
        create(office, "B", a)
    edit(office, replace(get(office, a), active=True))
    office.add("li", department_id=a)


def test_two_clerks_do_not_overwrite_each_other(office: Office) -> None:
    seen = get(office, create(office, "A"))
    edit(office, replace(seen, name="一"))
    with pytest.raises(ZhangshiError, match="changed_meanwhile"):
        edit(office, replace(seen, name="二"))


def test_what_is_not_there_is_named(office: Office) -> None:
    with pytest.raises(ZhangshiError, match="unknown_department"):
        create(office, "A", parent_id=404)
    with pytest.raises(ZhangshiError, match="unknown_user"):
        create(office, "A", head_user_id=404)
    with pytest.raises(ZhangshiError, match="name_missing"):
        create(office, "  ")
    with pytest.raises(ZhangshiError, match="unknown_department"):
        edit(office, Department(department_id=404, code="X", name="x"))
