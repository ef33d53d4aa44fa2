"""What identity needs of the machine: randomness, handed in so that tests can repeat a run."""

from typing import Protocol


class Noise(Protocol):
    """Unguessable bytes; the standard library's module `secrets` is one."""

    def token_bytes(self, count: int, /) -> bytes:
        """Return `count` bytes that nobody can guess."""
        ...
