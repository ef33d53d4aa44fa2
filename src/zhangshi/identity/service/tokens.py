"""Tokens: keys of machines. A token acts as its user, narrowed to scopes such as `item:read` or `*:read`."""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from zhangshi.base.clock import instant_to_micros, micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors
from zhangshi.identity._store import sessions as store
from zhangshi.identity.model import Person, SecretMade, Token
from zhangshi.identity.service.authority import check_may_manage
from zhangshi.identity.service.keys import NewTokenSecret
from zhangshi.identity.service.people import get_user
from zhangshi.identity.service.trace import TraceKind, note
from zhangshi.identity.service.words import checked_name
from zhangshi.platform.session import Row, Session
from zhangshi.platform.unit_of_work import UnitOfWork

_SCOPE = re.compile(r"[a-z0-9_.*]{1,64}:[a-z0-9_.*]{1,64}")


def make_token(
    uow: UnitOfWork,
    *,
    by: Person | None,
    user_id: int,
    name: str,
    scopes: Iterable[str],
    secret: NewTokenSecret,
    expires_at: datetime | None = None,
    address: str = "",
) -> SecretMade:
    """Store a token; `subject_id` of the answer is its id, `secret.shown_for(answer)` is shown once.

    One's own token needs no more than a session; a token of somebody else is made by who may manage that account.

    Raises: identity.bad_scope, identity.bad_expiry, identity.name_missing, identity.unknown_user,
        identity.user_disabled, identity.owner_only, identity.session_only.
    """
    user = get_user(uow.session, user_id=user_id)
    own = by is not None and by.user_id == user_id
    check_may_manage(by, login=user.login, roles=() if own else user.roles)
    if not user.active:
        raise ZhangshiError(errors.USER_DISABLED, login=user.login)
    wanted = _checked_scopes(scopes)
    if expires_at is not None and expires_at <= uow.now:
        raise ZhangshiError(errors.BAD_EXPIRY)
    token_id, until = uow.next_id(), instant_to_micros(expires_at) if expires_at else 0
    uow.session.execute(
        store.INSERT_TOKEN, token_id, secret.digest, checked_name(name), user_id,
        msgspec.json.encode(wanted).decode(), uow.now_micros, until,
    )  # fmt: skip
    note(uow, TraceKind.TOKEN_MADE, user_id=user_id, address=address, token_id=str(token_id), name=name, scopes=wanted)
    return SecretMade(token_id, secret.mark)


def revoke_token(uow: UnitOfWork, *, by: Person | None, token_id: int, address: str = "") -> None:
    """End a token at once; again changes nothing.

    Raises: identity.unknown_token, identity.owner_only, identity.session_only.
    """
    found = uow.session.query(store.GET_TOKEN, token_id)
    if not found:
        raise ZhangshiError(errors.UNKNOWN_TOKEN, token=token_id)
    token = _token(found[0])
    user = get_user(uow.session, user_id=token.user_id)
    own = by is not None and by.user_id == token.user_id
    check_may_manage(by, login=user.login, roles=() if own else user.roles)
    if token.revoked_at is None:
        uow.session.execute(store.REVOKE_TOKEN, uow.now_micros, token_id)
        note(uow, TraceKind.TOKEN_REVOKED, user_id=user.user_id, address=address, token_id=str(token_id))


def revoke_all_tokens(uow: UnitOfWork, user_id: int) -> None:
    """End every token of a user whose row the caller has locked."""
    uow.session.execute(store.REVOKE_TOKENS_OF, uow.now_micros, user_id)


def list_tokens(session: Session, *, user_id: int) -> list[Token]:
    """Return the tokens of a user, the revoked ones too, oldest first."""
    return [_token(row) for row in session.query(store.LIST_TOKENS, user_id)]


def _checked_scopes(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    for scope in wanted or [""]:
        if not _SCOPE.fullmatch(scope):
            raise ZhangshiError(errors.BAD_SCOPE, scope=scope)
    return wanted


def _token(row: Row) -> Token:
    token_id, name, user_id, scopes, created_at, expires_at, last_used_at, revoked_at = row
    return Token(
        token_id=token_id,
        name=name,
        user_id=user_id,
        scopes=tuple(msgspec.json.decode(scopes, type=list[str])),
        created_at=micros_to_instant(created_at),
        expires_at=_instant(expires_at),
        last_used_at=_instant(last_used_at),
        revoked_at=_instant(revoked_at),
    )


def _instant(micros: int) -> datetime | None:
    return micros_to_instant(micros) if micros else None
