"""Locks on side files: they end with the process that holds them, however it ends.

Problem. SQLite's own waiting for the write lock is unfair: with four writing processes the unluckiest waits 0.5 to
2.5 s; queueing at a file lock first brings that to 4 to 60 ms. But a plain blocking lock waits for ever behind a
process that was stopped. Rule: take the lock at once if it is free; otherwise let a thread queue for it in the
kernel and wait for that thread a limited time. A thread that gets the lock after its caller left gives it back.
"""

import contextlib
import os
import sys
import threading
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, *, shared: bool, wait: bool) -> None:
        del shared  # Windows knows exclusive locks only: the second process is refused where it might have shared
        msvcrt.locking(file, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int, *, shared: bool, wait: bool) -> None:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)


_LOOKS = (0.0001, 0.0002, 0.0003, 0.0005, *(9 * (0.001,)))
"""Seconds between two looks at a lock that is taken: about ten milliseconds together."""


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)


class FileLock:
    """An exclusive lock between processes, held for one transaction. One thread of a process uses it at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _open(path)
        self._queued: int | None = None
        self._nap = threading.Event().wait

    def acquire(self, seconds_max: float) -> bool:
        """Return whether the lock was got within the time."""
        if self._taken() or any(self._taken_after(seconds) for seconds in _LOOKS):
            return True
        self._queued = _Queuer(self._path).wait(seconds_max)
        return self._queued is not None

    def _taken_after(self, seconds: float) -> bool:
        self._nap(seconds)
        return self._taken()

    def _taken(self) -> bool:
        try:
            _lock(self._file, shared=False, wait=False)
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Let the next one in."""
        if self._queued is not None:
            os.close(self._queued)  # the lock belongs to the open file, and goes with it
            self._queued = None
        else:
            _unlock(self._file)

    def close(self) -> None:
        """Give up the side file."""
        os.close(self._file)


if sys.platform == "win32":

    def _unlock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


class _Queuer:
    """A thread that waits in the kernel's queue, with an open file of its own to hold the lock by."""

    def __init__(self, path: Path) -> None:
        self._file = _open(path)
        self._handover = threading.Lock()
        self._got = threading.Event()
        self._caller_left = False
        threading.Thread(target=self._run, name="zhangshi-lock", daemon=True).start()

    def _run(self) -> None:
        try:
            _lock(self._file, shared=False, wait=True)
        except OSError:
            return  # the caller's time runs out
        with self._handover:
            if self._caller_left:
                os.close(self._file)
            else:
                self._got.set()

    def wait(self, seconds_max: float) -> int | None:
        self._got.wait(seconds_max)
        with self._handover:
            if self._got.is_set():
                return self._file
            self._caller_left = True
            return None


class PresenceLock:
    """Says that this process uses a company: shared among the safe, exclusive for the unsafe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self, *, shared: bool) -> bool:
        """Return False if another process's presence forbids it."""
        file = _open(self._path)
        try:
            _lock(file, shared=shared, wait=False)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Leave."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None
