"""`bigpandamon demo run`: a whole instance in one folder, alive, until Ctrl-C."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bigpandamon_core.demo.running import answering, folder
from bigpandamon_core.demo.running.children import Children
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import demo_simulate
from bigpandamon_core.management.amounts import whole

NAME = "run"
HELP = "run a monitor with a simulated PanDA, everything in one folder"
PORT, FOLDER, TITLE = 8000, Path("var"), "Example Grid"
SOME_REFUSED = 1


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="where to listen")
    parser.add_argument("--port", type=whole(1, 65535), default=PORT)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="what is there already is gone on with")
    parser.add_argument(
        "--data", type=Path, metavar="PATH", help="saved records to import: a file or a folder"
    )
    parser.add_argument("--title", default=TITLE, help="of the instance, when the folder is new")
    demo_simulate.world_arguments(parser)


def run(parsed: Namespace) -> int:
    answering.require_free(parsed.host, parsed.port)
    if parsed.data is not None and not parsed.data.exists():
        raise Problem("There is nothing to import.", str(parsed.data), "Name a file or a folder with --data.")
    with folder.occupied(parsed.folder):
        children = Children(folder.environment(parsed.folder, parsed.title, parsed.host))
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, children.ask_to_end)
        try:
            return _run(parsed, children)
        finally:
            children.end()


def _run(parsed: Namespace, children: Children) -> int:
    code = _prepare(parsed, children)
    if children.asked_to_end.is_set():
        return 0
    if code:
        return code
    children.keep("simulator", "demo", "simulate", *demo_simulate.words(parsed), until=demo_simulate.ALIVE)
    if children.asked_to_end.is_set():
        return 0
    children.keep("follower", "follow")
    children.keep("facets", "facets")
    host = f"[{parsed.host}]" if ":" in parsed.host else parsed.host
    listening = ("--bind", f"{host}:{parsed.port}")
    children.keep("web server", "serve", *listening)
    if answering.wait_for(parsed.host, parsed.port, children.is_over):
        address = answering.url(parsed.host, parsed.port)
        children.keep("scheduler", "schedule", *listening)
        print(f"\nThe monitor answers at {address}  (Ctrl-C ends it)\n", flush=True)
        children.wait()
    return _told_end(children)


def _prepare(parsed: Namespace, children: Children) -> int:
    """The tables, and the records to import; refused records are told and do not stop a demonstration."""
    for words in (("migrate",), ("demo", "schema")):
        if code := children.finish(*words):
            return code
    if parsed.data is None or children.asked_to_end.is_set():
        return 0
    code = children.finish("import", "auto", str(parsed.data))
    return 0 if code == SOME_REFUSED else code


def _told_end(children: Children) -> int:
    if children.asked_to_end.is_set():
        print("Ending.", flush=True)
        return 0
    ended = children.ended()
    what = f"The {ended} ended by itself" if ended else "The web server does not answer well"
    print(f"{what}; what it said stands above.", file=sys.stderr)
    return 1
