"""Definitions for tests: published into a company in one call."""

from collections.abc import Iterable
from pathlib import Path

from zhangshi.definitions.loading import SourceObject, load_folder, load_text
from zhangshi.definitions.service.catalogs import Catalogs
from zhangshi.definitions.service.plan import Candidate
from zhangshi.definitions.service.publish import publish_now
from zhangshi.definitions.service.revisions import current_revision, read_objects, to_objects
from zhangshi.platform.unit_of_work import Company, Request, UnitOfWork


def install(company: Company, definitions: Iterable[str | Path], *, note: str = "test") -> Catalogs:
    """Publish YAML texts (into the site's layer) and folders of packs on top of what there is; the tables are there.

    An object that is there already is replaced.
    """
    catalogs = Catalogs()
    sources = [one for definition in definitions for one in _read(definition)]

    def work(uow: UnitOfWork) -> int:
        base = current_revision(uow.session)
        objects = {**read_objects(uow.session, base), **to_objects(sources)}
        return publish_now(uow, catalogs, Candidate(base=base, objects=objects, note=note)).revision

    request = Request("test", f"install-{company.ids.next_id()}", None)
    company.write(request, work, answer_type=int)
    return catalogs


def _read(definition: str | Path) -> list[SourceObject]:
    return load_folder(definition) if isinstance(definition, Path) else [load_text(definition)]
