"""Passwords: argon2id, the same work for everybody, nothing in the clear beyond this module.

Rule. A password is hashed and compared outside any transaction: 20 ms of computing must not hold the one writer. What
goes into a transaction is a `HashedPassword`, so a password in the clear cannot reach a table by mistake. At most
`AT_ONCE` are computed at a time: each needs 19 MiB, and a crowd at the door must not take the server's memory.
"""

import base64
import hashlib
import itertools
import threading
import unicodedata
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors, policy
from zhangshi.identity.model import SecretMade
from zhangshi.identity.policy import HashingCost
from zhangshi.identity.ports import Noise

AT_ONCE = 2
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that looks like another one on a slip of paper
_GROUP = 4
_HASH_BYTES = 32
_FEW_DIFFERENT = 2
_BEYOND_LOGIN_MIN = 4

_COMMON_ONES = """
password password1 password123 passw0rd iloveyou sunshine princess football baseball superman letmein1 welcome1
administrator admin123 admin1234 admin888 qwertyui qwerty123 qwertyuiop asdfghjkl zxcvbnm1 1qaz2wsx 1q2w3e4r
q1w2e3r4 1qaz@wsx qazwsxedc abc12345 abcd1234 a1234567 a12345678 a123456789 aa123456 123456abc 123456aa
woaini1314 woaini520 woaini521 5201314520 13145201314 123123123 1234512345 12341234 11223344 147258369 987654321
66668888 16888888 zhangshi zhangshi123 yonghu123 mima1234 guanliyuan changeme changeme123
"""
_COMMON = frozenset(_COMMON_ONES.split())


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """A password as it is stored: argon2's own text, with its cost and salt in it."""

    text: str = field(repr=False)

    @property
    def mark(self) -> str:
        """Tells this hash from every other (its salt is random) and gives nothing away."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that the program made up; it is shown once, and only its hash is stored."""

    hashed: HashedPassword
    _clear: str = field(repr=False)

    def shown_for(self, made: SecretMade) -> str:
        """Return the password in the clear, if the write `made` was the one that set it.

        Raises: identity.secret_shown_before when the answer is that of an earlier sending of the same request.
        """
        if made.mark != self.hashed.mark:
            raise ZhangshiError(errors.SECRET_SHOWN_BEFORE)
        return self._clear


class Passwords:
    """Hashes and compares; one for a process. Safe to share between threads."""

    def __init__(self, noise: Noise, cost: HashingCost | None = None) -> None:
        self._noise = noise
        cost = cost or HashingCost()
        self._argon2 = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=_HASH_BYTES,
            salt_len=policy.SALT_BYTES,
        )
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobodys = _hash_that_fits_nothing(cost)
        self.looks = 0
        """How often a password was compared so far: a test sees that an unknown login costs the same."""

    def chosen(self, password: str, *, login: str = "", name: str = "") -> HashedPassword:
        """Check a password that somebody chose, and hash it. Call it before the transaction.

        Raises: identity.password_too_short, identity.password_too_easy.
        """
        _check(password, login=login, name=name)
        return self._hashed(password)

    def made_up(self) -> NewPassword:
        """Return a random password of 80 bits, hashed; it is written down easily: abcd-efgh-ijkm-npqr."""
        noise = self._noise.token_bytes(policy.RANDOM_PASSWORD_LETTERS)
        letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in noise)
        clear = "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
        return NewPassword(self._hashed(clear), clear)

    def fits(self, stored: str | None, password: str) -> bool:
        """Return whether the password is the one that was hashed; `stored` None does the same work and says no."""
        with self._turns:
            self.looks += 1
            try:
                self._argon2.verify(stored or self._nobodys, _normal(password))
            except (VerificationError, InvalidHashError):
                return False
            return stored is not None

    def hashed_again(self, stored: str, password: str) -> HashedPassword | None:
        """Return the password that just fitted, hashed at today's cost; None if `stored` is that already."""
        return self._hashed(password) if self._argon2.check_needs_rehash(stored) else None

    def _hashed(self, password: str) -> HashedPassword:
        salt = self._noise.token_bytes(policy.SALT_BYTES)
        with self._turns:
            return HashedPassword(self._argon2.hash(_normal(password), salt=salt))


def _normal(password: str) -> str:
    """One text for what looks the same, whichever keyboard wrote it: full-width digits, composed accents."""
    return unicodedata.normalize("NFKC", password)


def _hash_that_fits_nothing(cost: HashingCost) -> str:
    """Return a hash in argon2's manner, at today's cost, that no password is known for."""
    salt, nothing = (base64.b64encode(bytes(count)).decode().rstrip("=") for count in (policy.SALT_BYTES, _HASH_BYTES))
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.passes},p={cost.lanes}${salt}${nothing}"


def _check(password: str, *, login: str, name: str) -> None:
    normal = _normal(password)
    shortest, longest = policy.PASSWORD_LENGTH_MIN, policy.PASSWORD_LENGTH_MAX
    if not shortest <= len(normal) <= longest:
        raise ZhangshiError(errors.PASSWORD_TOO_SHORT, length_min=shortest, length_max=longest)
    folded = normal.casefold()
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(folded)}
    told = [one.casefold() for one in (login, name) if one]
    if (
        folded in _COMMON
        or len(set(folded)) <= _FEW_DIFFERENT
        or steps in ({1}, {-1})  # 12345678, hgfedcba
        or any(len(folded.replace(one, "")) < _BEYOND_LOGIN_MIN for one in told)
    ):
        raise ZhangshiError(errors.PASSWORD_TOO_EASY)
