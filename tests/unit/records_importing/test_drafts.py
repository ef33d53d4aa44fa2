"""Rows become records, and every value knows its cell."""

from zoneinfo import ZoneInfo

from tests.unit.records_importing.forms import forms
from zhangshi.records.importing.drafts import Draft, drafts_of
from zhangshi.records.importing.mapping import map_columns
from zhangshi.records.importing.problems import CellProblem
from zhangshi.records.importing.sheet import read_sheet

ORDER = forms().entities["sample_order"]
ZONE = ZoneInfo("Asia/Shanghai")


def drafted(text: str) -> tuple[list[Draft], list[CellProblem]]:
    sheet = read_sheet(text.encode(), name="a.csv")
    return drafts_of(sheet, map_columns(ORDER, sheet.header).columns, ZONE)


def test_a_record_spans_the_rows_that_repeat_its_header_or_leave_it_empty() -> None:
    drafts, problems = drafted("单号,备注,数量,明细.备注\nA,x,1,\nA,x,2,b\n,,3,c\nB,x,4,\n")
    assert not problems
    assert [draft.content for draft in drafts] == [
        {
            "number": "A",
            "remark": "x",
            "lines": [
                {"quantity": "1", "remark": None},
                {"quantity": "2", "remark": "b"},
                {"quantity": "3", "remark": "c"},
            ],
        },
        {"number": "B", "remark": "x", "lines": [{"quantity": "4", "remark": None}]},
    ]


def test_paths_lead_back_to_cells() -> None:
    draft = drafted("单号,客户,数量\nA,P1,1\n,,2\n")[0][0]
    assert draft.cell_of("customer") == (2, 1)
    assert draft.cell_of("lines[2].quantity") == (3, 2)
    assert draft.cell_of("lines[2].unit") == (3, 2), "a field without a column is shown where its row begins"
    assert draft.cell_of("lines") == (2, 2)
    assert draft.cell_of("freight") == (2, 0), "else where the record's number is"


def test_what_is_wrong_is_said_of_each_cell_and_the_rest_is_read() -> None:
    drafts, problems = drafted("客户,下单日期,箱数,数量\nP1,昨天,1.5,12\n")
    assert [(one.row, one.column, one.code) for one in problems] == [
        (2, 1, "import.bad_value"),
        (2, 2, "import.bad_value"),
    ]
    assert drafts[0].content == {"lines": [{"quantity": "12"}]}
    assert [(link.path, link.text) for link in drafts[0].links] == [("customer", "P1")]


def test_without_header_columns_everything_is_one_record() -> None:
    assert len(drafted("明细.物料,明细.数量\nI1,1\nI2,2\n")[0]) == 1
