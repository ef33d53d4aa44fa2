"""How values leave: ids as text, instants as ISO texts in UTC, names beside ids."""

from datetime import datetime

from zhangshi.base.clock import micros_to_instant
from zhangshi.base.errors import Language
from zhangshi.http.answers import problem_value
from zhangshi.identity.model import Department, OpenSession, Person, Token, TraceEntry, User
from zhangshi.records.model import BatchAnswer, Refused, Saved

Value = dict[str, object]


def id_text(value: int) -> str | None:
    """Return an id as text, None for none."""
    return str(value) if value else None


def instant_text(micros: int) -> str | None:
    """Return a stored instant as text, None for none."""
    return shown_instant(micros_to_instant(micros)) if micros else None


def shown_instant(instant: datetime | None) -> str | None:
    """Return an instant as text, None for none."""
    return instant.isoformat().replace("+00:00", "Z") if instant else None


def person_value(person: Person) -> Value:
    """Return who is asking."""
    return {
        "id": str(person.user_id),
        "login": person.login,
        "name": person.name,
        "department": id_text(person.department_id),
        "language": person.language,
        "roles": sorted(person.roles),
        "scopes": None if person.scopes is None else list(person.scopes),
        "must_change_password": person.must_change_password,
    }


def user_value(user: User) -> Value:
    """Return a user as who manages people sees one."""
    return {
        "id": str(user.user_id),
        "login": user.login,
        "name": user.name,
        "mnemonic": user.mnemonic,
        "department": id_text(user.department_id),
        "language": user.language,
        "active": user.active,
        "roles": list(user.roles),
        "must_change_password": user.must_change_password,
        "password_changed_at": shown_instant(user.password_changed_at),
        "locked_until_at": shown_instant(user.locked_until_at),
        "version": user.version,
    }


def colleague_value(user: User) -> Value:
    """Return a user as everybody sees one: enough to choose a person."""
    return {
        "id": str(user.user_id),
        "login": user.login,
        "name": user.name,
        "mnemonic": user.mnemonic,
        "department": id_text(user.department_id),
        "active": user.active,
    }


def department_value(one: Department) -> Value:
    """Return a department."""
    return {
        "id": str(one.department_id),
        "code": one.code,
        "name": one.name,
        "parent": id_text(one.parent_id),
        "head": id_text(one.head_user_id),
        "active": one.active,
        "version": one.version,
    }


def session_value(one: OpenSession, *, current: str) -> Value:
    """Return a place where somebody is signed in."""
    return {
        "id": one.session_id,
        "current": one.session_id == current,
        "created_at": shown_instant(one.created_at),
        "seen_at": shown_instant(one.seen_at),
        "expires_at": shown_instant(one.expires_at),
        "address": one.address,
        "agent": one.agent,
    }


def token_value(one: Token) -> Value:
    """Return a token, without its secret."""
    return {
        "id": str(one.token_id),
        "name": one.name,
        "user": str(one.user_id),
        "scopes": list(one.scopes),
        "created_at": shown_instant(one.created_at),
        "expires_at": shown_instant(one.expires_at),
        "last_used_at": shown_instant(one.last_used_at),
        "revoked_at": shown_instant(one.revoked_at),
    }


def trace_value(one: TraceEntry) -> Value:
    """Return an entry of the trace of accounts."""
    return {
        "id": str(one.event_id),
        "kind": one.kind,
        "user": id_text(one.user_id),
        "actor": one.actor,
        "address": one.address,
        "detail": one.detail,
        "recorded_at": shown_instant(one.recorded_at),
    }


def saved_value(saved: Saved, language: Language) -> Value:
    """Return what a write of a record answers."""
    return {
        "entity": saved.entity,
        "id": str(saved.record_id),
        "number": saved.number,
        "state": saved.state,
        "version": saved.version,
        "warnings": [problem_value(one, language) for one in saved.warnings],
        "postings": [str(posting) for posting in saved.postings],
    }


def batch_value(answer: BatchAnswer, language: Language) -> Value:
    """Return what a batch answers: for each operation what was saved, or why not."""
    results: list[Value] = []
    for saved, refused in answer.results:
        if saved is not None:
            results.append({"saved": saved_value(saved, language)})
        elif refused is not None:
            results.append({"refused": refused_value(refused, language)})
    return {"results": results, "refused_count": answer.refused_count}


def refused_value(refused: Refused, language: Language) -> Value:
    """Return why one operation of a batch was not done."""
    return {
        "code": refused.code,
        "detail": refused.zh if language == "zh" else refused.en,
        "problems": [problem_value(one, language) for one in refused.problems],
    }
