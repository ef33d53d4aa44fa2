"""The page docs/reference/http.md: every route of the API, from the table that the server itself runs on."""

from itertools import groupby

from zhangshi.http.routes.all import ROUTES
from zhangshi.http.routing import PREFIX, Route

_ABOUT = f"""All addresses begin with `{PREFIX}`. *key*: the write takes `Idempotency-Key`. *version*: it takes
`If-Match`. `{{entity}}` is the key of any published entity. How to call them: [use the API](../how-to/use-the-api.md);
the description with schemas and examples: `GET {PREFIX}/openapi.json`.
"""
_TITLES = {
    "session": "Session and oneself",
    "meta": "What there is",
    "definitions": "Definitions",
    "records": "Records",
    "files": "Files",
    "conversions": "Conversions (下推)",
    "views": "Saved views",
    "stock": "Stock and bills of materials",
    "packs": "Packs",
    "people": "People, departments, tokens",
    "jobs": "Jobs, imports, exports",
    "events": "Live events",
    "health": "Health",
}


def page(generated: str) -> str:
    """Return the page; `generated` is the comment that says so."""
    parts = [f"# The HTTP API\n{generated}\n{_ABOUT}"]
    order = list(_TITLES)
    for tag, routes in groupby(sorted(ROUTES.routes, key=lambda one: order.index(one.tag)), key=lambda one: one.tag):
        rows = "\n".join(_row(one) for one in routes)
        parts.append(
            f"## {_TITLES[tag]}\n\n| method | address | what it does | parameters | |\n|---|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def _row(route: Route) -> str:
    parameters = ", ".join(f"`{one.name}`" + (" (required)" if one.required else "") for one in route.query)
    marks = [mark for mark, has in (("key", route.writes), ("version", route.versioned)) if has]
    if not route.signed_in:
        marks.append("without signing in")
    about = route.about.replace("|", "\\|")
    return f"| {route.method} | `{route.path}` | {about} | {parameters} | {', '.join(marks)} |"
