"""AdventureWorks' masters as contents of our entities. Pure: rows in, wire form out.

Numbers are theirs (AR-5381, AUSTRALI0001), so that both sides can be compared. A bill line's last day becomes our first
invalid day. What they count in inches and ounces keeps its unit; everything else is counted in pieces. The factory is
one warehouse and each of their places a zone in it, so that one issue can take from several places. Each item has one
place: the first one of their stock snapshot.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from zhangshi.packs.adventureworks.source import Row, Source

Content = dict[str, object]
WAREHOUSE = "AW"
_DEFAULT_PLACE = 6
"""Miscellaneous Storage: where items lie that their snapshot does not name."""

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
            "warehouse": number(WAREHOUSE),
        }
        for row in source.rows("product.csv")
    ]


def vendors(source: Source) -> list[Content]:
    """Suppliers, by their account numbers; all active, as they were when the orders were placed."""
    return [
        {
            "number": row["AccountNumber"],
            "name": f"{row['Name']} ({row['AccountNumber']})",  # two of them share a name
            "short_name": row["Name"][:40],
            "is_supplier": True,
        }
        for row in source.rows("vendor.csv")
    ]


def inactive_vendors(source: Source) -> list[str]:
    """The numbers of the suppliers with whom nobody trades any more."""
    return [row["AccountNumber"] for row in source.rows("vendor.csv") if row["ActiveFlag"] != "True"]


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


def warehouse() -> Content:
    """The factory."""
    return {"number": WAREHOUSE, "name": "AdventureWorks", "kind": "warehouse"}


def locations(source: Source) -> list[Content]:
    """All places, as zones of the warehouse."""
    return [
        {
            "number": place_number(row["LocationID"]),
            "name": row["Name"],
            "kind": "zone",
            "belongs_to": number(WAREHOUSE),
        }
        for row in source.rows("location.csv")
    ]


def place_number(location_id: str | int) -> str:
    """Return the number of a place: of the zone, and of the work centre, process and crew that are there."""
    return f"{WAREHOUSE}{int(location_id):02}"


def places(source: Source) -> dict[str, str]:
    """Return the number of the place of each product, by its id."""
    first: dict[str, str] = {}
    for row in source.rows("product_inventory.csv"):
        first.setdefault(row["ProductID"], row["LocationID"])
    return {
        row["ProductID"]: place_number(first.get(row["ProductID"], _DEFAULT_PLACE))
        for row in source.rows("product.csv")
    }


def unit_costs(source: Source) -> dict[str, str]:
    """Return what a piece of opening stock is worth, by product: their standard cost, else a vendor's price."""
    asked: dict[str, str] = {}
    for row in source.rows("product_vendor.csv"):
        asked.setdefault(row["ProductID"], row["StandardPrice"])
    return {
        row["ProductID"]: row["StandardCost"]
        if Decimal(row["StandardCost"])
        else asked.get(row["ProductID"], row["StandardCost"])
        for row in source.rows("product.csv")
    }


def work_centers(source: Source) -> list[Content]:
    """Places that work: those with a cost an hour."""
    return [{"number": place_number(row["LocationID"]), "name": row["Name"]} for row in _working(source)]


def processes(source: Source) -> list[Content]:
    """One process a working place. Work orders say what their operations cost, so it has no price of its own."""
    return [
        {
            "number": place_number(row["LocationID"]),
            "name": f"At {row['Name']}",
            "work_center": number(place_number(row["LocationID"])),
        }
        for row in _working(source)
    ]


def crews(source: Source) -> list[Content]:
    """One crew a working place; their data name nobody who works there."""
    return [
        {
            "number": place_number(row["LocationID"]),
            "name": f"Crew of {row['Name']}",
            "work_center": number(place_number(row["LocationID"])),
        }
        for row in _working(source)
    ]


def _working(source: Source) -> list[Row]:
    return [row for row in source.rows("location.csv") if Decimal(row["CostRate"]) > 0]


def scrap_reasons(source: Source) -> list[Content]:
    """Why something was scrapped."""
    return [
        {"number": scrap_number(row["ScrapReasonID"]), "name": row["Name"], "usage": "work_waste"}
        for row in source.rows("scrap_reason.csv")
    ]


def scrap_number(reason_id: str) -> str:
    """Return the number of a reason."""
    return f"AWS{int(reason_id):02}"


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
            "lines": [{"sequence": place, "process": number(place_number(at))} for place, at in sorted(found)],
        }
        for product, found in steps.items()
    ]


def product_codes(source: Source) -> dict[str, str]:
    """Return their numbers by their ids."""
    return {row["ProductID"]: row["ProductNumber"] for row in source.rows("product.csv")}


def _day_after(day: str) -> str | None:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day else None
