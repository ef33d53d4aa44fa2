"""Number rules: their parts, and that no two documents can get the same number."""

import re
from typing import Literal

from zhangshi.definitions.catalog import HEADER, NumberPart, NumberRule
from zhangshi.definitions.compiling.drafts import DraftEntity, Workshop
from zhangshi.definitions.compiling.formulas import value_formula
from zhangshi.definitions.compiling.spots import Spot
from zhangshi.definitions.errors import hint
from zhangshi.definitions.errors.fields import NUMBER_CLASH, NUMBER_COUNTER, NUMBER_DATE, NUMBER_PART, NUMBER_RESET
from zhangshi.definitions.errors.references import UNKNOWN_NUMBER_RULE
from zhangshi.definitions.model.entities import Counter, NumberParts
from zhangshi.definitions.model.entities import NumberPart as WrittenPart
from zhangshi.definitions.model.entities import NumberRule as SharedRule

_DATE = re.compile(r"^(?:yyyy|yy|MM|dd|[-/.])+$")
_NEEDED = {"year": ("yy",), "month": ("yy", "MM"), "day": ("yy", "MM", "dd")}
_PATTERNS = {"year": "yy", "month": "yyMM", "day": "yyMMdd"}


def number_rule(workshop: Workshop, draft: DraftEntity) -> NumberRule | None:
    """Return the number rule of an entity; a shared one counts for all of its entities together."""
    written = draft.data.number_rule
    spot = draft.spot.at("number_rule")
    if written is None:
        return None
    if isinstance(written, NumberParts):
        return _rule(workshop, spot, draft, draft.key, written)
    source = workshop.number_rule(written)
    if source is None or not isinstance(source.data, SharedRule):
        spot.report(UNKNOWN_NUMBER_RULE, name=written, hint=hint(written, workshop.keys("number_rule")))
        return None
    return _rule(workshop, workshop.spot(source), draft, f"rule:{written}", source.data)


def _rule(
    workshop: Workshop, spot: Spot, draft: DraftEntity, key: str, written: NumberParts | SharedRule
) -> NumberRule:
    parts = []
    for at, one in enumerate(written.parts):
        part = _part(workshop, spot.at("parts", at), draft, one)
        if part is not None:
            parts.append(part)
    _check_counter(spot.at("parts"), parts)
    return NumberRule(key, tuple(parts), written.gapless, written.manual)


def _part(workshop: Workshop, spot: Spot, draft: DraftEntity, one: WrittenPart) -> NumberPart | None:
    said = [name for name in ("const", "date", "field", "counter") if getattr(one, name) is not None]
    if len(said) != 1:
        spot.report(NUMBER_PART, count=len(said))
        return None
    if one.const is not None:
        return NumberPart("const", text=str(one.const))
    if one.date is not None:
        if not _DATE.match(one.date):
            spot.at("date").report(NUMBER_DATE, text=one.date)
        return NumberPart("date", text=one.date)
    if one.field is not None:
        formula = value_formula(workshop, spot.at("field"), one.field, (draft.key, HEADER))
        return NumberPart("field", formula=formula, map=dict(one.map))
    counter = one.counter or Counter()
    reset: Literal["never", "year", "month", "day"] = counter.reset
    return NumberPart("counter", width=counter.width, reset=reset, start=counter.start)


def _check_counter(spot: Spot, parts: list[NumberPart]) -> None:
    """A counter must be there, and a reset must show in the number."""
    counters = [one for one in parts if one.kind == "counter"]
    if not counters:
        spot.report(NUMBER_COUNTER)
        return
    dates = "".join(one.text for one in parts if one.kind == "date")
    for one in counters:
        if one.reset != "never" and any(needed not in dates for needed in _NEEDED[one.reset]):
            spot.report(NUMBER_RESET, reset=one.reset, pattern=_PATTERNS[one.reset])


def check_prefixes(workshop: Workshop, rules: dict[str, NumberRule | None]) -> None:
    """Refuse two entities with rules of their own whose numbers begin with the same constant text."""
    seen: dict[str, str] = {}
    for key, rule in rules.items():
        prefix = "" if rule is None or rule.key.startswith("rule:") else _prefix(rule)
        if prefix and seen.setdefault(prefix, key) != key:
            spot = workshop.entities[key].spot.at("number_rule", "parts")
            spot.report(NUMBER_CLASH, other=seen[prefix], prefix=prefix)


def _prefix(rule: NumberRule) -> str:
    """Return the constant text before the first part that varies."""
    texts: list[str] = []
    for part in rule.parts:
        if part.kind != "const":
            break
        texts.append(part.text)
    return "".join(texts)
