"""Publications: a candidate on its way to become the next revision, and the claim that lets only one be under way."""

from typing import NamedTuple

import msgspec

from zhangshi.base.clock import micros_to_instant
from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions._store import publications as store
from zhangshi.definitions._store import revisions as state_store
from zhangshi.definitions.service.allotting import Replacement
from zhangshi.definitions.service.errors import BEING_PUBLISHED, NO_SUCH_PUBLICATION
from zhangshi.definitions.service.plan import Candidate, Prepared
from zhangshi.definitions.service.revisions import MemberKey, digest_of, write_texts
from zhangshi.platform.session import Session
from zhangshi.platform.unit_of_work import UnitOfWork

NOBODY = 0
RUNNING, DONE, FAILED, WITHDRAWN = "running", "done", "failed", "withdrawn"


class Content(msgspec.Struct, frozen=True):
    """What shall be published: members by digest, the drafts it uses up, fields that get another key."""

    members: tuple[tuple[str, str, str, str], ...]
    drafts: tuple[tuple[str, str, int], ...]
    renames: tuple[tuple[str, str, str, str], ...]
    columns: tuple[tuple[str, str, str, str], ...]
    replacements: tuple[Replacement, ...] = ()


class Publication(NamedTuple):
    """A row of definition_publication."""

    publication_id: int
    state: str
    base_revision: int
    revision: int
    plan_digest: str
    content: str
    note: str
    actor: str
    recorded_at: int
    finished_at: int
    steps_done: int
    steps_total: int
    problem: str


class State(NamedTuple):
    """The row that says which revision counts."""

    revision: int
    publication_id: int
    claimed_by: str
    claimed_at: int


def lock_state(uow: UnitOfWork) -> State:
    """Return the state, held until the end of this transaction: nobody writes records or publishes meanwhile."""
    return State(*uow.session.query(state_store.LOCK_STATE)[0])


def read_state(session: Session) -> State:
    """Return the state."""
    return State(*session.query(state_store.READ_STATE)[0])


def refuse_if_claimed(state: State) -> None:
    """Do nothing if no publication is under way. Raises: definitions.being_published with who and since when."""
    if state.publication_id != NOBODY:
        since = micros_to_instant(state.claimed_at).isoformat(timespec="seconds")
        raise ZhangshiError(BEING_PUBLISHED, actor=state.claimed_by, since=since)


def claim(uow: UnitOfWork, prepared: Prepared) -> int:
    """Write a publication down and claim the definitions for it; return its id. The caller holds the state locked."""
    candidate, publication_id = prepared.candidate, uow.next_id()
    write_texts(uow, candidate.objects)
    content = Content(
        members=tuple((*key, digest_of(text)) for key, text in candidate.objects.items()),
        drafts=candidate.drafts,
        renames=candidate.renames,
        replacements=candidate.replacements,
        columns=tuple((*place, column) for place, column in sorted(prepared.allotment.overrides.items())),
    )
    steps_total = sum(one.rows for one in prepared.plan.conversions)
    row = Publication(
        publication_id, RUNNING, candidate.base, 0, prepared.plan.digest, msgspec.json.encode(content).decode(),
        candidate.note, uow.actor, uow.now_micros, 0, 0, steps_total, "",
    )  # fmt: skip
    uow.session.execute(store.INSERT, *row)
    uow.session.execute(state_store.CLAIM, publication_id, uow.actor, uow.now_micros)
    return publication_id


def release(uow: UnitOfWork) -> None:
    """Let others publish."""
    uow.session.execute(state_store.CLAIM, NOBODY, "", 0)


def get_publication(session: Session, publication_id: int) -> Publication:
    """Return a publication. Raises: definitions.no_such_publication."""
    rows = session.query(store.FIND, publication_id)
    if not rows:
        raise ZhangshiError(NO_SUCH_PUBLICATION, publication_id=str(publication_id))
    return Publication(*rows[0])


def list_publications(session: Session, *, limit: int = 50) -> list[Publication]:
    """Return the newest publications first."""
    return [Publication(*row) for row in session.query(store.LIST, limit)]


def candidate_of(session: Session, publication: Publication) -> tuple[Candidate, dict[tuple[str, str, str], str]]:
    """Return what shall be published, and the columns that were allotted to it."""
    content = msgspec.json.decode(publication.content, type=Content)
    digests = sorted({digest for *_, digest in content.members})
    found: dict[str, str] = dict(session.query_rows(state_store.FIND_TEXTS, [(digest,) for digest in digests]))
    texts = {MemberKey(layer, kind, key): found[digest] for layer, kind, key, digest in content.members}
    candidate = Candidate(
        base=publication.base_revision,
        objects=texts,
        note=publication.note,
        drafts=content.drafts,
        renames=content.renames,
        replacements=content.replacements,
    )
    return candidate, {(entity, table, field): column for entity, table, field, column in content.columns}


def end(uow: UnitOfWork, publication_id: int, *, state: str, revision: int = 0, problem: object = None) -> None:
    """Write down how a publication ended."""
    text = "" if problem is None else msgspec.json.encode(problem).decode()
    uow.session.execute(store.END, state, revision, uow.now_micros, text, publication_id)


def progress(uow: UnitOfWork, publication_id: int, *, rows_done: int) -> None:
    """Write down how far a publication is."""
    uow.session.execute(store.PROGRESS, rows_done, rows_done, publication_id)
