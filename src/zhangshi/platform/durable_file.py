"""Files that are there whole or not at all, whenever the power fails."""

import contextlib
import os
from pathlib import Path


def replace_durably(part: Path, target: Path) -> None:
    """Move a finished file to its name; after return it survives a power failure."""
    _sync(part)
    part.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # Windows keeps directories safe by itself and cannot open them
        return
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def remove_if_there(*files: Path) -> None:
    """Remove files; those that are not there are fine."""
    for file in files:
        with contextlib.suppress(FileNotFoundError):
            file.unlink()
