"""AdventureWorks' masters as contents of our entities. Pure: rows in, wire form out.

Numbers are theirs (AR-5381, AUSTRALI0001), so that both sides can be compared. A bill line's last day becomes our first
invalid day. What they count in inches and ounces keeps its unit; everything else is counted in pieces.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from zhangshi.packs.adventureworks.source import Source

Content = dict[str, object]


_UNITS = {
    "EA": ("aw_ea", "piece (EA)", "1"),
    "IN": ("aw_in", "inch (IN)", "0.01"),
    "OZ": ("aw_oz", "ounce (OZ)", "0.01"),
}


def number(code: str) -> dict[str, str]:
    """Return a link by number."""
    return {"number": code}


def units() -> list[Content]:
    """The units in which bills count."""
    return [{"number": code, "name": name, "quantity_step": step} for code, name, step in _UNITS.values()]


def categories(source: Source) -> list[Content]:
    """Subcategories, and one for what has none."""
    rows = [(f"AW{int(row['ProductSubcategoryID']):02}", row["Name"]) for row in source.rows("product_subcategory.csv")]
    return [
        {"number": code, "name": name, "code_prefix": code, "costing": "moving_average", "tracking": "none"}
        for code, name in [("AW00", "Components"), *rows]
    ]


def items(source: Source) -> list[Content]:
    """All products; made or bought, with safety stock, lead time, costs and prices."""
    unit_of = {row["ComponentID"]: row["UnitMeasureCode"].strip() for row in source.rows("bill_of_materials.csv")}
    return [
        {
            "number": row["ProductNumber"],
            "name": row["Name"],
            "category": number(f"AW{int(row['ProductSubcategoryID'] or 0):02}"),
            "unit": number(_UNITS[unit_of.get(row["ProductID"], "EA")][0]),
            "source": "made" if row["MakeFlag"] == "True" else "purchased",
            "spec": " ".join(part for part in (row["Color"], row["Size"], row["Style"].strip()) if part),
            "safety_stock": row["SafetyStockLevel"],
            "lead_time_days": int(row["DaysToManufacture"]),
            "sale_price": row["ListPrice"],
            "standard_cost": row["StandardCost"],
            "inspection": row["MakeFlag"] != "True",
        }
        for row in source.rows("product.csv")
    ]


def vendors(source: Source) -> list[Content]:
    """Suppliers, by their account numbers."""
    return [
        {
            "number": row["AccountNumber"],
            "name": f"{row['Name']} ({row['AccountNumber']})",  # two of them share a name
            "short_name": row["Name"][:40],
            "is_supplier": True,
            "active": row["ActiveFlag"] == "True",
        }
        for row in source.rows("vendor.csv")
    ]


def customers(source: Source, wanted: Iterable[str]) -> list[Content]:
    """The customers of `wanted` ids, stores by their names."""
    stores = {row["BusinessEntityID"]: row["Name"] for row in source.rows("store.csv")}
    ids = set(wanted)
    found = [row for row in source.rows("customer.csv.gz") if row["CustomerID"] in ids]
    return [
        {
            "number": row["AccountNumber"],
            "name": f"{stores.get(row['StoreID'], 'Customer')} ({row['AccountNumber']})",
            "is_customer": True,
        }
        for row in found
    ]


def price_lists(source: Source) -> list[Content]:
    """One purchase price list a vendor."""
    code_of = product_codes(source)
    account_of = {row["BusinessEntityID"]: row["AccountNumber"] for row in source.rows("vendor.csv")}
    lines: dict[str, list[Content]] = {}
    for row in source.rows("product_vendor.csv"):
        line: Content = {
            "item": number(code_of[row["ProductID"]]),
            "quantity_from": row["MinOrderQty"],
            "price": row["StandardPrice"],
        }
        lines.setdefault(account_of[row["BusinessEntityID"]], []).append(line)
    return [
        {"number": f"AWPL-{account}", "name": f"Prices of {account}", "usage": "purchase", "partner": number(account),
         "from_on": "2011-01-01", "lines": rows}
        for account, rows in lines.items()
    ]  # fmt: skip


def locations(source: Source) -> list[Content]:
    """Places that store, as warehouses."""
    return [
        {"number": f"AW{int(row['LocationID']):02}", "name": row["Name"], "kind": "warehouse"}
        for row in source.rows("location.csv")
    ]


def work_centers(source: Source) -> list[Content]:
    """Places that work: those with a cost an hour."""
    return [
        {"number": f"AW{int(row['LocationID']):02}", "name": row["Name"]}
        for row in source.rows("location.csv")
        if Decimal(row["CostRate"]) > 0
    ]


def processes(source: Source) -> list[Content]:
    """One process a working place; an hour there costs what they say."""
    return [
        {"number": f"AW{int(row['LocationID']):02}", "name": f"At {row['Name']}", "minutes": "60",
         "work_center": number(f"AW{int(row['LocationID']):02}"), "price": row["CostRate"]}
        for row in source.rows("location.csv")
        if Decimal(row["CostRate"]) > 0
    ]  # fmt: skip


def bills(source: Source) -> list[Content]:
    """One bill an assembly, its lines dated as theirs are."""
    code_of = product_codes(source)
    lines: dict[str, list[Content]] = {}
    for row in source.rows("bill_of_materials.csv"):
        if row["ProductAssemblyID"]:
            lines.setdefault(row["ProductAssemblyID"], []).append(
                {
                    "component": number(code_of[row["ComponentID"]]),
                    "quantity": row["PerAssemblyQty"],
                    "from_on": row["StartDate"],
                    "until_on": _day_after(row["EndDate"]),
                }
            )
    return [
        {"number": f"AWB-{code_of[assembly]}", "item": number(code_of[assembly]), "revision": "A", "lines": rows}
        for assembly, rows in lines.items()
    ]


def routings(source: Source) -> list[Content]:
    """How each product was made: the places in their order."""
    code_of = product_codes(source)
    steps: dict[str, set[tuple[int, int]]] = {}
    for row in source.rows("work_order_routing.csv.gz"):
        steps.setdefault(row["ProductID"], set()).add((int(row["OperationSequence"]), int(row["LocationID"])))
    return [
        {
            "number": f"AWR-{code_of[product]}",
            "item": number(code_of[product]),
            "revision": "A",
            "lines": [{"sequence": place, "process": number(f"AW{at:02}")} for place, at in sorted(found)],
        }
        for product, found in steps.items()
    ]


def product_codes(source: Source) -> dict[str, str]:
    """Return their numbers by their ids."""
    return {row["ProductID"]: row["ProductNumber"] for row in source.rows("product.csv")}


def _day_after(day: str) -> str | None:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day else None
