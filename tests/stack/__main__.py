"""`make stack`: the whole stack on loopback, until Ctrl-C."""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path

from tests.stack.stack import HOURS, running


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--hours", type=float, default=HOURS, help="of jobs at the start")
    parser.add_argument("--folder", type=Path, help="of its files, which stay; none: one in /tmp that goes")
    parsed = parser.parse_args()
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    print("Databases and jobs are made …", flush=True)
    with running(parsed.port, parsed.hours, parsed.folder) as stack:
        print(f"The stack answers at http://127.0.0.1:{parsed.port}/  (Ctrl-C ends it)", flush=True)
        print(f"Its files and logs: {stack.layout.folder}", stack.control("status"), sep="\n", flush=True)
        over.wait()


if __name__ == "__main__":
    main()
