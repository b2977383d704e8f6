"""A little clamd on loopback that speaks the real one's protocol: INSTREAM, its size limit, and ways to fail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LARGEST = 1024 * 1024


class Clamd:
    """What it has seen, and how it behaves: `mood` is sound, drop (hangs up in its answer), odd or slow (is silent)."""

    def __init__(self) -> None:
        self.mood = "sound"
        self.seen: list[bytes] = []
        self.url = ""
        self.woken = threading.Event()


def handler_for(clamd: Clamd) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked = self.rfile.read(6)
            if asked == b"zPING\x00":
                self.wfile.write({"drop": b"", "odd": b"HELLO\x00"}.get(clamd.mood, b"PONG\x00"))
                return
            assert asked + self.rfile.read(4) == b"zINSTREAM\x00"
            content = b""
            while length := int.from_bytes(self.rfile.read(4), "big"):
                content += self.rfile.read(length)
                if len(content) > LARGEST:
                    self.wfile.write(b"INSTREAM size limit exceeded. ERROR\x00")
                    return
            clamd.seen.append(content)
            if clamd.mood == "slow":
                clamd.woken.wait(5)
            answer = b"stream: Eicar-Signature FOUND\x00" if EICAR in content else b"stream: OK\x00"
            self.wfile.write({"drop": answer[:9], "odd": b"HELLO\x00", "slow": b""}.get(clamd.mood, answer))

    return Handler


@contextmanager
def little_clamd(path: Path | None = None) -> Iterator[Clamd]:
    """One that listens on a free port of this machine, or on a socket at this path."""
    clamd = Clamd()
    if path is None:
        server: socketserver.BaseServer = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler_for(clamd))
        clamd.url = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        server = socketserver.ThreadingUnixStreamServer(str(path), handler_for(clamd))
        clamd.url = f"unix:{path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield clamd
    finally:
        clamd.woken.set()
        server.shutdown()
        server.server_close()
