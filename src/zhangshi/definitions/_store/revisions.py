"""SQL of texts, revisions, members, columns, and of the one row that says which revision counts."""

from zhangshi.platform.statements import RowsStatement, Statement

CURRENT = Statement("SELECT revision, token FROM definition_state WHERE state_id = 1")
CURRENT_FOR_WRITING = Statement("SELECT revision, token FROM definition_state WHERE state_id = 1{for_share}")
LOCK_STATE = Statement(
    "SELECT revision, publication_id, claimed_by, claimed_at FROM definition_state WHERE state_id = 1{for_update}"
)
READ_STATE = Statement(
    "SELECT revision, publication_id, claimed_by, claimed_at FROM definition_state WHERE state_id = 1"
)
CLAIM = Statement("UPDATE definition_state SET publication_id = ?, claimed_by = ?, claimed_at = ? WHERE state_id = 1")
ADVANCE = Statement(
    "UPDATE definition_state SET revision = ?, token = ?, publication_id = 0,"
    " claimed_by = '', claimed_at = 0 WHERE state_id = 1"
)

INSERT_TEXTS = RowsStatement(
    "WITH input(digest, content) AS ({input}) INSERT INTO definition_text (digest, content)"
    " SELECT digest, content FROM input WHERE true ON CONFLICT (digest) DO NOTHING",
    columns={"digest": "text", "content": "text"},
)
FIND_TEXTS = RowsStatement(
    "WITH input(digest) AS ({input}) SELECT t.digest, t.content FROM input i"
    " JOIN definition_text t ON t.digest = i.digest",
    columns={"digest": "text"},
)
INSERT_REVISION = Statement(
    "INSERT INTO definition_revision (revision, token, parent, digest, note, actor, recorded_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
INSERT_MEMBERS = RowsStatement(
    "WITH input(revision, layer, kind, object_key, digest) AS ({input})"
    " INSERT INTO definition_member (revision, layer, kind, object_key, digest)"
    " SELECT revision, layer, kind, object_key, digest FROM input",
    columns={"revision": "bigint", "layer": "text", "kind": "text", "object_key": "text", "digest": "text"},
)
MEMBERS = Statement(
    "SELECT m.layer, m.kind, m.object_key, m.digest, t.content FROM definition_member m"
    " JOIN definition_text t ON t.digest = m.digest WHERE m.revision = ? ORDER BY m.layer, m.kind, m.object_key"
)
REVISION = Statement(
    "SELECT revision, token, parent, digest, note, actor, recorded_at FROM definition_revision WHERE revision = ?"
)
REVISIONS = Statement(
    "SELECT revision, token, parent, digest, note, actor, recorded_at FROM definition_revision"
    " ORDER BY revision DESC LIMIT ?"
)

COLUMNS_AT = Statement(
    "SELECT entity, line_table, field, column_name, field_type, digits, target, from_revision, to_revision"
    " FROM definition_column WHERE from_revision <= ? ORDER BY entity, line_table, field, from_revision"
)
END_COLUMN = RowsStatement(
    "WITH input(entity, line_table, field, from_revision, to_revision) AS ({input})"
    " UPDATE definition_column SET to_revision = i.to_revision FROM input i"
    " WHERE definition_column.entity = i.entity AND definition_column.line_table = i.line_table"
    " AND definition_column.field = i.field AND definition_column.from_revision = i.from_revision",
    columns={
        "entity": "text",
        "line_table": "text",
        "field": "text",
        "from_revision": "bigint",
        "to_revision": "bigint",
    },
)
BEGIN_COLUMN = RowsStatement(
    "WITH input(entity, line_table, field, from_revision, to_revision, column_name, field_type, digits, target) AS"
    " ({input}) INSERT INTO definition_column"
    " (entity, line_table, field, from_revision, to_revision, column_name, field_type, digits, target)"
    " SELECT entity, line_table, field, from_revision, to_revision, column_name, field_type, digits, target FROM input",
    columns={
        "entity": "text",
        "line_table": "text",
        "field": "text",
        "from_revision": "bigint",
        "to_revision": "bigint",
        "column_name": "text",
        "field_type": "text",
        "digits": "bigint",
        "target": "text",
    },
)
