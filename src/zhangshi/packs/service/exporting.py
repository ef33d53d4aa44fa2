"""A site's own objects and changes as a pack: the same folder, byte for byte, whenever nothing changed."""

import io
import zipfile
from pathlib import Path

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.loading import SITE, SourceObject, dump
from zhangshi.definitions.model import FOLDERS
from zhangshi.definitions.model.packs import Pack
from zhangshi.definitions.service.revisions import current_revision, read_objects, to_sources
from zhangshi.packs.errors import NOTHING_OF_THE_SITE
from zhangshi.packs.model import PACK_FILE
from zhangshi.packs.service.installing import installed_packs
from zhangshi.platform.session import Session

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file knows: its bytes then depend on the content alone."""


def export_site(session: Session, *, key: str, version: str = "1.0.0", label: str = "") -> dict[str, str]:
    """Return the site's layer as the files of a pack that requires the installed ones: path -> YAML.

    Raises: packs.nothing_of_the_site.
    """
    objects = read_objects(session, current_revision(session))
    sources = [one for one in to_sources(objects) if one.layer == SITE]
    if not sources:
        raise ZhangshiError(NOTHING_OF_THE_SITE)
    requires = {one: f">={pack.version}" for one, pack in sorted(installed_packs(objects).items())}
    head = Pack(pack=key, version=version, label=label or key, requires=requires)
    files = {PACK_FILE: dump(SourceObject(key, "pack", key, head))}
    for one in sources:
        files[f"{FOLDERS[one.kind]}/{one.key.replace('/', '.')}.yaml"] = dump(one)
    return dict(sorted(files.items()))


def as_zip(files: dict[str, str]) -> bytes:
    """Return the files as a zip; equal files make equal bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def write_folder(files: dict[str, str], folder: Path) -> None:
    """Write the files below `folder`, which is made where it is missing."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
