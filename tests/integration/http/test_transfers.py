"""Sheets in and out as jobs: asked for over HTTP, carried out by a worker, looked at by whoever asked."""

import io
from typing import Any

import python_calamine

from tests.http_client import refused
from tests.integration.http.goods import add_item
from tests.integration.http.works import Works

GOOD = "原因代码,原因,用于\nI1,崩边,检验不合格\nI2,毛刺,检验不合格\n"
BAD = "原因代码,原因,用于\nI1,崩边,检验不合格\nI2,,没有这个\n"


def sheet(text: str) -> dict[str, Any]:
    return {"files": {"file": ("原因.csv", text.encode(), "text/csv")}, "data": {"entity": "reason_code"}}


def test_an_import_is_a_job_that_can_be_followed_and_undone(shop: Works) -> None:
    owner = shop.client("owner")
    before = len(owner.get("/records/reason_code?limit=500").json()["rows"])

    started = owner.request("POST", "/imports", **sheet(GOOD))
    assert started.status_code == 202, started.text
    job = started.json()["job"]
    assert owner.get(f"/imports/{job}").json()["state"] == "queued"
    shop.run_job(int(job))

    done = owner.get(f"/imports/{job}").json()
    assert (done["state"], done["result"]["answer"]["inserted"]) == ("done", 2)
    assert len(owner.get("/records/reason_code?limit=500").json()["rows"]) == before + 2
    assert owner.post(f"/imports/{job}/undo").json()["deleted"] == 2
    assert len(owner.get("/records/reason_code?limit=500").json()["rows"]) == before


def test_a_sheet_with_mistakes_comes_back_marked_and_writes_nothing(shop: Works) -> None:
    owner = shop.client("owner")
    before = owner.get("/records/reason_code?limit=500").json()["rows"]

    job = owner.request("POST", "/imports", **sheet(BAD)).json()["job"]
    shop.run_job(int(job))

    answer = owner.get(f"/imports/{job}").json()["result"]["answer"]
    assert (answer["written"], answer["problem_count"]) == (False, 2)
    marked = owner.get(f"/imports/{job}/sheet")
    assert marked.status_code == 200
    assert python_calamine.load_workbook(io.BytesIO(marked.content)).sheet_names
    assert owner.get("/records/reason_code?limit=500").json()["rows"] == before


def test_somebody_elses_job_is_not_there(shop: Works) -> None:
    job = shop.client("owner").request("POST", "/imports", **sheet(GOOD)).json()["job"]

    refused(shop.client("clerk").get(f"/jobs/{job}"), 404, "task.no_such_task")
    refused(shop.client("clerk").get(f"/imports/{job}/sheet"), 404, "task.no_such_task")
    refused(shop.client("clerk").post(f"/jobs/{job}/cancel"), 404, "task.no_such_task")
    assert shop.client("clerk").get("/jobs").json() == {"jobs": []}


def test_whoever_may_not_import_is_told_at_once(shop: Works) -> None:
    refused(shop.client("clerk").request("POST", "/imports", **sheet(GOOD)), 403, "records.forbidden")
    refused(shop.client("clerk").post("/exports", {"entity": "item"}), 403, "records.forbidden")


def test_a_job_can_be_stopped_before_it_begins(shop: Works) -> None:
    owner = shop.client("owner")
    job = owner.request("POST", "/imports", **sheet(GOOD)).json()["job"]

    assert owner.post(f"/jobs/{job}/cancel").json()["cancel_asked"] is True
    shop.run_job(int(job))

    assert owner.get(f"/jobs/{job}").json()["state"] == "cancelled"
    refused(owner.post(f"/jobs/{job}/cancel"), 409, "task.already_over")


def test_an_export_job_keeps_its_file(shop: Works) -> None:
    owner = shop.client("owner")
    add_item(owner, "弹簧垫圈")
    job = owner.post("/exports", {"entity": "item", "format": "csv"}).json()["job"]
    refused(owner.get(f"/exports/{job}/file"), 404, "records.file_lost")

    shop.run_job(int(job))

    assert "弹簧垫圈" in owner.get(f"/exports/{job}/file").content.decode("utf-8-sig")


def test_a_workbook_to_fill_in_names_the_fields(shop: Works) -> None:
    answer = shop.client("owner").get("/records/item/import-template")

    book = python_calamine.load_workbook(io.BytesIO(answer.content))
    header = book.get_sheet_by_index(0).to_python()[0]
    assert any("物料名称" in str(one) for one in header)
