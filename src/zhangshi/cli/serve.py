"""The command that serves the HTTP API."""

import click

from zhangshi.cli.main import State, shared_options

PORT = 8420
_WORKERS_MAX = 32


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址;局域网用 0.0.0.0 · Address to listen on")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="端口 · Port")
@click.option(
    "--workers",
    type=click.IntRange(1, _WORKERS_MAX),
    default=1,
    show_default=True,
    help="进程数;SQLite 用 1 · Processes; 1 for SQLite",
)
@shared_options
@click.pass_obj
def serve_command(state: State, host: str, port: int, workers: int) -> None:
    """提供 HTTP 接口,Ctrl-C 结束 · Serve the HTTP API; Ctrl-C ends it."""
    state.output.say("serving", {"url": f"http://{host}:{port}/api/v1", "workers": workers}, host=host, port=port)
    state.wiring.serve(host=host, port=port, workers=workers)
