"""What every pack must pass: it loads, compiles strictly, installs, its demo posts, the books agree, its stories hold.

Each question stands on the one before; the first that fails ends the check, except stories, which are all played: each
in a company of its own, freshly made with the pack and its base records in it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from zhangshi.base.errors import Language, ZhangshiError
from zhangshi.definitions.compiling import compile_sources
from zhangshi.definitions.errors import InvalidDefinitions, raise_if_any
from zhangshi.ledger.service.audit import audit
from zhangshi.packs.model import PackSource, read_pack, with_requirements
from zhangshi.packs.service.installing import install
from zhangshi.packs.service.services_door import ServicesDoor
from zhangshi.packs.shop import Shop
from zhangshi.packs.stories import play

ScratchShop = Callable[[], AbstractContextManager[Shop]]
"""Makes a company that nobody needs afterwards."""
_ACTOR = "check"


class Finding(msgspec.Struct, frozen=True):
    """One question and its answer; `detail` counts what was looked at, or says what is wrong."""

    question: str
    ok: bool
    detail: str


def check_pack(
    folder: Path, *, scratch_shop: ScratchShop, beside: Sequence[Path] = (), language: Language = "zh"
) -> list[Finding]:
    """Ask every question about the pack in `folder`; `beside` are packs it may require that are not shipped."""
    found: list[Finding] = []
    try:
        for finding in _questions(folder, scratch_shop, beside):
            found += [finding]
    except ZhangshiError as error:
        question = _QUESTIONS[len(found)] if len(found) < len(_QUESTIONS) else "stories"
        found.append(Finding(question, ok=False, detail=_told(error, language)))
    return found


_QUESTIONS = ("loads", "compiles", "installs", "demo posts", "books agree")


def _questions(folder: Path, scratch_shop: ScratchShop, beside: Sequence[Path]) -> Iterator[Finding]:
    pack = read_pack(folder)
    yield Finding("loads", ok=True, detail=f"{pack.key} {pack.version}, {len(pack.objects)} objects")
    packs = with_requirements([*(read_pack(one) for one in beside), pack], {})
    yield _compiles(packs)
    with scratch_shop() as shop:
        answer = install(shop.company, shop.catalogs, packs, actor=_ACTOR, seeds=shop.seeds)
        yield Finding("installs", ok=True, detail=f"revision {answer.revision}, {answer.seeds} base records")
        made = sum(shop.seeds.play(pack=one.key, seeds=one.seeds("demo")) for one in packs)
        yield Finding("demo posts", ok=True, detail=f"{made} demo records")
        yield _books(shop)
    for story in pack.stories:
        with scratch_shop() as shop:
            install(shop.company, shop.catalogs, packs, actor=_ACTOR, seeds=shop.seeds)
            yield _told_story(shop, pack, story.story)


def _compiles(packs: Sequence[PackSource]) -> Finding:
    sources = [source for pack in packs for source in pack.objects]
    made = compile_sources(sources, revision=1, strict=True)
    raise_if_any(made.problems)
    assert made.catalog is not None
    warnings = sum(1 for one in made.problems if one.warning)
    detail = f"{len(made.catalog.entities)} entities, {len(made.catalog.conversions)} conversions, {warnings} remarks"
    return Finding("compiles", ok=True, detail=detail)


def _books(shop: Shop) -> Finding:
    with shop.company.read() as session:
        report = audit(session)
    first = f"; the first: {report.differences[0]}" if report.difference_count else ""
    detail = f"{report.postings} postings, {report.moves} moves, {report.difference_count} differences{first}"
    return Finding("books agree", ok=report.difference_count == 0, detail=detail)


def _told_story(shop: Shop, pack: PackSource, key: str) -> Finding:
    story = next(one for one in pack.stories if one.story == key)
    try:
        kept = play(story, ServicesDoor(shop, story))
    except ZhangshiError as error:
        return Finding(f"story {key}", ok=False, detail=error.message("en"))
    except Exception as error:  # noqa: BLE001 - a story that nobody can make sense of is a finding too
        return Finding(f"story {key}", ok=False, detail=f"{type(error).__name__}: {error}")
    books = _books(shop)
    detail = f"{len(story.steps)} steps, {len(kept)} records; {books.detail}"
    return Finding(f"story {key}", ok=books.ok, detail=detail)


def _told(error: ZhangshiError, language: Language) -> str:
    return error.report(language) if isinstance(error, InvalidDefinitions) else error.message(language)
