"""The way into the product that stories take in CI: HTTP over a real port, each person with a session of their own."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx

from tests.http_client import Client
from zhangshi.ledger.service.queries import valuation
from zhangshi.packs.stories import DoorRefused, Handle
from zhangshi.platform.unit_of_work import Company


class HttpDoor:
    """See `zhangshi.packs.stories.Door`. Stock is read beside the door: who may see it is not the story's question."""

    def __init__(self, company: Company, sign_in: Callable[[str], Client]) -> None:
        self._company = company
        self._sign_in = sign_in
        self._clients: dict[str, Client] = {}
        self.numbers: dict[int, str] = {}

    def _as(self, who: str) -> Client:
        if who not in self._clients:
            self._clients[who] = self._sign_in(who)
        return self._clients[who]

    def create(self, who: str, entity: str, content: Mapping[str, Any], transition: str) -> Handle:
        params = {"transition": transition} if transition else None
        return _saved(entity, self._as(who).post(f"/records/{entity}", dict(content), params=params))

    def edit(self, who: str, of: Handle, content: Mapping[str, Any]) -> Handle:
        answer = self._as(who).patch(f"/records/{of.entity}/{of.record_id}", dict(content), version=of.version)
        return _saved(of.entity, answer)

    def transition(self, who: str, of: Handle, transition: str, content: Mapping[str, Any]) -> Handle:
        path = f"/records/{of.entity}/{of.record_id}/transitions/{transition}"
        return _saved(of.entity, self._as(who).post(path, dict(content), version=of.version))

    def propose(self, who: str, conversion: str, sources: Sequence[Handle]) -> tuple[str, dict[str, Any]]:
        asked = {"sources": [{"record": one.record_id} for one in sources]}
        content: dict[str, Any] = _ok(self._as(who).post(f"/conversions/{conversion}/propose", asked))["content"]
        return "", content

    def convert(
        self, who: str, conversion: str, sources: Sequence[Handle], content: Mapping[str, Any], transition: str
    ) -> Handle:
        asked = {"sources": [{"record": one.record_id} for one in sources], "content": dict(content)}
        params = {"transition": transition} if transition else None
        answer = _ok(self._as(who).post(f"/conversions/{conversion}", asked, params=params))
        return Handle(str(answer["entity"]), str(answer["id"]), int(answer["version"]))

    def delete(self, who: str, of: Handle) -> None:
        _ok(self._as(who).delete(f"/records/{of.entity}/{of.record_id}", version=of.version))

    def get(self, who: str, entity: str, record_id: str) -> dict[str, Any]:
        return _ok(self._as(who).get(f"/records/{entity}/{record_id}"))

    def chain(self, who: str, of: Handle) -> list[str]:
        nodes = _ok(self._as(who).get(f"/records/{of.entity}/{of.record_id}/chain"))["nodes"]
        return [str(node["entity"]) for node in nodes if str(node["id"]) != of.record_id]

    def stock(self) -> dict[str, tuple[Decimal, Decimal]]:
        with self._company.read() as session:
            values = valuation(session)
            rows = session.core.exec_driver_sql("SELECT record_id, number FROM d_item").all()
        numbers = {int(row[0]): str(row[1]) for row in rows}
        return {
            numbers[item]: (Decimal(quantity).scaleb(-6), Decimal(amount).scaleb(-2))
            for item, quantity, amount in values
        }


def _ok(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code >= 400:
        problem = answer.json()
        told = [f"{one.get('path')}: {one.get('message')}" for one in problem.get("problems", [])]
        raise DoorRefused(problem.get("code", "?"), "; ".join([str(problem.get("detail")), *told]))
    return answer.json() if answer.content else {}


def _saved(entity: str, answer: httpx.Response) -> Handle:
    saved = _ok(answer)
    return Handle(entity, str(saved["id"]), int(saved["version"]))
