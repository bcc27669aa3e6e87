"""The agent as a process of its own."""

import subprocess
import sys
from pathlib import Path

COMMAND = (
    sys.executable,
    "-c",
    "import sys; from bigpandamon_htcondor_agent.main import main; sys.exit(main())",
)


def start(configuration: Path, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen((*COMMAND, "--config", str(configuration), *more), stderr=subprocess.DEVNULL)
