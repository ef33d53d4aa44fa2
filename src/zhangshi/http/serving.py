"""The server: uvicorn with our own log and an end that closes live streams first."""

from types import FrameType

import uvicorn

from zhangshi.http.app import gateway_of

SECONDS_TO_END = 10
_BACKLOG = 512


class Server(uvicorn.Server):
    """Ends live streams when it is told to stop: without that it would wait for clients that never go."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """See `uvicorn.Server`."""
        if self.config.loaded:
            gateway_of(self.config.loaded_app).stop()
        super().handle_exit(sig, frame)


def serve(*, app: str, host: str, port: int, workers: int) -> None:
    """Serve the application that the function `app` ("module:name") makes, until somebody ends it."""
    config = uvicorn.Config(
        app,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_END,
        timeout_keep_alive=30,
        backlog=_BACKLOG,
        h11_max_incomplete_event_size=64 * 1024,
    )
    if workers == 1:
        Server(config).run()
        return
    from uvicorn.supervisors import Multiprocess  # noqa: PLC0415 - one process is the usual case

    Multiprocess(config, sockets=[config.bind_socket()]).run()  # its processes end streams when their time is up
