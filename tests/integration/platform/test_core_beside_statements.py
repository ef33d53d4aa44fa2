"""SQLAlchemy and the hot statements share a connection: neither takes the other's prepared statements away."""

import sqlalchemy as sa

from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company

_COUNT = Statement("SELECT COUNT(*) FROM request WHERE actor = ?")


def test_statements_stay_usable_after_core_asked_the_same_thing_often(company: Company) -> None:
    for _ in range(4):
        with company.read() as session:  # ends in a rollback
            assert session.query(_COUNT, "li") == [(0,)]
            for _ in range(8):
                assert session.core.execute(sa.text("SELECT COUNT(*) FROM request WHERE actor = :actor"),
                                            {"actor": "li"}).scalar_one() == 0  # fmt: skip
