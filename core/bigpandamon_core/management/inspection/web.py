"""Whether the web process of this host answers, and is of the installed release."""

import http.client
import json
from collections.abc import Iterator
from typing import Any

from bigpandamon_core import __version__
from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding, folders, trouble, warning
from bigpandamon_core.schedule.loopback import connection
from bigpandamon_core.schedule.warm_up import host_of

SUBJECT = "web"
SECONDS = 2.0
MOST_BYTES = 1 << 20
SUPERVISED = "systemctl {} bigpandamon"
BY_HAND = "{} `bigpandamon serve`"


def findings(configuration: Configuration) -> Iterator[Finding]:
    bind = configuration.get("web.bind")
    manner = SUPERVISED if folders.is_packaged(configuration) else BY_HAND
    try:
        told = _told(configuration, bind)
    except TimeoutError:
        text = f"what listens at {bind} does not answer within {SECONDS:g} s"
        yield trouble(
            SUBJECT, text, f"see its log and what is said of databases here, then {manner.format('restart')}"
        )
    except (OSError, http.client.HTTPException) as error:
        yield trouble(SUBJECT, f"does not run at {bind}: {error}", manner.format("start"))
    except ValueError:
        text = f"something else than the monitor answers at {bind}"
        yield trouble(
            SUBJECT, text, "end that, or name another place in web.bind and in the proxy's configuration"
        )
    else:
        yield _of_release(bind, told, manner.format("restart"))


def _told(configuration: Configuration, bind: str) -> dict[str, Any]:
    """What it says of itself. Raises OSError, HTTPException, or ValueError if it is none of ours."""
    asked = connection(bind, SECONDS)
    try:
        headers = {"Host": host_of(configuration.get("web.allowed_hosts"))}
        asked.request("GET", f"{configuration.get('web.base_path')}/health", headers=headers)
        told = json.loads(asked.getresponse().read(MOST_BYTES))
    finally:
        asked.close()
    if not isinstance(told, dict) or "version" not in told:
        raise ValueError(bind)
    return told


def _of_release(bind: str, told: dict[str, Any], remedy: str) -> Finding:
    if told["version"] != __version__:
        text = f"{told['version']} answers at {bind}, {__version__} is installed"
        return warning(SUBJECT, text, remedy)
    return Finding(SUBJECT, f"{__version__} answers at {bind}")
