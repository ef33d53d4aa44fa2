"""Insert, update, upsert: what is there is found, only what differs is written, and nothing is written twice."""

import pytest

from tests.integration.records_importing.warehouse import (
    CLERK_PERSON,
    OWNER,
    PORTER_PERSON,
    Warehouse,
    open_warehouse,
    workbook,
)
from zhangshi.base.errors import ZhangshiError
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.exporting.service import ExportRequest
from zhangshi.records.importing.model import ImportOutcome, ImportRequest
from zhangshi.records.importing.undoing import undo_import
from zhangshi.records.model import Caller

ITEMS = [
    ["物料编码", "名称", "类别", "单位", "安全库存"],
    ["A", "甲", "C1", "PCS", "1"],
    ["B", "乙", "C2", "公斤", "2"],
]


@pytest.fixture
def warehouse(company: Company) -> Warehouse:
    return open_warehouse(company)


def imported(warehouse: Warehouse, rows: list[list[str]], **asked: object) -> ImportOutcome:
    entity = str(asked.pop("entity", "item"))
    return warehouse.run(workbook(rows), ImportRequest(entity=entity, **asked))  # type: ignore[arg-type]


def codes(outcome: ImportOutcome) -> list[tuple[str, str]]:
    return [(f"{one.column}{one.row}", one.code) for one in outcome.answer.problems]


def counts(outcome: ImportOutcome) -> tuple[int, int, int]:
    answer = outcome.answer
    return answer.inserted, answer.updated, answer.unchanged


def test_insert_takes_defaults_where_a_cell_is_empty(warehouse: Warehouse) -> None:
    rows = [["名称", "类别", "单位", "来源", "在用"], ["甲", "标准件", "个", "", ""]]
    assert counts(imported(warehouse, rows)) == (1, 0, 0)
    item = warehouse.item("AUTO00001")
    assert (item["source"], item["active"]) == ("buy", True)
    assert item["category"]["number"] == "C1"


