"""SQL of conversions: which row became which, and how much of a source is used up."""

from zhangshi.platform.statements import RowsStatement, Statement

_LINK = (
    "l.link_id, l.conversion, l.source_entity, l.source_id, l.source_line_id, l.target_entity, l.target_id,"
    " l.target_line_id, l.quantity, l.active"
)
INSERT_LINKS = RowsStatement(
    "WITH input(link_id, conversion, source_entity, source_id, source_line_id, target_entity, target_id,"
    " target_line_id, quantity) AS ({input}) INSERT INTO record_link (link_id, conversion, source_entity, source_id,"
    " source_line_id, target_entity, target_id, target_line_id, quantity, active) SELECT link_id, conversion,"
    " source_entity, source_id, source_line_id, target_entity, target_id, target_line_id, quantity, 1 FROM input",
    columns={
        "link_id": "bigint", "conversion": "text", "source_entity": "text", "source_id": "bigint",
        "source_line_id": "bigint", "target_entity": "text", "target_id": "bigint", "target_line_id": "bigint",
        "quantity": "bigint",
    },
)  # fmt: skip
UPDATE_LINKS = RowsStatement(
    "WITH input(link_id, quantity, active) AS ({input}) UPDATE record_link SET"
    " quantity = (SELECT i.quantity FROM input i WHERE i.link_id = record_link.link_id),"
    " active = (SELECT i.active FROM input i WHERE i.link_id = record_link.link_id)"
    " WHERE link_id IN (SELECT link_id FROM input)",
    columns={"link_id": "bigint", "quantity": "bigint", "active": "integer"},
)
DELETE_LINKS = RowsStatement(
    "WITH input(link_id) AS ({input}) DELETE FROM record_link WHERE link_id IN (SELECT link_id FROM input)",
    columns={"link_id": "bigint"},
)
LINKS_TO = Statement(f"SELECT {_LINK} FROM record_link l WHERE l.target_id = ? ORDER BY l.link_id")
LINKS_FROM = Statement(f"SELECT {_LINK} FROM record_link l WHERE l.source_id = ? AND l.active = 1 ORDER BY l.link_id")
USED = RowsStatement(
    "WITH input(source_id) AS ({input}) SELECT l.conversion, l.source_id, l.source_line_id,"
    " CAST(SUM(l.quantity) AS BIGINT), COUNT(*) FROM input i JOIN record_link l ON l.source_id = i.source_id"
    " WHERE l.active = 1 GROUP BY l.conversion, l.source_id, l.source_line_id",
    columns={"source_id": "bigint"},
)
"""(conversion, source, row) -> quantity used up, and by how many links."""
