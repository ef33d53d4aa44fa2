"""No test talks to the world: connections to anything but the loopback address are refused.

An audit hook sees every socket that Python opens, however deep in a library, and cannot be taken off again.
"""

import ipaddress
import sys


class NetworkIsOffError(BaseException):
    """A test tried to leave this machine. Not an `Exception`: code that forgives connection errors must not hide it."""


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host is None or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_strangers(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # text and bytes are paths of local sockets
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        message = f"Tests run with the network off; this one reached for {host!r}."
        raise NetworkIsOffError(message)


def turn_off() -> None:
    """Refuse every connection to another machine for the rest of this process."""
    sys.addaudithook(_refuse_strangers)
