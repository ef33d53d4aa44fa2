"""Every route of the product, in the order in which paths are tried.

Fixed words stand before names in the same place, and what is asked for most stands first: paths are tried one by one.
"""

from zhangshi.http.routes import (
    around,
    audit,
    bom,
    conversions,
    definitions,
    departments,
    events,
    files,
    health,
    meta,
    packs,
    people,
    printing,
    records,
    session,
    stock,
    tasks,
    transfers,
    views,
)
from zhangshi.http.routing import RouteTable

ROUTES = RouteTable(
    (
        *around.ROUTES,
        *files.RECORD_ROUTES,
        *transfers.RECORD_ROUTES,
        *printing.ROUTES,
        *records.ROUTES,
        *session.ROUTES,
        *meta.ROUTES,
        *conversions.ROUTES,
        *views.ROUTES,
        *files.ROUTES,
        *stock.ROUTES,
        *bom.ROUTES,
        *audit.ROUTES,
        *definitions.ROUTES,
        *packs.ROUTES,
        *people.ROUTES,
        *departments.ROUTES,
        *tasks.ROUTES,
        *transfers.ROUTES,
        *events.ROUTES,
        *health.ROUTES,
    )
)
