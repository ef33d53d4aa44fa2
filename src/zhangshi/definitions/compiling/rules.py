"""Constraints, form rules, fills, and the parts that an entity plays."""

from collections.abc import Sequence

from zhangshi.definitions.catalog import HEADER, Constraint, Fill, FormRule, Part
from zhangshi.definitions.compiling.drafts import DraftEntity, Workshop
from zhangshi.definitions.compiling.formulas import (
    Place,
    compiles,
    condition,
    field_formula,
    formula_text,
    joined_scope,
    value_formula,
)
from zhangshi.definitions.compiling.labels import label
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.compiling.states import check_transitions
from zhangshi.definitions.errors.fields import NOT_A_LINK
from zhangshi.definitions.errors.rules import PLAYED_TWICE, TWO_TABLES
from zhangshi.definitions.model.entities import Fill as WrittenFill
from zhangshi.definitions.model.entities import FormRule as WrittenRule
from zhangshi.definitions.model.lifecycles import Constraint as WrittenConstraint
from zhangshi.definitions.model.texts import FormulaText
from zhangshi.expr import Formula, Scope


def constraints(
    workshop: Workshop,
    spot: Spot,
    draft: DraftEntity,
    written: Sequence[WrittenConstraint],
    prefix: str = "",
) -> tuple[Constraint, ...]:
    """Return the constraints at `spot`; `prefix` tells those of a transition from the entity's own."""
    made = (_constraint(workshop, spot.at(at), draft, one, f"{prefix}{at}") for at, one in enumerate(written))
    return tuple(one for one in made if one is not None)


def _constraint(
    workshop: Workshop, spot: Spot, draft: DraftEntity, one: WrittenConstraint, number: str
) -> Constraint | None:
    table = one.each or table_meant(spot.at("when"), draft, one.when, one.field)
    if workshop.table(spot.at("each"), draft, table) is None:
        return None
    when = condition(workshop, spot.at("when"), one.when, (draft.key, table))
    check_transitions(spot.at("transitions"), draft, one.transitions)
    field = _shown_at(workshop, spot, draft, table, one.field)
    message = label(spot.at("message"), one.message, formula_text(one.when))
    if when is None:
        return None
    return Constraint(one.key or number, when, message, table, one.level, field, frozenset(one.transitions))


def _shown_at(workshop: Workshop, spot: Spot, draft: DraftEntity, table: str, field: str) -> str:
    name = field.removeprefix(f"{table}.") if table else field
    if name:
        workshop.field(spot.at("field"), draft.tables[table], name)
    return name


def table_meant(spot: Spot, draft: DraftEntity, text: FormulaText, field: str = "") -> str:
    """Return the table whose rows a condition is for, where `each` was left out.

    The header, if all names are the header's; else the only line table that has them.
    """
    table, _, rest = field.partition(".")
    if rest and table in draft.line_tables:
        return table
    scopes = {key: one.scope for key, one in draft.tables.items() if not field or one.find(field) is not None}
    able = [key for key, scope in scopes.items() if scope is not None and compiles(text, scope)]
    if HEADER in able:
        return HEADER
    if len(able) > 1:
        spot.report(TWO_TABLES, text=formula_text(text), tables=", ".join(able))
    return able[0] if able else next(iter(draft.line_tables), HEADER)


def form_rules(
    workshop: Workshop, spot: Spot, draft: DraftEntity, written: Sequence[WrittenRule]
) -> tuple[FormRule, ...]:
    """Return the form rules at `spot`."""
    made = []
    for at, one in enumerate(written):
        here = spot.at(at)
        if workshop.table(here.at("each"), draft, one.each) is not None:
            made.append(_form_rule(workshop, here, draft, one))
    return tuple(made)


def _form_rule(workshop: Workshop, spot: Spot, draft: DraftEntity, one: WrittenRule) -> FormRule:
    place = (draft.key, one.each)
    for name in ("show", "hide", "require", "lock"):
        for at, path in enumerate(getattr(one, name)):
            check_path(workshop, spot.at(name, at), draft, one.each, path)
    return FormRule(
        when=condition(workshop, spot.at("when"), one.when, place),
        table=one.each,
        show=tuple(one.show),
        hide=tuple(one.hide),
        require=tuple(one.require),
        lock=tuple(one.lock),
        set=field_values(workshop, spot.at("set"), draft, one.each, one.set, place),
        options=_narrowed(workshop, spot.at("options"), draft, one),
    )


