"""SQL of the seal."""

from zhangshi.platform.statements import RowsStatement, Statement

LAST = Statement("SELECT seal_no, link FROM seal ORDER BY seal_no DESC LIMIT 1 {for_update}")
UNSEALED = Statement(
    "SELECT u.posting_id, p.digest FROM posting_unsealed u JOIN posting p ON p.posting_id = u.posting_id"
    " ORDER BY u.posting_id LIMIT ?"
)
INSERT_SEALS = RowsStatement(
    "INSERT INTO seal (seal_no, posting_id, link, sealed_at) {input}",
    columns={"seal_no": "bigint", "posting_id": "bigint", "link": "text", "sealed_at": "bigint"},
)
DELETE_UNSEALED = RowsStatement(
    "DELETE FROM posting_unsealed WHERE posting_id IN"
    " (WITH input(posting_id) AS ({input}) SELECT posting_id FROM input)",
    columns={"posting_id": "bigint"},
)
