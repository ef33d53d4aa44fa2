"""Random commands, all of them, against a model that a child could check: the two never differ.

`make test` runs the same few histories each time; with the Hypothesis profile "nightly" (or the environment's
ZHANGSHI_HYPOTHESIS_PROFILE=nightly) a hundred times as many, new ones each time.
"""

import os
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.companies import CompanyAddress
from tests.property.goods_rules import GoodsRules
from tests.property.ledger_machine import build_template
from tests.property.office_rules import OfficeRules
from zhangshi.ledger import commands as c

EXAMPLES, STEPS, NIGHTLY_TIMES = 240, 60, 100

DONE = {command.name for command in get_args(c.Command)} | {"reserve", "release", "expire", "lock", "close", "reopen"}
REFUSED = {
    "already_reversed", "date_in_future", "exceeds_consumed", "exceeds_origin", "insufficient_stock",
    "insufficient_to_reserve", "lot_expired", "other_warehouse", "period_closed", "period_not_over", "period_order",
    "reservation_closed", "reserved_for_others", "same_place", "serial_in_stock", "status_not_allowed",
}  # fmt: skip


class RandomCommands(GoodsRules, OfficeRules):
    """A factory."""


@pytest.fixture
def template(sqlite_address: CompanyAddress) -> Path:
    """A company with the factory set up, to copy for each history."""
    return Path(sqlite_address.url.removeprefix("sqlite:///"))


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_no_history_makes_ledger_and_model_differ(template: Path, tmp_path: Path) -> None:
    nightly = os.environ.get("ZHANGSHI_HYPOTHESIS_PROFILE") == "nightly" or settings().max_examples > 100
    RandomCommands.template, RandomCommands.folder, RandomCommands.seen = template, tmp_path, Counter()
    RandomCommands.lots = build_template(template)
    chosen = settings(
        max_examples=EXAMPLES * (NIGHTLY_TIMES if nightly else 1),
        stateful_step_count=STEPS,
        derandomize=not nightly,
        deadline=None,
        report_multiple_bugs=False,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(RandomCommands, settings=chosen)
    seen = RandomCommands.seen
    refused = {what.partition(" ledger.")[2] for what in seen}
    assert seen.keys() >= DONE, DONE - seen.keys()  # what was never done was not tested
    assert refused >= REFUSED, REFUSED - refused
    assert min(seen["restored"], seen["dry"], seen["twice"]) > 100
