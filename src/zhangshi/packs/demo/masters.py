"""The demo factory's masters as contents of the pack's entities. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zhangshi.packs.demo.people import DEPARTMENTS, Employee, Partner
from zhangshi.packs.demo.products import (
    ASSEMBLY,
    CASTING,
    COATING,
    MILLING,
    PACKING,
    PLATING,
    POLISHING,
    SPRING,
    STAMPING,
    TURNING,
    Goods,
)

Content = dict[str, Any]

WAREHOUSE_OF = {"LJ": "BCP", "ZJ": "BCP", "CP": "CP"}
"""Where goods of a category lie; everything else is in YL."""

PROCESSES = (
    (STAMPING, "冲压", "CYJ", "0.18", "0.5"), (TURNING, "车削", "JJJ", "0.45", "1.2"), (MILLING, "铣削", "JJJ", "0.60", "1.6"),
    (CASTING, "压铸", "YZJ", "0.32", "0.8"), (SPRING, "绕簧", "JJJ", "0.06", "0.2"), (POLISHING, "抛光", "BMJ", "0.55", "1.4"),
    (COATING, "喷涂", "BMJ", "0.40", "1.0"), (PLATING, "电镀", "BMJ", "0.28", "0.6"), (ASSEMBLY, "装配", "ZPJ", "0.38", "1.0"),
    (PACKING, "包装", "ZPJ", "0.15", "0.4"),
)  # fmt: skip
_CENTERS = (
    ("CYJ", "冲压车间", 8),
    ("JJJ", "机加车间", 10),
    ("YZJ", "压铸车间", 4),
    ("BMJ", "表面处理线", 3),
    ("ZPJ", "装配线", 4),
)


def link(number: str) -> Content:
    """Return a link by number."""
    return {"number": number}


def places() -> list[Content]:
    """Zones and bins of the three warehouses, and a place for what is rejected."""
    found: list[Content] = [{"number": "BL", "name": "不良品仓", "kind": "warehouse"}]
    for warehouse, zones in (("YL", ("A", "B", "C")), ("BCP", ("A", "B")), ("CP", ("A", "B"))):
        for zone in zones:
            code = f"{warehouse}-{zone}"
            found.append({"number": code, "name": f"{code} 区", "kind": "zone", "belongs_to": link(warehouse)})
    return found


def bins() -> list[Content]:
    """Twelve bins a zone."""
    zones = [one["number"] for one in places() if one["kind"] == "zone"]
    return [
        {
            "number": f"{zone}-{row}{place:02}",
            "name": f"{zone} 区 {row} 排 {place} 位",
            "kind": "bin",
            "belongs_to": link(zone),
        }
        for zone in zones
        for row in ("1", "2", "3")
        for place in range(1, 5)
    ]


def departments() -> list[list[Content]]:
    """Departments, those without a parent first."""
    tops = [{"number": code, "name": name} for code, name, parent in DEPARTMENTS if not parent]
    below = [{"number": code, "name": name, "belongs_to": link(parent)} for code, name, parent in DEPARTMENTS if parent]
    return [tops, below]


def work_centers() -> list[Content]:
    """One a shop; overhead is 60 % of labour."""
    return [
        {"number": code, "name": name, "team": link(code), "machines": machines, "overhead_rate": "0.6"}
        for code, name, machines in _CENTERS
    ]


def processes() -> list[Content]:
    """Processes with their general piece prices (工序工价)."""
    return [
        {"number": code, "name": name, "work_center": link(center), "price": price, "minutes": minutes}
        for code, name, center, price, minutes in PROCESSES
    ]


def employees(people: Sequence[Employee]) -> list[Content]:
    """Everybody who works there."""
    return [
        {"number": one.code, "name": one.name, "team": link(one.team), "job": one.job}
        | ({"login": {"login": one.login}} if one.login and one.login != "boss" else {})
        for one in people
    ]


def partners(suppliers: Sequence[Partner], customers: Sequence[Partner]) -> list[Content]:
    """Suppliers and customers."""
    return [_partner(one, "is_supplier") for one in suppliers] + [_partner(one, "is_customer") for one in customers]


def _partner(one: Partner, kind: str) -> Content:
    return {
        "number": one.code, "name": one.name, "short_name": one.short_name[:40], kind: True, "phone": one.phone,
        "address": one.address, "payment_days": one.payment_days,
    }  # fmt: skip


def items(goods: Goods) -> list[Content]:
    """All items."""
    return [
        {
            "number": one.code, "name": one.name, "spec": one.spec, "category": link(one.category), "unit": link(one.unit),
            "material": one.material, "source": one.source, "safety_stock": str(one.safety_stock),
            "lead_time_days": one.lead_time_days, "warehouse": link(WAREHOUSE_OF.get(one.category, "YL")),
            "drawing_no": f"WZ-{one.code}" if one.source == "made" else None,
        }
        | ({"purchase_price": str(one.price)} if one.source == "purchased" else {})
        | ({"sale_price": str(one.price)} if one.category == "CP" else {})
        for one in goods.items
    ]  # fmt: skip


def bills(goods: Goods) -> list[Content]:
    """All bills of materials."""
    return [
        {
            "item": link(bill.item),
            "lines": [
                {"component": link(line.component), "quantity": plain(line.quantity), "scrap_rate": plain(line.scrap)}
                for line in bill.lines
            ],
        }
        for bill in goods.bills
    ]


def routings(goods: Goods) -> list[Content]:
    """How each made item is made."""
    return [
        {
            "item": link(code),
            "lines": [
                {"sequence": place * 10, "process": link(process)} for place, process in enumerate(steps, start=1)
            ],
        }
        for code, steps in goods.processes.items()
    ]


def plain(number: Decimal) -> str:
    """Return a decimal without an exponent."""
    return f"{number:f}"