def check_path(workshop: Workshop, spot: Spot, draft: DraftEntity, table: str, path: str) -> None:
    """Report a name that is neither a field of the table, nor `table.field`, nor a line table of the header."""
    name, _, rest = path.partition(".")
    if table == HEADER and name in draft.line_tables:
        if rest:
            workshop.field(spot, draft.tables[name], rest)
    else:
        workshop.field(spot, draft.tables[table], path)


def field_values(
    workshop: Workshop,
    spot: Spot,
    draft: DraftEntity,
    table: str,
    values: dict[str, FormulaText],
    place: Place | Scope,
) -> dict[str, Formula]:
    """Return formulas for fields of `table`, read at `place`; unknown fields and wrong types are reported."""
    made: dict[str, Formula] = {}
    for key, text in values.items():
        here = spot.at(key)
        field = workshop.field(here, draft.tables[table], key)
        formula = field_formula(workshop, here, text, place, field) if field is not None else None
        if formula is not None:
            made[key] = formula
    return made


def _narrowed(workshop: Workshop, spot: Spot, draft: DraftEntity, one: WrittenRule) -> dict[str, Formula]:
    made: dict[str, Formula] = {}
    for key, text in one.options.items():
        here = spot.at(key)
        field = workshop.field(here, draft.tables[one.each], key)
        if field is None:
            continue
        if not field.is_link:
            if not field.options:
                here.report(NOT_A_LINK, text=key, name=key)
                continue
            formula = condition(workshop, here, text, (draft.key, one.each))
        elif (field.to, HEADER) in workshop.scopes:
            scope = joined_scope(workshop, (field.to, HEADER), (draft.key, one.each))
            formula = condition(workshop, here, text, scope)
        else:
            continue
        if formula is not None:
            made[key] = formula
    return made


def fills(workshop: Workshop, spot: Spot, draft: DraftEntity, written: Sequence[WrittenFill]) -> tuple[Fill, ...]:
    """Return the fills at `spot`."""
    made = (_fill(workshop, spot.at(at), draft, one) for at, one in enumerate(written))
    return tuple(one for one in made if one is not None)


def _fill(workshop: Workshop, spot: Spot, draft: DraftEntity, one: WrittenFill) -> Fill | None:
    into = workshop.table(spot.at("into"), draft, one.into)
    source = workshop.resolve(spot.at("source"), draft, HEADER, one.source)
    for at, name in enumerate(one.on):
        workshop.field(spot.at("on", at), draft.header, name)
    if source is None or into is None:
        return None
    entity = workshop.entities.get(source.to)
    if entity is None:
        if not source.is_link:
            spot.at("source").report(NOT_A_LINK, text=one.source, name=one.source)
        return None
    if workshop.table(spot.at("table"), entity, one.table) is None:
        return None
    scope = joined_scope(workshop, (entity.key, one.table), (draft.key, HEADER))
    return Fill(
        key=one.key,
        label=label(spot, one.label, one.key, entity.label),
        into=one.into,
        source=one.source,
        table=one.table,
        on=tuple(one.on or [one.source.partition(".")[0]]),
        where=condition(workshop, spot.at("where"), one.where, scope),
        values=field_values(workshop, spot.at("values"), draft, one.into, one.values, scope),
    )


def parts(workshop: Workshop, draft: DraftEntity) -> tuple[Part, ...]:
    """Return the parts that the entity plays.

    Names of tables stay words; so do fields of the rows of a table that the same map names: `lines.component`.
    """
    made = []
    for at, play in enumerate(draft.data.plays):
        spot = draft.spot.at("plays", at)
        player = workshop.player(play.role)
        if player is not None and player.key != draft.key:
            spot.at("role").report(PLAYED_TWICE, role=play.role, other=player.key)
        values: dict[str, Formula | str] = {}
        tables = [table for table in draft.line_tables if table in play.map.values()]
        for key, text in play.map.items():
            if text in draft.line_tables:
                values[key] = str(text)
                continue
            row_path = _row_path(draft, tables, str(text))
            if row_path:
                values[key] = row_path
                continue
            formula = value_formula(workshop, spot.at("map", key), text, (draft.key, HEADER))
            if formula is not None:
                values[key] = formula
        made.append(Part(play.role, values))
    return tuple(made)


def _row_path(draft: DraftEntity, tables: list[str], text: str) -> str:
    """Return `table.field` for a field of one of `tables` that the header does not have, else ""."""
    for table in tables:
        key = text.removeprefix(f"{table}.")
        if key in draft.tables[table].fields and (key != text or key not in draft.header.fields):
            return f"{table}.{key}"
    return ""
