"""Networks of their own: a process that holds one, commands inside it, connections from it."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

_NETWORK = 0x40000000
READY = b"up\n"


def allowed() -> bool:
    """Whether networks of their own can be had here."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return False
    tried = subprocess.run(("unshare", "--net", "--mount", "--uts", "true"), capture_output=True, check=False)
    return tried.returncode == 0


class Namespace:
    """One network and table of mounts, there as long as its holder runs."""

    def __init__(self, holder: "subprocess.Popen[bytes]"):
        self.pid = holder.pid

    def inside(self, *words: str) -> list[str]:
        """A command in it."""
        return ["nsenter", f"--target={self.pid}", "--net", "--mount", "--uts", *words]

    def run(self, *words: str) -> None:
        subprocess.run(self.inside(*words), check=True, capture_output=True)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Inside, this thread's connections are those of the network."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as ours, open(f"/proc/{self.pid}/ns/net") as theirs:
            assert libc.setns(theirs.fileno(), _NETWORK) == 0, os.strerror(ctypes.get_errno())
            try:
                yield
            finally:
                assert libc.setns(ours.fileno(), _NETWORK) == 0, os.strerror(ctypes.get_errno())


@contextmanager
def namespace(also: str = "true") -> Iterator[Namespace]:
    """A network with a loopback, and a name. also: what is done inside before anything else, in words of a
    shell."""
    script = f"ip link set lo up && {also} && echo up && exec sleep infinity"
    command = ("unshare", "--net", "--mount", "--uts", "--propagation=private", "sh", "-c", script)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout
            assert holder.stdout.readline() == READY
            yield Namespace(holder)
        finally:
            holder.kill()


@contextmanager
def connected_hosts(addresses: Sequence[str]) -> Iterator[list[Namespace]]:
    """A network for each address, all on one bridge of /24, their hosts named host0 and so on."""
    with ExitStack() as stack:
        lan = stack.enter_context(namespace("ip link add lan type bridge && ip link set lan up"))
        hosts = []
        for number, address in enumerate(addresses):
            host = stack.enter_context(namespace(f"hostname host{number}"))
            port = f"port{number}"
            lan.run(*f"ip link add {port} type veth peer name uplink netns {host.pid}".split())
            lan.run(*f"ip link set {port} master lan up".split())
            host.run(*f"ip addr add {address}/24 dev uplink".split())
            host.run(*"ip link set uplink up".split())
            hosts.append(host)
        yield hosts
