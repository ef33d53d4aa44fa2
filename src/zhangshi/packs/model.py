"""A pack as it lies in a folder, and those that come with the program."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhangshi.base.errors import ZhangshiError
from zhangshi.definitions.loading import SourceObject, load_folder
from zhangshi.definitions.model.packs import Migration, Pack, Seed, Story
from zhangshi.packs.errors import NO_SUCH_PACK, NOT_A_PACK, REQUIREMENT_MISSING
from zhangshi.packs.versions import satisfies

LIBRARY = Path(__file__).parent / "library"
"""The packs that come with the program."""
PACK_FILE = "pack.yaml"


@dataclass(frozen=True, slots=True)
class PackSource:
    """A pack that was read."""

    pack: Pack
    objects: tuple[SourceObject, ...]

    @property
    def key(self) -> str:
        """Its key, which is its layer too."""
        return self.pack.pack

    @property
    def version(self) -> str:
        """Its version."""
        return self.pack.version

    def seeds(self, when: str) -> list[Seed]:
        """Return the seeds for one purpose, in their order."""
        found = [one.data for one in self.objects if isinstance(one.data, Seed) and one.data.when == when]
        return sorted(found, key=lambda seed: (seed.order, seed.seed))

    @property
    def stories(self) -> list[Story]:
        """Its stories, by key."""
        return sorted((one.data for one in self.objects if isinstance(one.data, Story)), key=lambda story: story.story)

    @property
    def migrations(self) -> list[Migration]:
        """Its migrations, by key."""
        found = [one.data for one in self.objects if isinstance(one.data, Migration)]
        return sorted(found, key=lambda one: one.migration)


def shipped() -> dict[str, Path]:
    """Return the folders of the packs that come with the program, by key."""
    return {file.parent.name: file.parent for file in sorted(LIBRARY.glob(f"*/{PACK_FILE}"))}


def folder_of(name: str) -> Path:
    """Return the folder of a shipped pack, or the folder that `name` is. Raises: packs.no_such_pack."""
    known = shipped()
    if name in known:
        return known[name]
    path = Path(name)
    if path.is_dir():
        return path
    raise ZhangshiError(NO_SUCH_PACK, key=name, known=", ".join(known) or "-")


def read_pack(path: Path) -> PackSource:
    """Read a pack. Raises: packs.not_a_pack, definitions.invalid with every problem."""
    if not (path / PACK_FILE).is_file():
        raise ZhangshiError(NOT_A_PACK, path=str(path))
    objects = tuple(load_folder(path))
    pack = next(one.data for one in objects if isinstance(one.data, Pack))
    return PackSource(pack, objects)


def with_requirements(wanted: Sequence[PackSource], installed: Mapping[str, str]) -> list[PackSource]:
    """Return the packs in an order in which each stands on what is there, shipped packs added where they are missing.

    Raises: packs.requirement_missing.
    """
    ordered: dict[str, PackSource | None] = {}
    offered = {one.key: one for one in wanted}
    for one in wanted:
        _add(one, offered, installed, ordered)
    return [one for one in ordered.values() if one is not None]


def _add(
    one: PackSource,
    offered: dict[str, PackSource],
    installed: Mapping[str, str],
    ordered: dict[str, PackSource | None],
) -> None:
    if one.key in ordered:
        return
    ordered[one.key] = None  # being looked at: packs that require each other do not go round in circles
    for key, wanted in sorted(one.pack.requires.items()):
        if key not in offered and key not in installed and key in shipped():
            offered[key] = read_pack(shipped()[key])
        if key in offered:
            _add(offered[key], offered, installed, ordered)
        found = offered[key].version if key in offered else installed.get(key, "-")
        if found == "-" or not satisfies(found, wanted):
            raise ZhangshiError(REQUIREMENT_MISSING, key=one.key, required=key, wanted=wanted, found=found)
    del ordered[one.key]
    ordered[one.key] = one


def requirers(key: str, packs: Iterable[Pack]) -> list[str]:
    """Return the packs that require `key`."""
    return sorted(one.pack for one in packs if key in one.requires)
