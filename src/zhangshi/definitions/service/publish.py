"""Publishing: claim, work, one last transaction.

1. `publish` compares the plan's digest, refuses if somebody else is publishing, and claims the definitions. What is
   small is finished in the same transaction; the rest goes to a job.
2. The job adds tables, columns and plain indexes, and recodes columns batch by batch, each in a small transaction.
   The old revision counts all the while. It may be killed anywhere: run again it does what is not done yet.
3. `finish` is the last transaction, and complete by itself: it does whatever is left, under the lock that keeps
   records from being written, looks once more at what stands in the way, and moves the company to the new revision.
"""

from collections.abc import Callable

import msgspec
import structlog

from zhangshi.base.errors import Word, ZhangshiError
from zhangshi.definitions._store import ddl
from zhangshi.definitions._store import drafts as draft_store
from zhangshi.definitions.catalog import Catalog
from zhangshi.definitions.service.allotting import Recoding
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.checking import doubled, fill, settle_states
from zhangshi.definitions.service.columns import write_columns
from zhangshi.definitions.service.converting import (
    BATCH_SIZE,
    BEFORE_ALL,
    agree,
    agree_everywhere,
    left_behind,
    look_at,
    replace_values,
)
from zhangshi.definitions.service.errors import NOTHING_TO_PUBLISH, PLAN_OUTDATED, PLAN_REFUSED
from zhangshi.definitions.service.plan import Candidate, Prepared, prepare, refuse_if_any
from zhangshi.definitions.service.publications import (
    DONE,
    FAILED,
    RUNNING,
    WITHDRAWN,
    candidate_of,
    claim,
    end,
    get_publication,
    lock_state,
    progress,
    refuse_if_claimed,
    release,
)
from zhangshi.definitions.service.revisions import append_revision
from zhangshi.definitions.storage import CreateIndex, DropIndex, Step, difference, wanted_tables
from zhangshi.platform.jobs.model import Job
from zhangshi.platform.jobs.queue import enqueue
from zhangshi.platform.unit_of_work import SYSTEM_ACTOR, Company, Request, UnitOfWork

HANDLER = "definitions.publish"
PUBLISHED = "definitions.published"
"""Topic of `Published`; ordering key: "definitions"."""

_log = structlog.get_logger(__name__)


class Published(msgspec.Struct, frozen=True):
    """What became of a publication. `revision` is 0 while a job works on it."""

    publication_id: int
    revision: int
    base: int


def publish(
    uow: UnitOfWork, catalogs: Catalogs, *, candidate: Candidate, digest: str, at_once: bool = False
) -> Published:
    """Publish what the plan with this digest showed; `at_once` never leaves it to a job.

    Raises: definitions.being_published, definitions.plan_outdated, definitions.plan_refused,
        definitions.nothing_to_publish, definitions.invalid.
    """
    state = lock_state(uow)
    refuse_if_claimed(state)
    if state.revision != candidate.base:
        raise ZhangshiError(PLAN_OUTDATED)
    prepared = prepare(uow.session, catalogs, candidate)
    if prepared.plan.digest != digest:
        raise ZhangshiError(PLAN_OUTDATED)
    if prepared.plan.empty:
        raise ZhangshiError(NOTHING_TO_PUBLISH)
    refuse_if_any(prepared.plan)
    publication_id = claim(uow, prepared)
    if at_once or prepared.plan.small:
        return Published(publication_id, _complete(uow, prepared, publication_id), candidate.base)
    enqueue(uow, handler=HANDLER, payload=publication_id, unique_key=f"publication-{publication_id}")
    return Published(publication_id, 0, candidate.base)


def publish_now(uow: UnitOfWork, catalogs: Catalogs, candidate: Candidate) -> Published:
    """Plan and publish in one transaction, for those who are nobody's surprise: installing a pack, tests."""
    digest = prepare(uow.session, catalogs, candidate).plan.digest
    return publish(uow, catalogs, candidate=candidate, digest=digest, at_once=True)


def publish_handler(company: Company, catalogs: Catalogs) -> Callable[[Job], None]:
    """Return the handler of publishing jobs, for `Handlers.add_outside(HANDLER, …)`."""

    def handle(job: Job) -> None:
        run_publication(company, catalogs, job.decode(int))

    return handle


def run_publication(company: Company, catalogs: Catalogs, publication_id: int) -> int:
    """Work a claimed publication to its end; return the new revision, 0 if it failed or is over.

    What refuses it (a value that came meanwhile and cannot go along) ends it as failed; anything else comes out, and
    the job is tried again.
    """
    try:
        _work_ahead(company, catalogs, publication_id)
        return _write(company, lambda uow: finish(uow, catalogs, publication_id))
    except ZhangshiError as error:
        if error.code.startswith("platform."):
            raise
        problem = {"code": error.code, "zh": error.message("zh"), "en": error.message("en")}
        _write(company, lambda uow: _give_up(uow, publication_id, FAILED, problem))
        _log.warning("publication_failed", publication_id=publication_id, code=error.code)
        return 0


def withdraw(uow: UnitOfWork, *, publication_id: int) -> None:
    """Take a publication back that is under way; what it added so far stays, empty and unused.

    Raises: definitions.no_such_publication.
    """
    get_publication(uow.session, publication_id)
    _give_up(uow, publication_id, WITHDRAWN, None)


