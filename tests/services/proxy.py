"""A TCP proxy on loopback that misbehaves on demand: connections cut, silent or refused."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from types import TracebackType

from tests.services.process import HOST

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
BLOCK = 65536


class FaultProxy:
    """Passes bytes to a port of this machine until told otherwise. A context manager."""

    def __init__(self, target: int):
        self.target = target
        self.flowing = threading.Event()
        self.flowing.set()
        self.closed = False
        self.lock = threading.Lock()
        self.open: set[socket.socket] = set()
        self.listener = self._listen(0)
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def stall(self) -> None:
        """Connections stay open and nothing arrives any more."""
        self.flowing.clear()

    def resume(self) -> None:
        self.flowing.set()

    def cut(self) -> None:
        """Reset every open connection; new ones are served."""
        with self.lock:
            victims, self.open = self.open, set()
        for victim in victims:
            _reset(victim)

    def refuse(self) -> None:
        """Cut everything and accept nothing, as a dead server; `accept` brings it back on the same port."""
        _reset(self.listener)
        self.cut()

    def accept(self) -> None:
        self.listener = self._listen(self.port)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def __enter__(self) -> "FaultProxy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed = True
        self.resume()
        self.refuse()

    @staticmethod
    def _listen(port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        for client in _clients(listener):
            try:
                server = socket.create_connection((HOST, self.target))
            except OSError:
                _reset(client)
                continue
            with self.lock:
                self.open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(BLOCK):
                self.flowing.wait()
                if self.closed:
                    break
                sink.sendall(block)
        with self.lock:
            ended = {source, sink} & self.open
            self.open -= ended
        for end in ended:
            _close(end)


def _clients(listener: socket.socket) -> Iterator[socket.socket]:
    with contextlib.suppress(OSError):
        while True:
            yield listener.accept()[0]


def _reset(end: socket.socket) -> None:
    """Close without a farewell. Reading is shut first: a thread that waits in recv would keep it open."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        end.shutdown(socket.SHUT_RD)
    end.close()


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
