"""Who may touch whose account, beyond what the grants say (those are asked by the shells, above this slice).

Two rules stand in the way of climbing: a token manages nobody (it would reset a password and sign in as more than its
scopes allow), and an account with the role `owner` is an owner's business only. `by` None is the operator at the
machine itself, who holds the database in any case: the command line.
"""

from collections.abc import Collection

from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors
from zhangshi.identity.model import OWNER, Person


def check_may_manage(by: Person | None, *, login: str, roles: Collection[str]) -> None:
    """Do nothing if `by` may change an account that has, or is to have, these roles.

    Raises: identity.session_only, identity.owner_only.
    """
    if by is None:
        return
    check_signed_in(by)
    if OWNER in roles and not by.is_owner:
        raise ZhangshiError(errors.OWNER_ONLY, login=login)


def check_signed_in(by: Person | None) -> None:
    """Do nothing for a person with a session.

    Raises: identity.session_only for a token.
    """
    if by is not None and by.scopes is not None:
        raise ZhangshiError(errors.SESSION_ONLY)


def check_token(person: Person, *, entity: str, action: str) -> None:
    """Do nothing if the person's token allows it (a session's always does).

    Raises: identity.token_scope.
    """
    if not person.may_token(entity, action):
        raise ZhangshiError(errors.TOKEN_SCOPE, entity=entity, action=action)
