"""A publisher of files for tests: serves parts, breaks off, sends something else, or has nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer(ThreadingHTTPServer):
    """Serves ``content`` at every path.

    Attributes:
        asked: the Range header of every request, "" where there was none.
        cut: bytes after which the next answers break off, one each.
        status: of all answers, instead of what fits.
        version: what it says of which file this is; empty to say nothing.
    """

    daemon_threads = True

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked: list[str] = []
        self.cut: list[int] = []
        self.status = 0
        self.version = '"one"'
        super().__init__(("127.0.0.1", 0), _Handler)

    def address(self, name: str = "file.bin") -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        server, wanted = self.server, self.headers.get("Range", "")
        server.asked.append(wanted)
        if server.status:
            self.send_error(server.status)
            return
        begin = int(wanted.removeprefix("bytes=").rstrip("-") or 0) if wanted else 0
        if begin and self.headers.get("If-Range") != server.version:
            begin = 0
        if begin >= len(server.content) > 0:
            self.send_error(416)
            return
        self.send_response(206 if begin else 200)
        if server.version:
            self.send_header("ETag", server.version)
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(server.content) - begin))
        self.end_headers()
        end = begin + server.cut.pop(0) if server.cut else len(server.content)
        self.wfile.write(server.content[begin:end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has above
        """Say nothing."""


@contextmanager
def serving(content: bytes) -> Iterator[FileServer]:
    """A server for as long as the context lasts; its thread has ended afterwards."""
    server = FileServer(content)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
