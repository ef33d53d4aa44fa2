"""What a database error means for the unit of work: try again, connect again, or say it to the user."""

from dataclasses import dataclass

import sqlalchemy.exc

from zhangshi.base.errors import ZhangshiError

ATTEMPTS_MAX = 5


class ConcurrentChange(Exception):  # not an error of anybody's: the unit of work starts again
    """Raised by work that finds a row changed past its locks; the attempt is undone and made again."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A diagnosis. `error` is what the user is told when the attempts are used up; None lets the driver's error out."""

    error: ZhangshiError | None
    attempts_max: int = 1
    reconnect: bool = False


def driver_error(error: BaseException) -> BaseException:
    """Return the driver's exception inside SQLAlchemy's, or `error` itself."""
    if isinstance(error, sqlalchemy.exc.DBAPIError) and error.orig is not None:
        return error.orig
    return error
