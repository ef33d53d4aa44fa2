"""Which HTTP status each error code has: one table.

A code that stands in `_STATUSES` has that status; every other has the one of its slice. A test asks for the status of
every error code of the product, so a new slice must say here what its refusals are.
"""

from collections.abc import Mapping
from http import HTTPStatus

_S = HTTPStatus
_STATUSES: Mapping[str, HTTPStatus] = {
    "http.no_route": _S.NOT_FOUND,
    "http.method_not_allowed": _S.METHOD_NOT_ALLOWED,
    "http.not_json": _S.UNSUPPORTED_MEDIA_TYPE,
    "http.body_too_large": _S.REQUEST_ENTITY_TOO_LARGE,
    "http.version_missing": _S.PRECONDITION_REQUIRED,
    "http.csrf_refused": _S.FORBIDDEN,
    "http.not_allowed": _S.FORBIDDEN,
    "http.too_many_requests": _S.TOO_MANY_REQUESTS,
    "http.busy": _S.SERVICE_UNAVAILABLE,
    "http.stopping": _S.SERVICE_UNAVAILABLE,
    "http.internal": _S.INTERNAL_SERVER_ERROR,
    "identity.sign_in_refused": _S.UNAUTHORIZED,
    "identity.session_over": _S.UNAUTHORIZED,
    "identity.token_refused": _S.UNAUTHORIZED,
    "identity.token_scope": _S.FORBIDDEN,
    "identity.session_only": _S.FORBIDDEN,
    "identity.owner_only": _S.FORBIDDEN,
    "identity.must_change_password": _S.FORBIDDEN,
    "identity.wrong_password": _S.FORBIDDEN,
    "identity.unknown_user": _S.NOT_FOUND,
    "identity.unknown_token": _S.NOT_FOUND,
    "identity.unknown_department": _S.NOT_FOUND,
    "identity.changed_meanwhile": _S.PRECONDITION_FAILED,
    "identity.login_taken": _S.CONFLICT,
    "identity.owner_exists": _S.CONFLICT,
    "identity.last_owner": _S.CONFLICT,
    "identity.department_code_taken": _S.CONFLICT,
    "identity.department_in_use": _S.CONFLICT,
    "identity.secret_shown_before": _S.CONFLICT,
    "platform.key_reused": _S.CONFLICT,
    "platform.unknown_company": _S.NOT_FOUND,
    "platform.which_company": _S.BAD_REQUEST,
    "platform.busy": _S.SERVICE_UNAVAILABLE,
    "platform.disk_full": _S.INSUFFICIENT_STORAGE,
    "records.forbidden": _S.FORBIDDEN,
    "records.field_locked": _S.FORBIDDEN,
    "records.not_found": _S.NOT_FOUND,
    "records.unknown_record": _S.NOT_FOUND,
    "records.unknown_entity": _S.NOT_FOUND,
    "records.unknown_conversion": _S.NOT_FOUND,
    "records.unknown_transition": _S.NOT_FOUND,
    "records.unknown_file": _S.NOT_FOUND,
    "records.unknown_view": _S.NOT_FOUND,
    "records.file_lost": _S.NOT_FOUND,
    "records.file_too_large": _S.REQUEST_ENTITY_TOO_LARGE,
    "records.file_type_refused": _S.UNSUPPORTED_MEDIA_TYPE,
    "records.file_type_differs": _S.UNSUPPORTED_MEDIA_TYPE,
    "records.file_storage_failed": _S.SERVICE_UNAVAILABLE,
    "records.changed_meanwhile": _S.PRECONDITION_FAILED,
    "records.not_in_state": _S.CONFLICT,
    "records.stands_on": _S.CONFLICT,
    "records.in_use": _S.CONFLICT,
    "records.has_postings": _S.CONFLICT,
    "records.not_unique": _S.CONFLICT,
    "records.over_converted": _S.CONFLICT,
    "records.nothing_open": _S.CONFLICT,
    "records.not_convertible": _S.CONFLICT,
    "records.cannot_undo": _S.CONFLICT,
    "definitions.no_such_object": _S.NOT_FOUND,
    "definitions.no_such_draft": _S.NOT_FOUND,
    "definitions.no_such_revision": _S.NOT_FOUND,
    "definitions.no_such_publication": _S.NOT_FOUND,
    "definitions.no_such_field": _S.NOT_FOUND,
    "definitions.unknown_kind": _S.NOT_FOUND,
    "definitions.being_published": _S.CONFLICT,
    "definitions.draft_changed": _S.PRECONDITION_FAILED,
    "definitions.stale": _S.PRECONDITION_FAILED,
    "definitions.plan_outdated": _S.CONFLICT,
    "definitions.nothing_to_publish": _S.CONFLICT,
    "packs.unknown_pack": _S.NOT_FOUND,
    "packs.not_installed": _S.NOT_FOUND,
    "ledger.unknown_item": _S.NOT_FOUND,
    "ledger.unknown_location": _S.NOT_FOUND,
    "ledger.unknown_lot": _S.NOT_FOUND,
    "ledger.unknown_posting": _S.NOT_FOUND,
    "ledger.already_reversed": _S.CONFLICT,
    "ledger.period_closed": _S.CONFLICT,
    "ledger.insufficient_stock": _S.CONFLICT,
    "ledger.insufficient_to_reserve": _S.CONFLICT,
    "ledger.reserved_for_others": _S.CONFLICT,
    "ledger.used_downstream": _S.CONFLICT,
    "ledger.lot_code_taken": _S.CONFLICT,
    "task.no_such_task": _S.NOT_FOUND,
    "task.already_over": _S.CONFLICT,
    "task.cancelled": _S.CONFLICT,
    "jobs.no_such_job": _S.NOT_FOUND,
    "jobs.not_dead": _S.CONFLICT,
    "jobs.lease_lost": _S.CONFLICT,
}

_OF_SLICE: Mapping[str, HTTPStatus] = {
    "http": _S.BAD_REQUEST,
    "platform": _S.SERVICE_UNAVAILABLE,
    "identity": _S.UNPROCESSABLE_ENTITY,
    "jobs": _S.UNPROCESSABLE_ENTITY,
    "task": _S.UNPROCESSABLE_ENTITY,
    "number": _S.UNPROCESSABLE_ENTITY,
    "unit": _S.UNPROCESSABLE_ENTITY,
    "period": _S.UNPROCESSABLE_ENTITY,
    "value": _S.UNPROCESSABLE_ENTITY,
    "formula": _S.UNPROCESSABLE_ENTITY,
    "expr": _S.UNPROCESSABLE_ENTITY,
    "ledger": _S.UNPROCESSABLE_ENTITY,
    "planning": _S.UNPROCESSABLE_ENTITY,
    "records": _S.UNPROCESSABLE_ENTITY,
    "import": _S.UNPROCESSABLE_ENTITY,
    "definitions": _S.UNPROCESSABLE_ENTITY,
    "packs": _S.UNPROCESSABLE_ENTITY,
}

KNOWN_SLICES = frozenset(_OF_SLICE)
NAMED_CODES = frozenset(_STATUSES)


def status_of(code: str) -> int:
    """Return the status of an error code; 500 for a slice that this table does not know (a test forbids it)."""
    found = _STATUSES.get(code)
    if found is None:
        found = _OF_SLICE.get(code.partition(".")[0], _S.INTERNAL_SERVER_ERROR)
    return int(found)
