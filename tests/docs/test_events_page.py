"""docs/reference/events.md: every event topic of the ledger, with every field of its payload."""

import re
from pathlib import Path

from zhangshi.ledger import events

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "events.md"
SECTIONS = re.split(r"^## `([^`]+)`\n", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
BODIES = dict(zip(SECTIONS[1::2], SECTIONS[2::2], strict=True))


def topics() -> set[str]:
    return {value for name, value in vars(events).items() if name.isupper() and isinstance(value, str)}


def payload_of(topic: str) -> type:
    """Return the payload class of `ledger.stock_posted`: `StockPosted`."""
    name = "".join(word.capitalize() for word in topic.partition(".")[2].split("_"))
    found: type = getattr(events, name)
    return found


def fields_of(payload: type) -> set[str]:
    return set(payload.__annotations__)


def test_every_topic_has_a_section_and_every_section_a_topic() -> None:
    assert set(BODIES) == topics()


def test_every_field_of_a_payload_is_explained() -> None:
    for topic in topics():
        explained = set(re.findall(r"^\| `([a-z_]+)` \| \S", BODIES[topic], flags=re.MULTILINE))
        nested = fields_of(events.ItemAfter) if topic == events.STOCK_POSTED else set()
        assert explained == fields_of(payload_of(topic)) | nested, topic
