"""A small document type for these tests, its records written as the records service would, and read back as values."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.loading import load_text
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.plan import Candidate, Plan, make_plan
from zhangshi.definitions.service.publish import Published, publish
from zhangshi.definitions.service.revisions import current_revision, read_objects, to_objects
from zhangshi.platform.session import Session
from zhangshi.platform.statements import Statement
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork

LIFECYCLE = """lifecycle:
  states: {draft: {}, done: {final: true}}
  transitions: {finish: {from: draft, to: done, label: {zh: 完成, en: Finish}}}
"""


def note(fields: Mapping[str, str], lines: Mapping[str, str] | None = None, *, tail: str = LIFECYCLE) -> str:
    """Return the YAML of the document `note`; fields are given as flow maps: {"body": "{type: text}"}."""
    text = "schema: 1\nentity: note\nkind: document\nlabel: {zh: 便条, en: Note}\nfields:\n"
    text += "".join(f"  {key}: {_labelled(key, field)}\n" for key, field in fields.items())
    if lines:
        text += "lines:\n" + "".join(f"  {key}: {_labelled(key, field)}\n" for key, field in lines.items())
    return text + tail


def _labelled(key: str, field: str) -> str:
    return field if "label" in field else f"{field[:-1]}, label: {{zh: {key}, en: {key}}}}}"


def run(company: Company, work: Any, answer_type: Any = int) -> Any:
    """Run work in a unit of work of its own."""
    return company.write(Request("li", f"test/{company.ids.next_id()}", None), work, answer_type=answer_type)


def write_record(
    uow: UnitOfWork,
    catalog: Catalog,
    record_id: int,
    values: Mapping[str, object],
    lines: Sequence[Mapping[str, object]] = (),
    *,
    state: str = "draft",
) -> int:
    """Insert a record of `note` through the columns that `catalog` names."""
    entity = catalog.entities["note"]
    fixed = {"record_id": record_id, "number": f"N{record_id}", "state": state, "version": 1}
    stamps = {"created_at": 0, "created_by": 0, "updated_at": 0, "updated_by": 0}
    own = {entity.header.fields[key].column: value for key, value in values.items()}
    _insert(uow, entity.header.name, {**fixed, **stamps, **own})
    for position, line in enumerate(lines, start=1):
        table = entity.tables["lines"]
        own = {table.fields[key].column: value for key, value in line.items()}
        line_id = record_id * 100 + position
        _insert(uow, table.name, {"line_id": line_id, "record_id": record_id, "position": position, **own})
    return record_id


def _insert(uow: UnitOfWork, table: str, row: Mapping[str, object]) -> None:
    names, places = ", ".join(row), ", ".join("?" * len(row))
    uow.session.execute(Statement(f"INSERT INTO {table} ({names}) VALUES ({places})"), *row.values())


def values_of(session: Session, catalog: Catalog, field: str, table: str = "") -> list[Any]:
    """Return the stored values of a field, by the key of the row."""
    found = catalog.entities["note"].table(table)
    key = "line_id" if table else "record_id"
    text = f"SELECT {found.fields[field].column} FROM {found.name} ORDER BY {key}"
    return [row[0] for row in session.query(Statement(text))]


def stored(company: Company, catalogs: Catalogs, field: str, table: str = "") -> list[Any]:
    """Return the stored values of a field under the definitions that count now."""
    with company.read() as session:
        return values_of(session, catalogs.current(session), field, table)


def candidate(session: Session, *texts: str, note: str = "") -> Candidate:
    """Return what the definitions become with these objects of the site."""
    base = current_revision(session)
    objects = {**read_objects(session, base), **to_objects(load_text(text) for text in texts)}
    return Candidate(base=base, objects=objects, note=note)


def planned(company: Company, catalogs: Catalogs, *texts: str) -> tuple[Candidate, Plan]:
    """Return a candidate and its plan."""
    with company.read() as session:
        wanted = candidate(session, *texts)
        return wanted, make_plan(session, catalogs, wanted)


def published(company: Company, catalogs: Catalogs, *texts: str, at_once: bool = False) -> Published:
    """Plan and publish."""
    wanted, plan = planned(company, catalogs, *texts)
    return publish_plan(company, catalogs, wanted, plan, at_once=at_once)


def publish_plan(
    company: Company, catalogs: Catalogs, wanted: Candidate, plan: Plan, *, at_once: bool = False
) -> Published:
    """Publish what was planned."""
    return run(
        company,
        lambda uow: publish(uow, catalogs, candidate=wanted, digest=plan.digest, at_once=at_once),
        answer_type=Published,
    )
