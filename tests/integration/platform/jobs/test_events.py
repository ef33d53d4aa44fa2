"""Events: every subscriber gets each at least once, and those of one key in their order."""

from datetime import timedelta

from tests.clocks import SettableClock
from tests.integration.platform.jobs.conftest import MakeWorker
from tests.integration.platform.jobs.effects import effects, record_event, write
from tests.integration.platform.jobs.test_running_jobs import jobs_of
from zhangshi.platform.jobs import _store as store
from zhangshi.platform.jobs.dead_letters import discard, replay
from zhangshi.platform.jobs.deliveries import deliver_events
from zhangshi.platform.jobs.handlers import Handlers
from zhangshi.platform.jobs.health import read_health
from zhangshi.platform.jobs.model import Event, Job, JobState, RetryPolicy
from zhangshi.platform.jobs.worker import Worker
from zhangshi.platform.unit_of_work import Company, UnitOfWork

_ONE_ATTEMPT = RetryPolicy(attempts_max=1)


def _emit(company: Company, *events: tuple[str, int], topic: str = "stock.moved") -> None:
    def emit_all(uow: UnitOfWork) -> None:
        for key, number in events:
            uow.emit(topic, key, number)

    write(company, emit_all)


def test_each_subscriber_gets_the_event_with_who_and_what(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    seen: list[tuple[str, Event]] = []
    for name, topic in [("exact", "stock.moved"), ("family", "stock.*"), ("all", "*"), ("other", "stock.counted")]:
        handlers.add_outside(name, lambda job: seen.append((job.handler, job.event())), topics=[topic])
    write(stage, lambda uow: uow.emit("stock.moved", "item-1", {"quantity": "1.5"}))
    worker.run_until_idle()
    assert sorted(name for name, _ in seen) == ["all", "exact", "family"]
    event = seen[0][1]
    assert (event.topic, event.key, event.actor) == ("stock.moved", "item-1", "li")
    assert event.decode(dict[str, str]) == {"quantity": "1.5"}
    assert event.recorded_at == int(clock.now().timestamp() * 1_000_000)
    with stage.read() as session:
        assert read_health(session, now=clock.now()).events_undelivered == 0


def test_an_event_of_a_rolled_back_transaction_is_never_delivered(
    stage: Company, handlers: Handlers, worker: Worker
) -> None:
    handlers.add_database("record", record_event, topics=["*"])

    def fail_once(uow: UnitOfWork, job: Job) -> None:
        uow.emit("echo", "", job.event().decode(int))
        if job.attempts == 1:
            raise RuntimeError

    handlers.add_database("fail_once", fail_once, topics=["stock.moved"], policy=RetryPolicy(first_wait_seconds=0))
    _emit(stage, ("a", 1))
    worker.run_until_idle()
    assert sorted(effects(stage)) == [("", 1), ("a", 1)], "the echo of the second attempt only"


def test_events_of_one_key_run_one_after_the_other_and_other_keys_do_not_wait(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    def first_attempt_of_one_fails(uow: UnitOfWork, job: Job) -> None:
        if job.event().decode(int) == 1 and job.attempts == 1:
            raise RuntimeError
        record_event(uow, job)

    handlers.add_database("record", first_attempt_of_one_fails, topics=["stock.moved"])
    _emit(stage, ("a", 1), ("a", 2), ("b", 3))
    _emit(stage, ("a", 4), ("b", 5))
    worker.run_until_idle()
    assert effects(stage) == [("b", 3), ("b", 5)], "2 and 4 wait behind 1"
    clock.advance(timedelta(seconds=5))
    worker.run_until_idle()
    assert effects(stage)[2:] == [("a", 1), ("a", 2), ("a", 4)]


def _one_dead_of_three(stage: Company, handlers: Handlers, worker: Worker, healthy: list[bool]) -> Job:
    def two_fails_while_ill(uow: UnitOfWork, job: Job) -> None:
        if job.event().decode(int) == 2 and not healthy:
            raise RuntimeError
        record_event(uow, job)

    handlers.add_database("record", two_fails_while_ill, topics=["stock.moved"], policy=_ONE_ATTEMPT)
    _emit(stage, ("a", 1), ("a", 2), ("a", 3))
    worker.run_until_idle()
    (dead,) = jobs_of(stage, JobState.DEAD)
    return dead


def test_a_dead_event_blocks_its_key_in_the_open_until_it_is_replayed(
    stage: Company, handlers: Handlers, worker: Worker, clock: SettableClock
) -> None:
    healthy: list[bool] = []
    dead = _one_dead_of_three(stage, handlers, worker, healthy)
    _emit(stage, ("a", 4))
    clock.advance(timedelta(days=1))
    worker.run_until_idle()
    assert effects(stage) == [("a", 1)]
    with stage.read() as session:
        health = read_health(session, now=clock.now())
    assert (health.jobs_dead, health.jobs_waiting, health.blocked, health.ok) == (1, 2, (("record", "a"),), False)
    healthy.append(True)
    write(stage, lambda uow: replay(uow, job_id=dead.job_id))
    worker.run_until_idle()
    assert effects(stage) == [("a", 1), ("a", 2), ("a", 3), ("a", 4)]


def test_discarding_a_dead_event_lets_the_next_of_its_key_go(
    stage: Company, handlers: Handlers, worker: Worker
) -> None:
    dead = _one_dead_of_three(stage, handlers, worker, [])
    write(stage, lambda uow: discard(uow, job_id=dead.job_id))
    worker.run_until_idle()
    assert effects(stage) == [("a", 1), ("a", 3)]


def test_a_handler_that_asked_for_no_order_is_not_held_up(stage: Company, handlers: Handlers, worker: Worker) -> None:
    def one_fails(uow: UnitOfWork, job: Job) -> None:
        if job.event().decode(int) == 1:
            raise RuntimeError
        record_event(uow, job)

    handlers.add_database("record", one_fails, topics=["stock.moved"], in_order=False, policy=_ONE_ATTEMPT)
    _emit(stage, ("a", 1), ("a", 2))
    worker.run_until_idle()
    assert effects(stage) == [("a", 2)]


def test_no_two_workers_hold_jobs_of_one_key_at_the_same_time(
    stage: Company, handlers: Handlers, make_worker: MakeWorker
) -> None:
    handlers.add_database("record", record_event, topics=["stock.moved"])
    _emit(stage, *[("a" if number % 2 else "b", number) for number in range(10)])

    def claim(uow: UnitOfWork) -> list[str]:
        deliver_events(uow.session, handlers=handlers, next_id=uow.next_id, now_micros=uow.now_micros)
        until = uow.now_micros + 1_000_000
        jobs = store.claim(uow.session, handlers=["record"], now=uow.now_micros, lease_until=until, size=10)
        return [job.ordering_key or "" for job in jobs]

    assert write(stage, claim) == ["b", "a"]
    assert write(stage, claim) == [], "eight more are there, but behind those two"


def test_a_batch_of_events_is_delivered_with_a_fixed_number_of_statements(stage: Company, handlers: Handlers) -> None:
    for name in ("one", "two"):
        handlers.add_database(name, record_event, topics=["stock.moved"])

    def count(size: int) -> int:
        _emit(stage, *[(f"key {number % 7}", number) for number in range(size)])

        def deliver(uow: UnitOfWork) -> int:
            before = uow.session.statement_count
            assert deliver_events(uow.session, handlers=handlers, next_id=uow.next_id, now_micros=0) == size
            return uow.session.statement_count - before

        return write(stage, deliver)

    assert count(1) == count(50) == count(300) == 7
