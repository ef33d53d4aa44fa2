"""Who may see and do what: pure, computed from the catalog and the roles; asked by every door (ADR 0022)."""

from zhangshi.records.access.conditions import Alternative, Clause, RowScope
from zhangshi.records.access.entity_access import EntityAccess, access_to
from zhangshi.records.access.errors import FIELD_LOCKED, FORBIDDEN, NOT_FOUND
from zhangshi.records.access.grants import ALWAYS_READABLE, SYSTEM_FIELDS
from zhangshi.records.access.masking import MASK, masked
from zhangshi.records.access.record_access import ReadAccess, RecordAccess
from zhangshi.records.access.redaction import hidden_problem, redact_error, redacted_problems

__all__ = [
    "ALWAYS_READABLE",
    "FIELD_LOCKED",
    "FORBIDDEN",
    "MASK",
    "NOT_FOUND",
    "SYSTEM_FIELDS",
    "Alternative",
    "Clause",
    "EntityAccess",
    "ReadAccess",
    "RecordAccess",
    "RowScope",
    "access_to",
    "hidden_problem",
    "masked",
    "redact_error",
    "redacted_problems",
]
