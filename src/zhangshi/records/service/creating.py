"""Create records: decode, find links, compute, check, number, write, post. See docs/algorithms/records.md."""

from collections.abc import Sequence

from zhangshi.base.errors import ErrorCode, ZhangshiError
from zhangshi.definitions.catalog import HEADER, Entity
from zhangshi.records.errors import INVALID
from zhangshi.records.model import CREATED, SYSTEM_DOORS, Content, Invalid, Problem
from zhangshi.records.service import (
    attaching,
    filing,
    filled_rows,
    limits,
    linking,
    numbers,
    recording,
    transitions,
    uniqueness,
)
from zhangshi.records.service.permitting import access_to_record, problems_of
from zhangshi.records.service.players import tell_players
from zhangshi.records.service.references import resolve
from zhangshi.records.service.work import Work
from zhangshi.records.values import Entered
from zhangshi.records.writing.cells import Cells
from zhangshi.records.writing.decoding import Decoded, DecodedRow, decode
from zhangshi.records.writing.documents import Document
from zhangshi.records.writing.problems import Problems

MANY_INVALID = ErrorCode(
    "records.many_invalid",
    "{count} 张单据不符合要求,全部没有保存。第一处:{first_zh}",
    "{count} documents have problems; none was saved. The first: {first_en}",
)


class ManyInvalid(ZhangshiError):
    """What is wrong with which of many documents, by their place in the list."""

    def __init__(self, problems: dict[int, tuple[Problem, ...]]) -> None:
        self.problems_by_place = problems
        first = next(iter(problems.values()))[0]
        super().__init__(MANY_INVALID, count=len(problems), first_zh=first.zh, first_en=first.en)


def create_many(
    work: Work, *, entity_key: str, contents: Sequence[Content], transition: str, internal: bool
) -> list[Document]:
    """See `Work.create_many`."""
    entity = work.entity(entity_key)
    if not internal:
        access = work.access(entity)
        access.refuse("create")
        if transition:
            access.refuse(transition)
    documents = begin_many(work, entity, contents, internal=internal)
    limits.lock_limits(work, documents, transition)
    compute(work, documents, transition)
    linking.check_open(work, documents)
    if not internal:
        _refuse_forbidden(work, documents, transition)
    refuse_invalid(work, documents)
    numbers.assign(work, documents)
    uniqueness.check(work, documents)
    refuse_invalid(work, documents)
    if not internal:
        filing.refuse_foreign_files(work, documents)
    for one in documents:
        one.version = 1
        one.header.system["number"] = one.number
    tell_players(work, documents)
    later = [transitions.make(work, one, transition) for one in documents] if transition else []
    touched = {source for one in documents for source in linking.write_links(work, one)}
    recording.record_created(work, documents, transition, CREATED)
    transitions.follow(work, [*later, transitions.Later(sources=touched)])
    return documents


def begin_many(
    work: Work, entity: Entity, contents: Sequence[Content], *, locking: bool = True, internal: bool = False
) -> list[Document]:
    """Return new documents, decoded, their links and sources found; not computed yet."""
    documents = [_begin(work, entity, content, internal=internal) for content in contents]
    resolve(work.session, work.world, entity, [(one.decoded, one.problems) for one in documents])
    for one in documents:
        _own(work, one)
    attaching.attach_sources(work, documents, locking=locking)
    filled_rows.fill_rows(work, documents)
    return documents


def computed(work: Work, entity_key: str, content: Content, *, locking: bool = False) -> Document:
    """Return a new document, computed and checked but not written: for previews; its problems tell what is wrong."""
    (document,) = begin_many(work, work.entity(entity_key), [content], locking=locking)
    compute(work, [document], "")
    return document


def _begin(work: Work, entity: Entity, content: Content, *, internal: bool) -> Document:
    problems = Problems(entity)
    decoded = decode(entity, content, problems)
    header = Cells(work.world, entity, HEADER, entered=decoded.header.values)
    document = Document(entity, decoded, header, problems, id=work.uow.next_id(), internal=internal)
    header.id = document.id
    document.state = entity.lifecycle.initial.key if entity.lifecycle else ""
    return document


def _own(work: Work, document: Document) -> None:
    """Fill in rows and system fields, now that the links are found."""
    entity, decoded, header = document.entity, document.decoded, document.header
    drop_read_only(work, document, decoded.header, HEADER)
    header.begin()
    person = work.caller.person
    header.system = {
        "id": document.id, "number": None, "state": document.state or None, "version": 1,
        "created_at": work.uow.now, "created_by": person.user_id or None, "updated_at": work.uow.now,
        "updated_by": person.user_id or None, "owner": found_id(decoded.owner) or person.user_id or None,
        "department": found_id(decoded.department) or person.department_id or None,
    }  # fmt: skip
    for key, rows in decoded.tables.items():
        header.rows[key] = [new_row(work, document, key, row, position) for position, row in enumerate(rows, 1)]
    for key in entity.tables:
        header.rows.setdefault(key, [])
    document.decoding = len(document.problems.blocking)


def found_id(entered: Entered) -> int | None:
    """Return a person or department that was entered, once it is found."""
    return entered if isinstance(entered, int) else None


def new_row(work: Work, document: Document, table: str, row: DecodedRow, position: int) -> Cells:
    """Return the cells of a new row."""
    drop_read_only(work, document, row, table)
    cells = Cells(
        work.world,
        document.entity,
        table,
        entered=row.values,
        header=document.header,
        row_id=work.uow.next_id(),
    )
    cells.position = position
    return cells


def drop_read_only(work: Work, document: Document, row: DecodedRow, table: str) -> None:
    """Forget what a person's door sent for fields that the system fills in: it came back as it was shown."""
    if document.internal or work.caller.door in SYSTEM_DOORS:
        return
    fields = document.entity.table(table).fields
    for key in [key for key in row.entered if fields[key].read_only]:
        del row.entered[key]


def compute(work: Work, documents: Sequence[Document], transition: str) -> None:
    """Compute and check the documents, with one statement a kind of question for all of them."""

    def step() -> None:
        for one in documents:
            one.compute(transition)

    work.settle(step)


def _refuse_forbidden(work: Work, documents: Sequence[Document], transition: str) -> None:
    for one in documents:
        access = access_to_record(work, one, one.header, one.state)
        access.refuse("create")
        if transition:
            access.refuse(transition)
        access.refuse_locked(entered_paths(one.decoded), "create")


def entered_paths(decoded: Decoded) -> list[str]:
    """Return the paths of the fields for which something was entered."""
    paths = dict.fromkeys(key for key, value in decoded.header.entered.items() if value is not None)
    for table, rows in decoded.tables.items():
        for row in rows:
            paths.update(dict.fromkeys(f"{table}.{key}" for key, value in row.entered.items() if value is not None))
    return list(paths)


def refuse_invalid(work: Work, documents: Sequence[Document]) -> None:
    """Raises: records.invalid for a single document; `ManyInvalid` where several were asked for."""
    wrong = {place: one for place, one in enumerate(documents) if one.problems.blocking}
    if not wrong:
        return
    problems = {place: problems_of(work, one) for place, one in wrong.items()}
    if len(documents) == 1:
        raise Invalid(INVALID, problems[0])
    raise ManyInvalid(problems)
