"""Stands in for the monitor: keeps jobs as its bulk API promises, and fails as it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

TOKEN = "a-token"


class Receiver:
    """jobs: by GlobalJobId. failures: status codes for the next requests, 0 closes the connection unanswered
    after keeping the jobs. refuse: keys that are refused. most: items a request may have, else 413."""

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.requests: list[int] = []
        self.failures: list[int] = []
        self.refuse: set[str] = set()
        self.most = 5000
        self.answer: bytes | None = None
        self.lock = Lock()
        self.url = ""

    def keep(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        refused = []
        for index, item in enumerate(items):
            key = item["GlobalJobId"]
            if key in self.refuse:
                refused.append({"index": index, "globaljobid": key, "code": 20, "reason": "as told"})
                continue
            known = self.jobs.get(key, {})
            if moment(item) >= moment(known):
                self.jobs[key] = {k: v for k, v in {**known, **item}.items() if v is not None}
        return {"stored": len(items) - len(refused), "refused": refused}


def moment(item: dict[str, Any]) -> int:
    return max(item.get("EventTime") or 0, item.get("ServerTime") or 0)


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.receiver.lock:
            status, told = self.status(json.loads(body))
        if status:
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.send_header("Location", self.receiver.url)
            self.end_headers()
            self.wfile.write(told)

    def status(self, items: list[dict[str, Any]]) -> tuple[int, bytes]:
        receiver = self.receiver
        if self.path != "/monitor/api/v1/htcondor/jobs":
            return 404, b"no such page"
        if self.headers["Authorization"] != f"Token {TOKEN}":
            return 401, b"unknown token"
        failure = receiver.failures.pop(0) if receiver.failures else None
        if failure:
            return failure, b"as told"
        if len(items) > receiver.most:
            return 413, b"too many items"
        receiver.requests.append(len(items))
        told = json.dumps(receiver.keep(items)).encode()
        return (0 if failure == 0 else 201), receiver.answer or told


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    handler = type("Bound", (Handler,), {"receiver": receiver})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/monitor"
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
