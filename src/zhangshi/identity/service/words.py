"""How logins, names and role keys are written."""

import re
import unicodedata
from collections.abc import Iterable

from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors, policy
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR

NOT_PEOPLE = frozenset({SYSTEM_ACTOR, "cli"})
"""Actors that are programs: a person of that login could not be told from them in the traces."""

_SIGNS = frozenset("._-@")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,63}")


def folded_login(login: str) -> str:
    """Return the login as it is stored and compared: Li, LI and full-width ＬＩ are all li."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).strip().casefold())


def checked_login(login: str) -> str:
    """Return the login as it is stored.

    Raises: identity.bad_login.
    """
    folded = folded_login(login)
    wrong = not all(letter.isalnum() or letter in _SIGNS for letter in folded)
    if wrong or not 1 <= len(folded) <= policy.LOGIN_LENGTH_MAX or folded in NOT_PEOPLE:
        raise ZhangshiError(errors.BAD_LOGIN, login=login, length_max=policy.LOGIN_LENGTH_MAX)
    return folded


def checked_name(name: str) -> str:
    """Return the name without blanks around it.

    Raises: identity.name_missing.
    """
    if not name.strip():
        raise ZhangshiError(errors.NAME_MISSING)
    return name.strip()


def checked_roles(roles: Iterable[str]) -> frozenset[str]:
    """Return the roles, each once.

    Raises: identity.bad_role. Whether a role is defined is asked above this slice.
    """
    wanted = frozenset(roles)
    for role in sorted(wanted):
        if not _ROLE.fullmatch(role):
            raise ZhangshiError(errors.BAD_ROLE, role=role)
    return wanted
