"""The program and the web application with a clock that stands still: pages come out the same every time.

`python -m tests.browser.still WORDS…` runs a command of `bigpandamon`; gunicorn serves `application()`.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.window import set_clock
from bigpandamon_core.management.main import main

MOMENT = datetime(2026, 11, 20, 12)


def stop_the_clock() -> None:
    set_clock(lambda: MOMENT)


def application() -> Callable[..., Any]:
    """What a WSGI server runs."""
    # Imported here: it reads the configuration, which the server's process is told only when it starts.
    from bigpandamon_core.web import wsgi  # pylint: disable=import-outside-toplevel

    stop_the_clock()
    return wsgi.application


if __name__ == "__main__":
    stop_the_clock()
    sys.exit(main(sys.argv[1:]))
