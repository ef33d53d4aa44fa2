"""Effects of a transition: what it sets, updates, creates and moves on."""

from collections.abc import Mapping

from zhangshi.base.errors import Word
from zhangshi.definitions.catalog import HEADER, Effect
from zhangshi.definitions.compiling.drafts import NUMBERS, DraftEntity, Workshop
from zhangshi.definitions.compiling.formulas import condition, type_of, value_formula
from zhangshi.definitions.compiling.rules import field_values
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.compiling.states import transition_keys
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.fields import NOT_A_LINK, WRONG_TYPE
from zhangshi.definitions.errors.references import UNKNOWN_TRANSITION
from zhangshi.definitions.errors.rules import EFFECT_SHAPE
from zhangshi.definitions.model import lifecycles as written
from zhangshi.definitions.model.texts import FormulaText
from zhangshi.expr import DECIMAL, Formula

SOURCES = "sources"


def effects(workshop: Workshop, spot: Spot, draft: DraftEntity, data: list[written.Effect]) -> tuple[Effect, ...]:
    """Return the effects at `spot`."""
    made = (_effect(workshop, spot.at(at), draft, one) for at, one in enumerate(data))
    return tuple(one for one in made if one is not None)


def _effect(workshop: Workshop, spot: Spot, draft: DraftEntity, one: written.Effect) -> Effect | None:
    if workshop.table(spot.at("each"), draft, one.each) is None:
        return None
    if one.create:
        return _create(workshop, spot, draft, one)
    if one.update:
        return _update(workshop, spot, draft, one)
    if one.transition:
        return _transition(workshop, spot, draft, one)
    if not one.set or one.add or one.values or one.lines:
        spot.report(EFFECT_SHAPE, detail=Word("none of them is written", "没有写全"))
        return None
    place = (draft.key, HEADER)
    return Effect(
        kind="set",
        when=condition(workshop, spot.at("when"), one.when, place),
        set=field_values(workshop, spot.at("set"), draft, HEADER, one.set, place),
    )


def _create(workshop: Workshop, spot: Spot, draft: DraftEntity, one: written.Effect) -> Effect | None:
    entity = workshop.entity(spot.at("create"), one.create)
    if entity is None:
        return None
    place = (draft.key, one.each)
    if one.transition and one.transition not in transition_keys(entity):
        _unknown_transition(spot.at("transition"), entity, one.transition)
    return Effect(
        kind="create",
        when=condition(workshop, spot.at("when"), one.when, (draft.key, HEADER)),
        each=one.each,
        where=condition(workshop, spot.at("where"), one.where, place),
        entity=one.create,
        set=field_values(workshop, spot.at("values"), entity, HEADER, one.values, place),
        lines=_rows(workshop, spot.at("lines"), draft, entity, one),
        transition=one.transition,
    )


def _rows(
    workshop: Workshop, spot: Spot, draft: DraftEntity, entity: DraftEntity, one: written.Effect
) -> dict[str, Effect]:
    made: dict[str, Effect] = {}
    for key, rows in one.lines.items():
        here = spot.at(key)
        if workshop.table(here, entity, key) is None or workshop.table(here.at("each"), draft, rows.each) is None:
            continue
        place = (draft.key, rows.each)
        made[key] = Effect(
            kind="create",
            each=rows.each,
            where=condition(workshop, here.at("where"), rows.where, place),
            entity=entity.key,
            set=field_values(workshop, here.at("values"), entity, key, rows.values, place),
        )
    return made


def _update(workshop: Workshop, spot: Spot, draft: DraftEntity, one: written.Effect) -> Effect | None:
    entity = _behind(workshop, spot.at("update"), draft, one.each, one.update)
    if entity is None:
        return None
    if not one.set and not one.add:
        spot.report(EFFECT_SHAPE, detail=Word("an update sets or adds", "update 要有 set 或 add"))
    place = (draft.key, one.each)
    return Effect(
        kind="update",
        when=condition(workshop, spot.at("when"), one.when, (draft.key, HEADER)),
        each=one.each,
        where=condition(workshop, spot.at("where"), one.where, place),
        link=one.update,
        entity=entity.key,
        set=field_values(workshop, spot.at("set"), entity, HEADER, one.set, place),
        add=_added(workshop, spot.at("add"), entity, one.add, place),
    )


def _added(
    workshop: Workshop, spot: Spot, entity: DraftEntity, written_add: Mapping[str, FormulaText], place: tuple[str, str]
) -> dict[str, Formula]:
    made: dict[str, Formula] = {}
    for key, text in written_add.items():
        here = spot.at(key)
        field = workshop.field(here, entity.header, key)
        if field is not None and (field.type not in NUMBERS or not field.stored):
            here.report(WRONG_TYPE, text=key, found=type_of(field).word, wanted=DECIMAL.word)
        formula = value_formula(workshop, here, text, place, DECIMAL)
        if formula is not None:
            made[key] = formula
    return made


def _transition(workshop: Workshop, spot: Spot, draft: DraftEntity, one: written.Effect) -> Effect | None:
    if not one.of:
        spot.report(EFFECT_SHAPE, detail=Word("`of` is missing", "缺少 of"))
        return None
    if one.of == SOURCES:
        moved = _sources(workshop, draft)
    else:
        found = _behind(workshop, spot.at("of"), draft, one.each, one.of)
        moved = [found] if found is not None else []
        if found is None:
            return None
    able = [entity for entity in moved if one.transition in transition_keys(entity)]
    if not able:
        known = [key for entity in moved for key in transition_keys(entity)]
        names = ", ".join(entity.key for entity in moved) or SOURCES
        spot.at("transition").report(
            UNKNOWN_TRANSITION, entity=names, name=one.transition, hint=hint(one.transition, known)
        )
        return None
    whens = [condition(workshop, spot.at("when"), one.when, (entity.key, HEADER)) for entity in able]
    entity = able[0].key if one.of != SOURCES else ""
    return Effect("transition", whens[0], each=one.each, link=one.of, entity=entity, transition=one.transition)


def _sources(workshop: Workshop, draft: DraftEntity) -> list[DraftEntity]:
    """Return the entities that conversions make this one from."""
    conversions = (workshop.conversion(key) for key in workshop.keys("conversion"))
    keys = dict.fromkeys(one.source for one in conversions if one is not None and one.target == draft.key)
    return [workshop.entities[key] for key in keys if key in workshop.entities]


def _behind(workshop: Workshop, spot: Spot, draft: DraftEntity, table: str, path: str) -> DraftEntity | None:
    field = workshop.resolve(spot, draft, table, path)
    if field is None:
        return None
    if not field.is_link:
        spot.report(NOT_A_LINK, text=path, name=path.rpartition(".")[2])
        return None
    return workshop.entities.get(field.to)


def _unknown_transition(spot: Spot, entity: DraftEntity, name: str) -> None:
    spot.report(UNKNOWN_TRANSITION, entity=entity.key, name=name, hint=hint(name, transition_keys(entity)))
