"""Is the server alive, and is it ready?"""

from http import HTTPStatus

from zhangshi.http.answers import Answer, json_answer
from zhangshi.http.calls import Call
from zhangshi.http.routing import Route
from zhangshi.platform.health import check_health


def live(_call: Call) -> Answer:
    """Say that the process answers."""
    return json_answer({"ok": True})


def ready(call: Call) -> Answer:
    """Say whether the company can be worked with, without telling strangers how it is built."""
    health = check_health(call.company)
    needed = [one for one in health.checks if one.name in {"database", "migrations"}]
    ok = all(one.ok for one in needed)
    return json_answer({"ok": ok}, status=int(HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE))


def details(call: Call) -> Answer:
    """Say everything: database, tables, worker, outbox, dead letters."""
    call.require("health", "read")
    health = check_health(call.company)
    checks = [{"name": one.name, "ok": one.ok, "detail": one.detail} for one in health.checks]
    return json_answer({"ok": health.ok, "checks": checks})


ROUTES = (
    Route(method="GET", path="/health/live", name="health_live", tag="health", run=live, signed_in=False,
          about="The process answers."),
    Route(method="GET", path="/health", name="health_ready", tag="health", run=ready, signed_in=False,
          about="The company can be worked with; 503 when not."),
    Route(method="GET", path="/health/details", name="health_details", tag="health", run=details,
          about="Database, tables, worker, outbox and dead letters."),
)  # fmt: skip
