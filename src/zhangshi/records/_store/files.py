"""SQL of files: what they are, who uploaded them, which records hold them."""

from zhangshi.platform.statements import RowsStatement, Statement

_FILE = "f.file_id, f.name, f.media_type, f.size, f.digest, f.user_id, f.recorded_at"
INSERT = Statement(
    "INSERT INTO file (file_id, digest, name, media_type, size, user_id, actor, recorded_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
GET = Statement(f"SELECT {_FILE} FROM file f WHERE f.file_id = ?")
HOLDERS = Statement("SELECT record_id, entity, field FROM record_file WHERE file_id = ? ORDER BY record_id LIMIT 100")
OF_RECORD = Statement(
    f"SELECT {_FILE}, r.field FROM record_file r JOIN file f ON f.file_id = r.file_id"
    " WHERE r.record_id = ? AND r.entity = ? ORDER BY f.file_id"
)
ATTACH = Statement(
    "INSERT INTO record_file (record_id, file_id, entity, field, user_id, recorded_at) VALUES (?, ?, ?, '', ?, ?)"
    " ON CONFLICT (record_id, file_id) DO NOTHING"
)
DETACH = Statement("DELETE FROM record_file WHERE record_id = ? AND file_id = ? AND field = ''")
# A file may be named by whoever uploaded it, and on a record that holds it already.
OWN = RowsStatement(
    "WITH input(file_id) AS ({input}) SELECT f.file_id FROM input i JOIN file f ON f.file_id = i.file_id"
    " WHERE f.user_id = ? OR EXISTS (SELECT 1 FROM record_file r WHERE r.record_id = ? AND r.file_id = f.file_id)",
    columns={"file_id": "bigint"},
)
