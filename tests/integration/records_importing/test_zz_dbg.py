from collections import Counter
from tests.integration.records_importing.test_planted_errors import *
def test_x(sqlite_company):
    w = prepared(sqlite_company)
    rows, cells, codes = planted_sheet()
    o = w.run(workbook([TITLES, *rows]), ImportRequest(entity="item"))
    c = Counter((p.column, p.row) for p in o.answer.problems)
    for p in o.answer.problems:
        if c[(p.column, p.row)] > 1: print(p)
