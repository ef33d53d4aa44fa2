"""Random versions of a pack meet random changes of a site: nothing the site said is ever overwritten unasked."""

import copy
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from zhangshi.definitions.loading import SITE, SourceObject, load_text
from zhangshi.definitions.merging import apply_overrides, override_for
from zhangshi.definitions.model.packs import Pack
from zhangshi.definitions.service.revisions import Objects, to_objects, to_sources
from zhangshi.packs.merging import Merged, with_pack
from zhangshi.packs.model import PackSource

KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
WORDS = st.sampled_from(["one", "two", "three", "four"])
FIELD = st.fixed_dictionaries(
    {"type": st.just("text"), "label": st.fixed_dictionaries({"zh": WORDS, "en": WORDS})},
    optional={"required": st.just(value=True), "length": st.integers(1, 5), "help": WORDS},
)
ENTITY = st.fixed_dictionaries({"fields": st.dictionaries(KEYS, FIELD, min_size=1), "area": WORDS})
Data = dict[str, Any]


def source(data: Data, layer: str) -> SourceObject:
    whole = {"schema": 1, "entity": "thing", "kind": "master", "label": "thing", **data}
    return load_text(msgspec.json.encode(whole).decode(), layer=layer)


def version(number: str, data: Data) -> PackSource:
    pack = Pack(pack="things", version=number)
    return PackSource(pack, (SourceObject("things", "pack", "things", pack), source(data, "things")))


def effective(objects: Objects) -> Data:
    problems: list[Any] = []
    found = [one for one in apply_overrides(to_sources(objects), problems) if one.kind == "entity"]
    assert problems == []
    return found[0].plain()


def leaves(data: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(data, dict):
        return {path: data}
    return {
        at: value for key, one in data.items() for at, value in leaves(one, f"{path}.{key}" if path else key).items()
    }


def upgraded(old: Data, site: Data, new: Data, prefer: str) -> tuple[Merged, Data]:
    objects = to_objects(version("1.0", old).objects)
    patch = override_for(source(old, "things"), source(site, SITE))
    if patch is not None:
        objects |= to_objects([patch])
    merged = with_pack(objects, version("2.0", new), installed="1.0", choices={}, prefer=prefer)
    return merged, leaves(effective(merged.objects))


def changed_by_site(old: Data, site: Data) -> Data:
    before = leaves(source(old, SITE).plain())
    return {path: value for path, value in leaves(source(site, SITE).plain()).items() if before.get(path) != value}


@given(ENTITY, ENTITY, ENTITY)
def test_what_the_site_changed_stands_and_all_else_is_the_packs(old: Data, site: Data, new: Data) -> None:
    wanted = changed_by_site(old, site)
    given_up = {path for path in wanted if _is_lost(path, old, new)}

    merged, found = upgraded(old, site, new, "site")

    assert merged.conflicts == ()
    for path, value in wanted.items():
        if path not in given_up:
            assert found.get(path) == value, path
    for path, value in leaves(source(new, SITE).plain()).items():
        if path not in wanted and not _was_taken_out(path, old, site):
            assert found.get(path) == value, path


@given(ENTITY, ENTITY, ENTITY)
def test_every_change_that_meets_a_change_is_asked_about(old: Data, site: Data, new: Data) -> None:
    wanted = changed_by_site(old, site)
    before, after = leaves(source(old, SITE).plain()), leaves(source(new, SITE).plain())
    merged, _ = upgraded(old, site, new, "")
    asked = {one.name.partition(":")[2] for one in merged.conflicts}
    for path, value in wanted.items():
        both = path in before and path in after and before[path] != after[path] != value
        if both:
            assert any(path == one or path.startswith(f"{one}.") for one in asked), path


@given(ENTITY, ENTITY)
def test_an_upgrade_that_changes_nothing_changes_nothing(old: Data, site: Data) -> None:
    merged, found = upgraded(old, site, copy.deepcopy(old), "")
    _, before = upgraded(old, site, old, "site")
    assert merged.conflicts == ()
    assert found == before


def _is_lost(path: str, old: Data, new: Data) -> bool:
    """A change inside a field that the pack has taken away has no place any more."""
    steps = path.split(".")
    return steps[0] == "fields" and steps[1] in old["fields"] and steps[1] not in new["fields"]


def _was_taken_out(path: str, old: Data, site: Data) -> bool:
    """Whether the place is the site's: it took it out, or put a field of its own there."""
    steps = path.split(".")
    before, after = leaves(source(old, SITE).plain()), leaves(source(site, SITE).plain())
    gone = path in before and path not in after
    return gone or (steps[0] == "fields" and (steps[1] in old["fields"]) != (steps[1] in site["fields"]))
