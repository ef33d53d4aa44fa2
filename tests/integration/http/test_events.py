"""Live events over a real connection: what one person does, another one sees, as far as they may."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.http_client import Client, live_server
from tests.integration.http.goods import made, order
from tests.integration.http.works import Works
from zhangshi.http.app import gateway_of

REASON = {"number": "SSE1", "name": "划伤", "usage": "reject"}


class Listener:
    """A browser that listens in a thread of its own."""

    def __init__(self, url: str, client: Client, *, last: str = "") -> None:
        self.seen: queue.Queue[tuple[str, str, dict[str, Any]]] = queue.Queue()
        self._url, self._cookie, self._last = url, client.http.cookies["zs_session"], last
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.connected = threading.Event()
        self._thread.start()
        assert self.connected.wait(timeout=10)

    def _listen(self) -> None:
        headers = {"Cookie": f"zs_session={self._cookie}"}
        if self._last:
            headers["Last-Event-ID"] = self._last
        with httpx.Client(timeout=30) as http, http.stream("GET", f"{self._url}/api/v1/events", headers=headers) as one:
            assert one.headers["content-type"].startswith("text/event-stream")
            found: dict[str, str] = {}
            for line in one.iter_lines():
                self.connected.set()
                if line:
                    name, _, value = line.partition(": ")
                    found[name] = value
                elif "event" in found:
                    self.seen.put((found.get("id", ""), found["event"], json.loads(found["data"])))
                    found = {}
        self.seen.put(("", "end", {}))

    def next(self, seconds: float = 10) -> tuple[str, str, dict[str, Any]]:
        """Return the next event."""
        return self.seen.get(timeout=seconds)

    def nothing(self, seconds: float = 2.5) -> bool:
        """Return whether nothing comes for a while."""
        try:
            self.seen.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@contextmanager
def served(works: Works) -> Iterator[str]:
    with live_server(works.app) as url:
        try:
            yield url
        finally:
            gateway_of(works.app).live.stopping = True


@pytest.mark.slow
def test_a_change_is_seen_by_who_may_read_the_record_and_by_nobody_else(shop: Works) -> None:
    shop.add("keeper", ["storekeeper"])
    owner, keeper, clerk = (shop.client(login) for login in ("owner", "keeper", "clerk"))
    with served(shop) as url:
        listeners = [Listener(url, client) for client in (owner, keeper, clerk)]

        draft = order(owner)
        path = f"/records/sales_order/{draft['id']}"
        made(
            owner.patch(path, {"lines": [{"item": first_item(owner, path), "quantity": "3", "price": "9"}]}, version=1)
        )

        for listener, sees_prices in zip(listeners[:2], (True, False), strict=True):
            events = [listener.next() for _ in range(4)]  # customer, item, order, its change
            shown = [one for _, kind, one in events if kind == "record" and one["record_id"] == draft["id"]]
            assert [one["action"] for one in shown] == ["create", "edit"]
            assert ("amount" in shown[1]["changed"]) is sees_prices
            assert "9" not in [value for one in shown for value in one.values()]  # paths, never values
        assert listeners[2].nothing()


def first_item(client: Client, path: str) -> str:
    return str(client.get(path).json()["lines"][0]["item"]["id"])


@pytest.mark.slow
def test_whoever_was_away_misses_nothing(shop: Works) -> None:
    owner = shop.client("owner")
    with served(shop) as url:
        listener = Listener(url, owner)
        made(owner.post("/records/reason_code", REASON))
        last, _, _ = listener.next()

        made(owner.post("/records/reason_code", {**REASON, "number": "SSE2"}))
        made(owner.post("/records/reason_code", {**REASON, "number": "SSE3"}))

        again = Listener(url, owner, last=last)
        numbers = [again.next()[2]["number"]]
        while numbers[-1] != "SSE3":  # what came shortly before comes again: ids of this test are a few seconds old
            numbers.append(again.next()[2]["number"])
        assert numbers[-2:] == ["SSE2", "SSE3"]


@pytest.mark.slow
def test_a_stream_ends_with_its_session(shop: Works) -> None:
    clerk, owner = shop.client("clerk"), shop.client("owner")
    with served(shop) as url:
        listener = Listener(url, clerk)
        assert clerk.post("/sign-out").status_code == 204

        made(owner.post("/records/reason_code", REASON))

        assert listener.next()[1] == "signed_out"


@pytest.mark.slow
def test_the_server_ends_with_listeners_still_there(shop: Works) -> None:
    with live_server(shop.app, seconds_max=8) as url:
        listener = Listener(url, shop.client("owner"))
        gateway_of(shop.app).stop()
        assert listener.next()[1] == "end"
        answer = httpx.get(f"{url}/api/v1/health/live")
        assert (answer.status_code, answer.json()["code"]) == (503, "http.stopping")
