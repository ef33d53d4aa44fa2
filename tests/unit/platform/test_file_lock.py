"""A file lock lets one in at a time, waits a limited time, and is never left behind by somebody who gave up."""

import threading
import time
from pathlib import Path

from zhangshi.platform.file_lock import FileLock, PresenceLock

LONG = 20.0


def test_one_at_a_time_in_the_end_all(tmp_path: Path) -> None:
    inside, most, total = 0, 0, 0

    def work() -> None:
        nonlocal inside, most, total
        lock = FileLock(tmp_path / "lock")
        for _ in range(20):
            assert lock.acquire(LONG)
            inside += 1
            most = max(most, inside)
            time.sleep(0.0005)
            inside -= 1
            total += 1
            lock.release()
        lock.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert (most, total) == (1, 80)


def test_who_gives_up_waiting_does_not_keep_the_lock_later(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))
    assert first.acquire(LONG)
    assert not second.acquire(0.05)
    first.release()
    assert third.acquire(LONG)  # the thread that queued for `second` gave the lock back
    third.release()
    assert second.acquire(LONG)
    second.release()


def test_presence_is_shared_among_the_safe_and_lonely_for_the_unsafe(tmp_path: Path) -> None:
    first, second, unsafe = (PresenceLock(tmp_path / "writer") for _ in range(3))
    assert first.acquire(shared=True)
    assert second.acquire(shared=True)
    assert not unsafe.acquire(shared=False)
    first.release()
    assert not unsafe.acquire(shared=False)
    second.release()
    assert unsafe.acquire(shared=False)
    assert not first.acquire(shared=True)
    unsafe.release()
    unsafe.release()
