"""Answers of the stand-in for a server elsewhere: friendly ones below /old/, and hostile ones."""

import gzip
import time
import zlib
from collections.abc import Mapping

from tests.services.elsewhere import Handler, Route, page, redirect

MB = 1_000_000
MUCH = b"x" * 999


def flood(handler: Handler) -> None:
    """A gigabyte, its size not told."""
    handler.begin(Content_Type="text/html")
    for _ in range(1000):
        handler.write(b"x" * MB)


def large_by_word(handler: Handler) -> None:
    handler.begin(Content_Type="text/html", Content_Length="1000000000")
    handler.write(b"x")


def bomb(handler: Handler) -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(MB)) for _ in range(200)) + packer.flush()
    assert len(packed) < MB
    handler.reply(packed, Content_Encoding="gzip")


def drip(handler: Handler) -> None:
    """A byte now and then: no single wait is long."""
    handler.begin(Content_Type="text/html", Content_Length="1000")
    for _ in range(100):
        handler.write(b".")
        time.sleep(0.05)


def dripping_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for place in range(90):
        handler.wfile.write(f"X-{place}: 1\r\n".encode())
        time.sleep(0.05)


def endless_head(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Much: 1\r\n" * 5000 + b"\r\n")


def continuing(handler: Handler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def silent(_handler: Handler) -> None:
    time.sleep(2)


def broken_off(handler: Handler) -> None:
    handler.begin(Content_Type="text/html", Content_Length="1000")
    handler.write(b"<p>half")


def broken_chunk(handler: Handler) -> None:
    handler.begin(Content_Type="text/html", Transfer_Encoding="chunked")
    handler.wfile.write(b"ff\r\nhalf")


def no_http(handler: Handler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")


def packed_twice(handler: Handler) -> None:
    handler.reply(gzip.compress(b"one, ") + gzip.compress(b"two"), Content_Encoding="gzip")


ROUTES: Mapping[str, Route] = {
    "/": page("<p>hello"),
    "/old/": page("<p>hello", Set_Cookie="session=1"),
    "/old/there": redirect("/old/?a=b"),
    "/old/packed": lambda handler: handler.reply(gzip.compress(b"packed"), Content_Encoding="gzip"),
    "/old/packed-twice": packed_twice,
    "/old/strangely": lambda handler: handler.reply(b"?", Content_Encoding="br"),
    "/old/wrongly": lambda handler: handler.reply(b"no gzip", Content_Encoding="gzip"),
    "/old/half-packed": lambda handler: handler.reply(gzip.compress(MUCH)[:20], Content_Encoding="gzip"),
    "/old/latin": lambda handler: handler.reply(b"\xe4", "Text/HTML; charset=ISO-8859-1"),
    "/old/untold": lambda handler: handler.begin(),
    "/old/loop": redirect("/old/loop"),
    "/old/out": redirect("/admin/"),
    "/old/loopback": redirect("http://127.0.0.2:80/old/"),
    "/old/port": redirect("http://127.0.0.1:1/old/"),
    "/old/metadata": redirect("http://169.254.169.254/latest/meta-data/"),
    "/old/inside": redirect("http://10.0.0.1/old/"),
    "/old/file": redirect("file:///etc/passwd"),
    "/old/nowhere": lambda handler: handler.reply(b"", status=302),
    "/old/flood": flood,
    "/old/large": large_by_word,
    "/old/bomb": bomb,
    "/old/drip": drip,
    "/old/dripping-head": dripping_head,
    "/old/endless-head": endless_head,
    "/old/continuing": continuing,
    "/old/silent": silent,
    "/old/broken-off": broken_off,
    "/old/broken-chunk": broken_chunk,
    "/old/no-http": no_http,
    "/old/failing": lambda handler: handler.reply(b"sorry", status=500),
    "/old/hop0": page("<p>arrived"),
    **{f"/old/hop{place}": redirect(f"hop{place - 1}") for place in range(1, 7)},
}  # fmt: skip
