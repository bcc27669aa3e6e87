"""`bigpandamon serve`: the web process, gunicorn with threads."""

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import bigpandamon_core
from bigpandamon_core.config import Configuration
from bigpandamon_core.management import listening, start
from bigpandamon_core.web.gunicorn_settings import LOG_FORMAT, MORE

NAME = "serve"
HELP = "answer web requests (behind a reverse proxy, or on loopback for a look)"
SETTINGS = Path(bigpandamon_core.__file__).parent / "web" / "gunicorn_settings.py"
ONE_ARENA = "1"
"""Each thread would keep memory of its own for the largest answer it has made."""
APPLICATION = "bigpandamon_core.web.wsgi:application"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--bind", type=listening.place, help="host:port or unix:/path instead of web.bind")
    parser.add_argument("--access-log", action="store_true", help="write each request to standard output")


def run(parsed: Namespace) -> int:
    """Become gunicorn: its master loads none of our code, so HUP brings new code and plugins to workers."""
    configuration = start.everything()
    sys.stdout.flush()
    words = command(configuration, parsed.bind or configuration.get("web.bind"), parsed.access_log)
    return os.execve(sys.executable, words, environment(configuration) | os.environ)  # noqa: S606  # no shell, our own words


def environment(configuration: Configuration) -> dict[str, str]:
    """What gunicorn's master has to know and has no option for."""
    told = {MORE: of_instance(configuration), LOG_FORMAT: configuration.get("logging.format")}
    return {"MALLOC_ARENA_MAX": ONE_ARENA} | told


def of_instance(configuration: Configuration) -> str:
    """The file of further options beside the configuration, "" without one."""
    file = configuration.file.with_name("gunicorn.conf.py") if configuration.file else None
    return str(file) if file and file.exists() else ""


def command(configuration: Configuration, bind: str, access_log: bool = False) -> list[str]:
    """gunicorn's command line. More of its options can stand in gunicorn.conf.py beside the configuration."""
    return [
        *(sys.executable, "-m", "gunicorn"),
        f"--config={SETTINGS}",
        f"--bind={bind}",
        f"--workers={configuration.get('web.workers')}",
        f"--threads={configuration.get('web.threads')}",
        f"--log-level={configuration.get('logging.level')}",
        *(["--access-logfile=-"] if access_log else []),
        f"--forwarded-allow-ips={','.join(configuration.get('accounts.proxies'))}",
        f"--env=BIGPANDAMON_READ_SECONDS={configuration.get('web.read_seconds')}",
        APPLICATION,
    ]
