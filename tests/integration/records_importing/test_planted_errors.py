"""Acceptance: a file with 50 planted errors of every kind marks exactly those cells and writes nothing."""

from tests.integration.records_importing.warehouse import Warehouse, marked_cells, open_warehouse, workbook
from zhangshi.platform.unit_of_work import Company
from zhangshi.records.importing.marking import column_name
from zhangshi.records.importing.model import ImportRequest

TITLES = (
    "物料编码", "名称*", "规格", "类别*", "单位*", "条码", "来源", "颜色", "安全库存", "参考价", "税率", "提前期",
    "启用日", "核对时间", "在用", "保管员", "车间", "备货金额",
)  # fmt: skip
ROW_COUNT = 120

PLANTED: tuple[tuple[str, str, str], ...] = (
    ("名称*", "", "records.required"),
    ("名称*", "长" * 41, "records.too_long"),
    ("名称*", "厚" * 200, "records.too_long"),
    ("类别*", "", "records.required"),
    ("类别*", "C77", "import.not_found"),
    ("类别*", "双名", "import.ambiguous"),
    ("类别*", "C9", "records.not_choosable"),
    ("类别*", "封存", "records.not_choosable"),
    ("单位*", "", "records.required"),
    ("单位*", "箱", "import.not_found"),
    ("单位*", "pcs", "import.not_found"),
    ("条码", "12345", "records.bad_pattern"),
    ("条码", "ABCDEFGH", "records.bad_pattern"),
    ("条码", "69000001", "records.not_unique"),
    ("条码", "70000002", "import.twice_in_file"),
    ("条码", "70000003", "import.twice_in_file"),
    ("来源", "赠送", "import.bad_option"),
    ("来源", "停用的", "records.not_an_option"),
    ("颜色", "红、绿", "import.bad_option"),
    ("颜色", "green", "import.bad_option"),
    ("安全库存", "-1", "records.too_small"),
    ("安全库存", "约12", "import.bad_value"),
    ("安全库存", "1,5", "import.bad_value"),
    ("安全库存", "0.0000001", "number.too_many_digits"),
    ("安全库存", "99999999999999999999", "number.overflow"),
    ("参考价", "100000.01", "records.too_large"),
    ("参考价", "-0.01", "records.too_small"),
    ("参考价", "三块", "import.bad_value"),
    ("参考价", "1e3", "import.bad_value"),
    ("税率", "1.5", "records.too_large"),
    ("税率", "0.12345", "number.too_many_digits"),
    ("税率", "13%", "import.bad_value"),
    ("提前期", "3.5", "import.bad_value"),
    ("提前期", "366", "records.too_large"),
    ("提前期", "-2", "records.too_small"),
    ("提前期", "101", "constraint.0"),
    ("启用日", "2026-02-30", "import.bad_value"),
    ("启用日", "1/2/2026", "import.bad_value"),
    ("启用日", "昨天", "import.bad_value"),
    ("核对时间", "2026-01-31 25:00", "import.bad_value"),
    ("核对时间", "下午", "import.bad_value"),
    ("在用", "也许", "import.bad_value"),
    ("在用", "2", "import.bad_value"),
    ("保管员", "wang", "import.not_found"),
    ("保管员", "王五", "import.not_found"),
    ("车间", "D99", "import.not_found"),
    ("车间", "油漆", "import.not_found"),
    ("物料编码", "OLD-1", "import.already_there"),
    ("物料编码", "I-0003", "import.twice_in_file"),
    ("物料编码", "I-0001", "import.twice_in_file"),
)  # fmt: skip


def good_row(number: int) -> list[str]:
    return [
        f"I-{number:04d}", f"螺栓{number}", f"M{number}", "标准件", "PCS", f"7{number:07d}", "自制", "红、蓝",
        "100.5", "3.25", "0.13", "7", "2026-01-31", "2026-01-31 08:30", "是", "li", "机加工", "326.63",
    ]  # fmt: skip


def planted_sheet() -> tuple[list[list[str]], set[str], dict[str, str]]:
    rows = [good_row(number) for number in range(1, ROW_COUNT + 1)]
    cells, codes = set[str](), dict[str, str]()
    for place, (title, text, code) in enumerate(PLANTED):
        row, column = 4 + 2 * place, TITLES.index(title)  # every second row, so that most rows are good
        rows[row][column] = text
        if text == "366":
            rows[row][TITLES.index("来源")] = "外购"  # else a second rule is broken in the same cell
        cell = f"{column_name(column)}{row + 2}"
        cells.add(cell)
        codes[cell] = code
    return rows, cells, codes


def prepared(company: Company) -> Warehouse:
    warehouse = open_warehouse(company)
    category, unit = str(warehouse.ids["C1"]), str(warehouse.ids["PCS"])
    warehouse.create("item", number="OLD-1", name="旧螺栓", category=category, unit=unit, barcode="69000001")
    return warehouse


def everything(warehouse: Warehouse) -> list[int]:
    tables = (
        "d_item",
        "d_category",
        "record_audit",
        "search_entry",
        "number_counter",
        "import_run",
        "import_row",
        "request",
    )
    return [warehouse.count(table) for table in tables]


def test_fifty_planted_errors_mark_exactly_those_cells_and_write_nothing(company: Company) -> None:
    warehouse = prepared(company)
    rows, cells, codes = planted_sheet()
    assert len(cells) == 50
    before = everything(warehouse)

    outcome = warehouse.run(workbook([TITLES, *rows]), ImportRequest(entity="item"))

    found = {f"{one.column}{one.row}": one.code for one in outcome.answer.problems}
    assert found == codes
    assert outcome.answer.problem_count == 50
    assert not outcome.answer.written
    assert outcome.marked is not None
    assert marked_cells(outcome.marked) == cells
    assert everything(warehouse) == before, "nothing was written"


def test_the_mended_file_goes_in_whole(company: Company) -> None:
    warehouse = prepared(company)
    rows = [good_row(number) for number in range(1, ROW_COUNT + 1)]
    outcome = warehouse.run(workbook([TITLES, *rows]), ImportRequest(entity="item"))
    assert outcome.marked is None
    assert (outcome.answer.written, outcome.answer.inserted) == (True, ROW_COUNT)
    assert warehouse.count("d_item") == ROW_COUNT + 1
    assert outcome.answer.left_out == ("备货金额",)