def _give_up(uow: UnitOfWork, publication_id: int, state: str, problem: object) -> int:
    if lock_state(uow).publication_id == publication_id:
        end(uow, publication_id, state=state, problem=problem)
        release(uow)
    return 0


def _work_ahead(company: Company, catalogs: Catalogs, publication_id: int) -> None:
    """Do in small transactions what needs no lock; nothing reads it before the last transaction."""
    with company.read() as session:
        publication = get_publication(session, publication_id)
        if publication.state != RUNNING:
            return
        candidate, allotted = candidate_of(session, publication)
        prepared = prepare(session, catalogs, candidate, allotted=allotted, values_too=False)
    for step in _steps(prepared):
        if not _waits(step):
            _write(company, lambda uow, step=step: _apply_ahead(uow, step))  # type: ignore[misc]
    done = 0
    for recoding in prepared.allotment.recodings:
        if recoding.copies:
            done = _recode_ahead(company, publication_id, recoding, done)


def _apply_ahead(uow: UnitOfWork, step: Step) -> int:
    ddl.apply(uow.session, step)
    return 0


def _recode_ahead(company: Company, publication_id: int, recoding: Recoding, done: int) -> int:
    after: int | None = BEFORE_ALL

    def batch(uow: UnitOfWork) -> int | None:
        assert after is not None
        progress(uow, publication_id, rows_done=done)
        return agree(uow.session, recoding, after=after)

    while after is not None:
        request = Request(SYSTEM_ACTOR, f"publication-{publication_id}/{company.ids.next_id()}", None)
        after = company.write(request, batch, answer_type=int | None)  # type: ignore[arg-type]
        done += BATCH_SIZE
    return done


def finish(uow: UnitOfWork, catalogs: Catalogs, publication_id: int) -> int:
    """Do everything that is left and move the company to the new revision; return it, 0 if it is over already.

    Raises: definitions.plan_refused if the records of this moment do not allow it.
    """
    state = lock_state(uow)
    if state.publication_id != publication_id:
        return get_publication(uow.session, publication_id).revision
    candidate, allotted = candidate_of(uow.session, get_publication(uow.session, publication_id))
    prepared = prepare(uow.session, catalogs, candidate, allotted=allotted, values_too=False)
    refuse_if_any(prepared.plan)
    return _complete(uow, prepared, publication_id)


def _complete(uow: UnitOfWork, prepared: Prepared, publication_id: int) -> int:
    candidate, after = prepared.candidate, prepared.after
    steps = _steps(prepared)
    for step in steps:
        if not _waits(step):
            ddl.apply(uow.session, step)
    for recoding in prepared.allotment.recodings:
        if recoding.copies:
            _make_agree(uow, recoding, after)
        else:
            replace_values(uow.session, recoding)
    for filling in prepared.fillings:
        fill(uow.session, filling)
    for step in sorted(steps, key=lambda one: isinstance(one, CreateIndex)):
        if _waits(step):
            _refuse_doubles(uow, step)
            ddl.apply(uow.session, step)
    settle_states(uow.session, prepared.before, after)
    actor = get_publication(uow.session, publication_id).actor
    revision = append_revision(uow, candidate.objects, parent=candidate.base, note=candidate.note, actor=actor)
    write_columns(uow, columns=prepared.columns, catalog=after, revision=revision)
    for kind, key, version in candidate.drafts:
        uow.session.execute(draft_store.DELETE_VERSION, kind, key, version)
    end(uow, publication_id, state=DONE, revision=revision)
    published = Published(publication_id, revision, candidate.base)
    uow.emit(PUBLISHED, "definitions", msgspec.to_builtins(published))
    return revision


def _make_agree(uow: UnitOfWork, recoding: Recoding, after: Catalog) -> None:
    """Raises: definitions.plan_refused with the values that cannot go along; the transaction is undone then."""
    agree_everywhere(uow.session, recoding)
    if left_behind(uow.session, recoding):
        refused = look_at(uow.session, recoding, after).refusal
        assert refused is not None
        raise ZhangshiError(PLAN_REFUSED, count=1, first=Word(refused.en, refused.zh))


def _refuse_doubles(uow: UnitOfWork, step: Step) -> None:
    """Values that differed in the old column may be the same in the new one: "1" and "1.0".

    Raises: definitions.plan_refused.
    """
    refused = doubled(uow.session, step.index) if isinstance(step, CreateIndex) else None
    if refused is not None:
        raise ZhangshiError(PLAN_REFUSED, count=1, first=Word(refused.en, refused.zh))


def _steps(prepared: Prepared) -> list[Step]:
    return difference(wanted_tables(prepared.after), prepared.existing)


def _waits(step: Step) -> bool:
    """Whether a step refuses data, and so has to wait for the last transaction."""
    return isinstance(step, DropIndex) or (isinstance(step, CreateIndex) and step.index.unique)


def _write(company: Company, work: Callable[[UnitOfWork], int]) -> int:
    request = Request(SYSTEM_ACTOR, f"publication/{company.ids.next_id()}", None)
    return company.write(request, work, answer_type=int)
