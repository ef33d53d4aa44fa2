"""The commands of people: for the person at the machine, who may always help somebody in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar, cast

import click

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.cli.main import State, shared_options
from zhangshi.identity import errors
from zhangshi.identity.model import Profile, SecretMade, User
from zhangshi.identity.service import people, sessions, users
from zhangshi.identity.service.departments import list_departments
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

T = TypeVar("T")

_ACTOR = "cli"
_login = click.argument("login")


@click.group("user")
def user_group() -> None:
    """人员:查看、新建、重设密码、停用、角色 · People: list, add, reset a password, disable, roles."""


@user_group.command("list")
@click.option("--search", default="", help="用户名、姓名或拼音首字母 · A part of login, name or initials")
@click.option("--active", is_flag=True, help="只看在用的 · Leave out disabled users")
@click.option("--after", default="", metavar="LOGIN", help="从此用户名之后 · Begin after this login")
@click.option("--limit", type=click.IntRange(1, 10_000), default=people.PAGE_SIZE, show_default=True)
@shared_options
@click.pass_obj
def list_command(state: State, search: str, after: str, limit: int, *, active: bool) -> None:
    """列出人员 · List people."""
    with _opened(state) as company, company.read() as session:
        found = people.list_users(session, search=search, active_only=active, after=after, size=limit)
    state.output.table({"users": [_row(user) for user in found]})


@user_group.command("add")
@_login
@click.argument("name")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="角色,可多次 · A role; may be repeated")
@click.option("--department", metavar="CODE", default="", help="部门编码 · Code of the department")
@click.option("--mnemonic", default="", help="拼音首字母 · Initials in pinyin")
@click.option("--speaks", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 · Language")
@shared_options
@click.pass_obj
def add_command(
    state: State, login: str, name: str, roles: tuple[str, ...], department: str, mnemonic: str, speaks: str
) -> None:
    """新建人员,显示一次随机密码 · Add a person; a random password is shown once."""
    made_up = state.wiring.passwords().made_up()
    with _opened(state) as company:
        profile = Profile(name, mnemonic, _department_id(company, department), cast("Language", speaks))
        work = partial(users.create_user, by=None, login=login, profile=profile, password=made_up.hashed, roles=roles)
        made = _write(company, "add", work, SecretMade)
        user = _user_of(company, made.subject_id)
    password = made_up.shown_for(made)
    state.output.say("user_added", {**_row(user), "password": password}, login=user.login, password=password)


@user_group.command("password")
@_login
@shared_options
@click.pass_obj
def password_command(state: State, login: str) -> None:
    """重设密码并解锁,显示一次随机密码 · Reset a password and open the lock; the new one is shown once."""
    made_up = state.wiring.passwords().made_up()
    with _opened(state) as company:
        user = _user(company, login)
        work = partial(users.reset_password, by=None, user_id=user.user_id, password=made_up.hashed)
        made = _write(company, "password", work, SecretMade)
    password = made_up.shown_for(made)
    answer = {"login": user.login, "password": password}
    state.output.say("user_password", answer, login=user.login, password=password)


@user_group.command("disable")
@_login
@shared_options
@click.pass_obj
def disable_command(state: State, login: str) -> None:
    """停用:登录和令牌立即失效 · Keep somebody out from now on; sessions and tokens end."""
    _change(state, login, "user_disabled", users.disable_user)


@user_group.command("enable")
@_login
@shared_options
@click.pass_obj
def enable_command(state: State, login: str) -> None:
    """重新启用 · Let a disabled person in again."""
    _change(state, login, "user_enabled", users.enable_user)


@user_group.command("roles")
@_login
@click.argument("roles", metavar="[ROLE]...", nargs=-1)
@click.option("--none", "no_roles", is_flag=True, help="去掉全部角色 · Take all roles away")
@shared_options
@click.pass_obj
def roles_command(state: State, login: str, roles: tuple[str, ...], *, no_roles: bool) -> None:
    """设为这些角色;不写则只显示 · Give exactly these roles; without any, show them."""
    if roles or no_roles:
        if roles and no_roles:
            raise click.UsageError("--none: ROLE ...")
        _change(state, login, "user_roles", partial(users.set_roles, roles=roles))
        return
    with _opened(state) as company:
        user = _user(company, login)
    state.output.say("user_roles", _row(user), login=user.login, roles=", ".join(user.roles) or "-")


@user_group.command("sign-out")
@_login
@shared_options
@click.pass_obj
def sign_out_command(state: State, login: str) -> None:
    """结束此人所有登录 · End all sessions of a person."""
    with _opened(state) as company:
        user = _user(company, login)
        work = partial(sessions.sign_out_everywhere, by=None, user_id=user.user_id)
        _write(company, "sign-out", work, type(None))
    state.output.say("user_signed_out", {"login": user.login, "signed_out": True}, login=user.login)


@contextmanager
def _opened(state: State) -> Iterator[Company]:
    company = state.wiring.open_company(state.entry())
    try:
        yield company
    finally:
        company.close()


def _user(company: Company, login: str) -> User:
    with company.read() as session:
        return people.get_user_by_login(session, login=login)


def _user_of(company: Company, user_id: int) -> User:
    with company.read() as session:
        return people.get_user(session, user_id=user_id)


def _department_id(company: Company, code: str) -> int:
    if not code:
        return 0
    with company.read() as session:
        for department in list_departments(session):
            if department.code == code:
                return department.department_id
    raise ZhangshiError(errors.UNKNOWN_DEPARTMENT, department=code)


def _change(state: State, login: str, said: str, use_case: Callable[..., int]) -> None:
    """Run a use case on the user as it is now, whoever changed it before: the operator names no version."""
    with _opened(state) as company:
        user = _user(company, login)
        _write(company, said, partial(use_case, by=None, user_id=user.user_id, version=user.version), int)
        user = _user(company, login)
    state.output.say(said, _row(user), login=user.login, roles=", ".join(user.roles) or "-")


def _write(company: Company, what: str, work: Callable[[UnitOfWork], T], answer_type: type[T]) -> T:
    """A request of its own for each call: the command line does not repeat itself. Secrets are in none."""
    request = Request(actor=_ACTOR, key=f"user-{what}-{company.ids.next_id()}", content=None)
    return company.write(request, work, answer_type=answer_type)


def _row(user: User) -> dict[str, Any]:
    return {
        "user_id": str(user.user_id),
        "login": user.login,
        "name": user.name,
        "roles": ", ".join(user.roles),
        "department_id": str(user.department_id) if user.department_id else None,
        "active": user.active,
        "must_change_password": user.must_change_password,
        "locked_until_at": user.locked_until_at.isoformat() if user.locked_until_at else None,
    }