def test_update_writes_only_what_differs(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    rows = [["物料编码", "安全库存"], ["A", "1.00"], ["B", "5"]]
    audited = warehouse.count("record_audit")
    assert counts(imported(warehouse, rows, mode="update")) == (0, 1, 1)
    assert warehouse.item("B")["safety"] == "5"
    assert (warehouse.item("A")["version"], warehouse.item("B")["version"]) == (1, 2)
    assert warehouse.count("record_audit") == audited + 1, "the unchanged row left no trace"


def test_an_empty_cell_empties_the_field_of_a_record_that_is_there(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    assert counts(imported(warehouse, [["物料编码", "安全库存"], ["A", ""]], mode="update")) == (0, 1, 0)
    assert warehouse.item("A")["safety"] is None


def test_upsert_does_both(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    rows = [ITEMS[0], ["B", "乙二", "C2", "公斤", "2"], ["C", "丙", "C2", "KG", "3"]]
    assert counts(imported(warehouse, rows, mode="upsert")) == (1, 1, 0)
    assert warehouse.item("B")["name"] == "乙二"


def test_records_are_found_by_other_fields(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    rows = [["名称", "类别", "安全库存"], ["甲", "标准件", "9"], ["甲", "C2", "9"]]
    outcome = imported(warehouse, rows, mode="update", match=("name", "category"))
    assert codes(outcome) == [("A3", "import.not_there")]
    outcome = imported(warehouse, rows[:2], mode="update", match=("name", "category"))
    assert counts(outcome) == (0, 1, 0)
    assert warehouse.item("A")["safety"] == "9"


@pytest.mark.parametrize(
    ("rows", "asked", "expected"),
    [
        ([["名称"], ["甲"]], {"mode": "update"}, [("A1", "import.no_match_column")]),
        ([["物料编码", "名称"], ["", "甲"]], {"mode": "update"}, [("A2", "import.match_empty")]),
        ([["物料编码", "名称"], ["X", "甲"]], {"mode": "update"}, [("A2", "import.not_there")]),
        ([["物料编码", "名称"], ["A", "甲"], ["A", "乙"]], {"mode": "upsert"}, [("A3", "import.twice_in_file")]),
        ([["物料编码", "颜 色 号"], ["A", "甲"]], {"mode": "update"}, [("B1", "import.column_unknown")]),
        ([["物料编码", "名称"], ["A", ""]], {"mode": "update"}, [("B2", "records.required")]),
    ],
)
def test_what_cannot_be_matched_is_marked(
    warehouse: Warehouse, rows: list[list[str]], asked: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    imported(warehouse, ITEMS)
    outcome = imported(warehouse, rows, **asked)
    assert codes(outcome) == expected
    assert not outcome.answer.written
    assert warehouse.item("A")["version"] == 1


def test_a_dry_run_says_what_would_be_and_writes_nothing(warehouse: Warehouse) -> None:
    outcome = imported(warehouse, ITEMS, dry_run=True)
    assert counts(outcome) == (2, 0, 0)
    assert not outcome.answer.written
    assert warehouse.count("d_item") == 0


def test_the_same_import_again_writes_nothing_and_answers_the_same(warehouse: Warehouse) -> None:
    data = workbook(ITEMS)
    first = warehouse.run(data, ImportRequest(entity="item"), import_id=4711)
    again = warehouse.run(data, ImportRequest(entity="item"), import_id=4711)
    assert again == first
    assert warehouse.count("d_item") == 2
    other = workbook([ITEMS[0], ["C", "丙", "C1", "PCS", ""]])
    with pytest.raises(ZhangshiError) as refused:
        warehouse.run(other, ImportRequest(entity="item"), import_id=4711)
    assert refused.value.code == "platform.key_reused"


def test_documents_with_lines_come_in_and_are_moved_on(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    rows = [
        ["编号", "客户", "日期", "明细.物料", "明细.数量", "明细.单价"],
        ["SO-1", "远大", "2026-01-31", "A", "2", "10"],
        ["", "", "", "乙", "3", "1.5"],
        ["SO-2", "宏达", "2026/2/1", "A", "1", ""],
    ]
    outcome = imported(warehouse, rows, entity="sales_order", transition="confirm")
    assert (outcome.answer.rows, outcome.answer.records, counts(outcome)) == (3, 2, (2, 0, 0))
    found = warehouse.rows("SELECT number, state, f_amount FROM d_sales_order ORDER BY number")
    assert found == [("SO-1", "confirmed", 2450), ("SO-2", "confirmed", None if found[1][2] is None else 0)]
    assert warehouse.count("d_sales_order__lines") == 3


def test_a_wrong_line_is_marked_where_it_stands(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    rows = [
        ["编号", "客户", "明细.物料", "明细.数量"],
        ["SO-1", "远大", "A", "2"],
        ["", "", "B", "0"],
        ["SO-2", "", "A", "1"],
        ["SO-3", "宏达", "没有", ""],
    ]
    outcome = imported(warehouse, rows, entity="sales_order")
    assert codes(outcome) == [
        ("D3", "constraint.0"),
        ("B4", "records.required"),
        ("C5", "import.not_found"),
        ("D5", "records.required"),
    ]


def test_an_exported_file_comes_back_and_changes_nothing(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    orders = [["编号", "客户", "明细.物料", "明细.数量"], ["SO-1", "远大", "A", "2"], ["", "", "B", "3"]]
    imported(warehouse, orders, entity="sales_order")
    for entity, columns in (
        ("item", None),
        ("sales_order", ("number", "customer_name", "ordered_on", "state", "lines")),
    ):
        for form in ("xlsx", "csv"):
            request = ExportRequest(entity=entity, format=form, columns=columns)
            _, chunks = warehouse.exporter.chunks(Caller(OWNER), request)
            outcome = warehouse.run(b"".join(chunks), ImportRequest(entity=entity, mode="update"))
            assert codes(outcome) == []
            assert counts(outcome) == (0, 0, 2 if entity == "item" else 1)


def test_rows_are_found_by_their_number_and_removed_when_they_are_left_out(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    orders = [
        ["编号", "客户", "明细.物料", "明细.数量"],
        ["SO-1", "远大", "A", "2"],
        ["", "", "B", "3"],
        ["", "", "A", "4"],
    ]
    imported(warehouse, orders, entity="sales_order")
    before = warehouse.rows("SELECT line_id, position FROM d_sales_order__lines ORDER BY position")
    changed = [["编号", "明细.行号", "明细.数量"], ["SO-1", "1", "2"], ["", "3", "5"], ["", "4", "6"]]
    outcome = imported(warehouse, changed, entity="sales_order", mode="update")
    assert codes(outcome) == [("B4", "records.required")] * 2, "the fourth row is new and names neither item nor unit"
    outcome = imported(warehouse, changed[:3], entity="sales_order", mode="update")
    assert counts(outcome) == (0, 1, 0)
    after = warehouse.rows("SELECT line_id, f_quantity FROM d_sales_order__lines ORDER BY position")
    assert after == [(before[0][0], 2_000_000), (before[2][0], 5_000_000)]


def test_rights_hold_at_this_door(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    request = ImportRequest(entity="item", mode="upsert")
    priced = workbook(
        [["物料编码", "名称", "类别", "单位", "参考价"], ["A", "甲", "C1", "PCS", "5"], ["C", "丙", "C1", "PCS", "5"]]
    )
    outcome = warehouse.run(priced, request, person=CLERK_PERSON)
    assert codes(outcome) == [("E2", "records.field_locked"), ("E3", "records.field_locked")]
    assert "5" not in outcome.answer.problems[0].zh
    stocked = workbook([["物料编码", "安全库存"], ["A", "1"], ["B", "2"]])
    assert counts(warehouse.run(stocked, request, person=CLERK_PERSON)) == (0, 0, 2), (
        "what stays as it is needs no right"
    )
    with pytest.raises(ZhangshiError) as refused:
        warehouse.run(stocked, ImportRequest(entity="category"), person=CLERK_PERSON)
    assert refused.value.code == "records.forbidden"


def test_a_hidden_value_is_not_told_by_what_counts_as_unchanged(warehouse: Warehouse) -> None:
    imported(warehouse, [[*ITEMS[0], "参考价"], ["A", "甲", "C1", "PCS", "1", "5"]])
    answers = [
        codes(
            warehouse.run(
                workbook([["物料编码", "参考价"], ["A", guess]]),
                ImportRequest(entity="item", mode="update"),
                person=CLERK_PERSON,
            )
        )
        for guess in ("4", "5")
    ]
    assert answers[0] == answers[1] == [("B2", "records.field_locked")]
    with pytest.raises(ZhangshiError):
        warehouse.run(
            workbook([["参考价", "名称"], ["5", "x"]]),
            ImportRequest(entity="item", mode="update", match=("price",)),
            person=CLERK_PERSON,
        )


def test_a_name_that_may_not_be_read_names_nothing_and_rows_of_others_stay(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    request = ImportRequest(entity="item", mode="upsert")
    rows = [ITEMS[0], ["C", "丙", "标准件", "PCS", ""], ["D", "丁", "C1", "PCS", ""]]
    outcome = warehouse.run(workbook(rows), request, person=PORTER_PERSON)
    assert codes(outcome) == [("C2", "import.not_found")]
    assert counts(warehouse.run(workbook([rows[0], rows[2]]), request, person=PORTER_PERSON)) == (1, 0, 0)
    theirs = [ITEMS[0], ["A", "改", "C1", "PCS", "1"], ["D", "改", "C1", "PCS", ""]]
    outcome = warehouse.run(workbook(theirs), request, person=PORTER_PERSON)
    assert codes(outcome) == [("A2", "records.not_found")], "what is not theirs is not there for them"
    assert warehouse.item("D")["name"] == "丁"


def test_a_whole_import_is_undone_while_nothing_stands_on_it(warehouse: Warehouse) -> None:
    imported(warehouse, ITEMS)
    rows = [ITEMS[0], ["B", "乙二", "C1", "PCS", ""], ["C", "丙", "C2", "KG", "3"]]
    outcome = imported(warehouse, rows, mode="upsert")
    orders = [["编号", "客户", "明细.物料", "明细.数量"], ["SO-1", "远大", "C", "2"]]
    order = imported(warehouse, orders, entity="sales_order")
    caller = Caller(OWNER)
    with pytest.raises(ZhangshiError) as refused:
        undo_import(warehouse.records, caller, key="u1", import_id=int(outcome.answer.import_id))
    assert refused.value.code == "import.cannot_undo"
    assert (refused.value.facts["number"], refused.value.facts["reason"]) == ("C", "records.in_use")
    assert warehouse.item("B")["name"] == "乙二", "all or nothing"

    undo_import(warehouse.records, caller, key="u2", import_id=int(order.answer.import_id))
    undone = undo_import(warehouse.records, caller, key="u3", import_id=int(outcome.answer.import_id))
    assert (undone.deleted, undone.restored) == (1, 1)
    item = warehouse.item("B")
    assert (item["name"], item["category"]["number"], item["safety"]) == ("乙", "C2", "2")
    assert warehouse.count("d_item") == 2
    with pytest.raises(ZhangshiError) as again:
        undo_import(warehouse.records, caller, key="u4", import_id=int(outcome.answer.import_id))
    assert again.value.code == "import.undone_before"


def test_an_undo_leaves_alone_what_people_changed_since(warehouse: Warehouse) -> None:
    outcome = imported(warehouse, ITEMS)
    imported(warehouse, [["物料编码", "安全库存"], ["A", "7"]], mode="update")
    with pytest.raises(ZhangshiError) as refused:
        undo_import(warehouse.records, Caller(OWNER), key="u1", import_id=int(outcome.answer.import_id))
    assert (refused.value.facts["number"], refused.value.facts["reason"]) == ("A", "import.changed_since")
