"""Clients in a process of their own.

python -m bench.http_load URL TOKEN CLIENTS ROUNDS < content.json prints JSON: the seconds of each request, the seconds
in all, and the statuses that came. It speaks through http.client, so that the clients cost little.
"""

import http.client
import json
import sys
import threading
import time
from urllib.parse import urlsplit


class Client(threading.Thread):
    """One client with one connection that is kept."""

    def __init__(self, url: str, token: str, content: bytes, rounds: int, name: str) -> None:
        super().__init__(name=name)
        self._url = urlsplit(url)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._content = content
        self._rounds = rounds
        self.seconds: list[float] = []
        self.statuses: list[int] = []

    def run(self) -> None:
        """Send all requests, one after the other."""
        assert self._url.hostname is not None
        connection = http.client.HTTPConnection(self._url.hostname, self._url.port, timeout=60)
        method = "POST" if self._content else "GET"
        path = f"{self._url.path}?{self._url.query}"
        for number in range(self._rounds):
            headers = {**self._headers, "Idempotency-Key": f"{self.name}-{number}"}
            began = time.perf_counter()
            connection.request(method, path, body=self._content or None, headers=headers)
            answer = connection.getresponse()
            answer.read()
            self.seconds.append(time.perf_counter() - began)
            self.statuses.append(answer.status)
        connection.close()


def main() -> None:
    """Run the clients together."""
    url, token, clients, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    content, started = sys.stdin.buffer.read(), time.time_ns()
    running = [Client(url, token, content, rounds, f"bench-{started}-{number}") for number in range(clients)]
    began = time.perf_counter()
    for one in running:
        one.start()
    for one in running:
        one.join()
    found = {
        "total": time.perf_counter() - began,
        "seconds": sorted(second for one in running for second in one.seconds),
        "statuses": sorted({status for one in running for status in one.statuses}),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
