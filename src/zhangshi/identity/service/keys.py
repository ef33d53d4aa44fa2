"""Secrets that the program makes: 256 random bits that the browser or the machine keeps. We keep a digest.

A plain sha256 is enough here, unlike for passwords: nobody can guess 256 bits, however fast the hash.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from zhangshi.base.errors import ZhangshiError
from zhangshi.identity import errors, policy
from zhangshi.identity.model import SecretMade
from zhangshi.identity.ports import Noise

TOKEN_PREFIX = "zst_"  # noqa: S105 - how a token begins, so that scanners find one that somebody published
_MARK_LETTERS = 16


def digest_of(secret: str) -> str:
    """Return the sha256 of a secret: what is stored, and what a session is called by."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(session_secret: str) -> str:
    """Return the word that a page sends in a header with every write; it follows from the session's secret.

    Another site's page can make a browser send the cookie, but can neither read it nor compute this.
    """
    return _text(hashlib.sha256(b"csrf:" + session_secret.encode()).digest())


def csrf_fits(session_secret: str, given: str) -> bool:
    """Return whether a request carries the session's word; in constant time."""
    return hmac.compare_digest(csrf_of(session_secret).encode(), given.encode())


def new_session_secret(noise: Noise) -> str:
    """Return the secret of a new session: 43 letters that fit into a cookie."""
    return _text(noise.token_bytes(policy.SECRET_BYTES))


@dataclass(frozen=True, slots=True)
class NewTokenSecret:
    """The secret of a token to be: shown once; only its digest is stored."""

    digest: str
    _clear: str = field(repr=False)

    @property
    def mark(self) -> str:
        """Tells this secret from every other and gives nothing away."""
        return hashlib.sha256(self.digest.encode()).hexdigest()[:_MARK_LETTERS]

    def shown_for(self, made: SecretMade) -> str:
        """Return the secret in the clear, if the write `made` was the one that stored it.

        Raises: identity.secret_shown_before when the answer is that of an earlier sending of the same request.
        """
        if made.mark != self.mark:
            raise ZhangshiError(errors.SECRET_SHOWN_BEFORE)
        return self._clear


def new_token_secret(noise: Noise) -> NewTokenSecret:
    """Return the secret of a new token."""
    clear = TOKEN_PREFIX + _text(noise.token_bytes(policy.SECRET_BYTES))
    return NewTokenSecret(digest_of(clear), clear)


def _text(noise: bytes) -> str:
    return base64.urlsafe_b64encode(noise).decode().rstrip("=")
