"""A root of a system with an interpreter, nginx and memcached, into which dnf installs, with a network
of its own. One package stands for the distribution: it provides just what ours need and is there."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.architecture.repository import ROOT
from tests.packaging.rpms import asked, repository
from tests.services.namespaces import Namespace, namespace

PACKAGES = """python3.11 libmariadb3 libstdc++6 zlib1g nginx-light memcached dash bash coreutils sed grep
    passwd util-linux libc-bin""".split()
_LEFT_OUT = re.compile(r"/usr/share/(doc|man|locale|info|bash-completion)/|/etc/|/var/|/usr/include/")
FOLDERS = """etc/nginx/conf.d tmp var/log/nginx var/lib/nginx var/cache/nginx dev/shm proc
    run/systemd/system""".split()
ACCOUNTS = {
    "passwd": "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n",
    "group": "root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n",
    "shadow": "",
    "gshadow": "",
}
NGINX = """events {}
http {
    include /etc/nginx/mime.types;
    access_log off;
    include /etc/nginx/conf.d/*.conf;
}
"""
SYSTEMCTL = """#!/bin/sh
echo "$*" >>/var/log/systemctl
case "$*" in *reload*)
    sh -e /reload >>/var/log/reload 2>&1 || echo "reload failed" >>/var/log/systemctl
esac
"""
"""Stands in for the manager of services: notes what it is asked, and reloads as the unit says."""
UNIT = ROOT / "packaging" / "rpm" / "bigpandamon.service"
SHIM = """Name: distribution
Version: 1
Release: 1
Summary: What this root has by itself
License: None
BuildArch: noarch
AutoReqProv: no
{provides}
%description
It.
%files
"""
NAMES = {"nginx": "/usr/sbin/nginx", "memcached": "/usr/bin/memcached", "logrotate": "/bin/sh"}
"""Packages by a file of theirs; logrotate, which nothing here runs, is taken to be there."""
CLEAN = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": "/"}


class Root:
    """The root, with all that stands in for what a whole system has."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.log = folder / "var" / "log"
        self._network: Namespace | None = None

    def make(self) -> None:
        """Copy what the distribution's packages hold, without asking a mirror."""
        self.folder.mkdir(parents=True)
        names = "\n".join(path.lstrip("/") for path in _files(_closure(PACKAGES))).encode()
        packed = subprocess.Popen(
            ("tar", "-C", "/", "-c", "--files-from=-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        unpacked = subprocess.Popen(("tar", "-C", str(self.folder), "-x"), stdin=packed.stdout)
        assert packed.stdin
        packed.stdin.write(names)
        packed.stdin.close()
        assert (packed.wait(), unpacked.wait()) == (0, 0)
        self._furnish()

    def _furnish(self) -> None:
        for name in ("bin", "lib", "lib64", "sbin"):
            if not (self.folder / name).exists():
                (self.folder / name).symlink_to(f"usr/{name}")
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for name in ("tmp", "dev/shm"):
            (self.folder / name).chmod(0o1777)
        for name, minor in (("null", 3), ("zero", 5), ("urandom", 9)):
            os.mknod(self.folder / "dev" / name, 0o20666, os.makedev(1, minor))
            (self.folder / "dev" / name).chmod(0o666)
        for name, text in ACCOUNTS.items():
            (self.folder / "etc" / name).write_text(text)
        shutil.copy("/etc/nginx/mime.types", self.folder / "etc" / "nginx")
        (self.folder / "etc" / "nginx" / "nginx.conf").write_text(NGINX)
        systemctl = self.folder / "usr" / "bin" / "systemctl"
        systemctl.write_text(SYSTEMCTL)
        systemctl.chmod(0o755)
        acts = re.findall(r"^ExecReload=(.*)$", UNIT.read_text(), re.M)
        (self.folder / "reload").write_text("\n".join(acts) + "\n")

    def shim(self, rpms: Iterable[Path], folder: Path) -> None:
        """Build the package of what ours need, once each of that has been seen here."""
        given = {line.split()[0] for rpm in rpms for line in asked(rpm, "--provides")}
        needed = {line for rpm in rpms for line in asked(rpm, "--requires") if not line.startswith("rpmlib(")}
        theirs = sorted(line for line in needed if line.split()[0] not in given)
        assert [line for line in theirs if not self._has(line)] == []
        spec = folder / "distribution.spec"
        spec.write_text(SHIM.format(provides="\n".join(f"Provides: {line}" for line in theirs)))
        where = ("--define", f"_topdir {folder}/shim", "--define", f"_rpmdir {folder}")
        subprocess.run(("rpmbuild", "-bb", "--quiet", *where, str(spec)), check=True)
        repository(folder)

    def _has(self, requirement: str) -> bool:
        """Whether a file, a library or a program of a package is there."""
        name = re.split(r"[ (]", requirement)[0]
        path = NAMES.get(name, name)
        if path.startswith("/"):
            return (self.folder / path[1:]).exists()
        return any((self.folder / "usr" / "lib").glob(f"*/{name}"))

    def dnf(self, repo: Path, *words: str) -> str:
        """What dnf says; its own files stay beside the root."""
        aside = self.folder.parent / "dnf"
        options = ("reposdir=/nonexistent", f"cachedir={aside}", f"logdir={aside}", "keepcache=0", "zchunk=0")
        command = (
            *("dnf", "-y", "-q", f"--installroot={self.folder}", "--releasever=9", "--disableplugin=*"),
            *("--nogpgcheck", f"--repofrompath=ours,file://{repo}", "--refresh"),
            *(f"--setopt={option}" for option in options),
        )
        done = subprocess.run((*command, *words), env=CLEAN, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def told(self, *words: str, user: str = "", well: bool = True) -> str:
        """The output of a command inside, which must go well, or must not."""
        command = self.inside(*words, user=user)
        done = subprocess.run(command, env=CLEAN, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) is well, done.stdout + done.stderr
        return done.stdout

    def inside(self, *words: str, user: str = "") -> list[str]:
        """A command of the root, in its network; of a user without any privilege."""
        assert self._network, "the network is not up"
        unprivileged = self._as(user) if user else ()
        return self._network.inside("chroot", str(self.folder), *unprivileged, *words)

    def _as(self, user: str) -> Sequence[str]:
        uid, gid = self.ids(user)
        drop = ("--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all")
        clean = ("env", "-i", f"HOME=/var/lib/{user}", "PATH=/usr/bin:/bin", "LANG=C.UTF-8")
        return ("setpriv", f"--reuid={uid}", f"--regid={gid}", *drop, *clean)

    def asked_of_systemd(self) -> list[str]:
        """What its stand-in was asked, in order."""
        log = self.log / "systemctl"
        return log.read_text().splitlines() if log.exists() else []

    def outer(self, pid: int) -> int:
        """A process of the root, which has no numbers of its own."""
        assert Path(f"/proc/{pid}/root").resolve() == self.folder
        return pid

    def ids(self, user: str) -> tuple[int, int]:
        """Of an account of the root."""
        lines = (self.folder / "etc" / "passwd").read_text().splitlines()
        found = next(line.split(":") for line in lines if line.startswith(f"{user}:"))
        return int(found[2]), int(found[3])

    @contextmanager
    def network(self) -> Iterator[None]:
        """Inside, the root has a loopback of its own; all ports there are free."""
        with namespace(f"mount -t proc proc {self.folder}/proc") as self._network:
            yield

    def connected(self) -> AbstractContextManager[None]:
        """Inside, this thread's connections are those of the root's network."""
        assert self._network, "the network is not up"
        return self._network.connected()


def _closure(names: Sequence[str]) -> list[str]:
    """Installed packages and all that they depend on."""
    without = [
        f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    ]
    command = ("apt-cache", "depends", "--recurse", "--installed", *without, *names)
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted({line for line in told if line and line[0] not in " <|"})


def _files(packages: Sequence[str]) -> list[str]:
    """Their files, where they really lie; without documentation and configuration."""
    # of those that another one stands in for it knows nothing
    listed = subprocess.run(("dpkg", "-L", *packages), capture_output=True, text=True, check=False).stdout
    paths = [Path(line) for line in listed.splitlines() if line.startswith("/") and not _LEFT_OUT.match(line)]
    found = (path for path in paths if path.is_symlink() or path.is_file())
    return sorted({str(path.parent.resolve() / path.name) for path in found})
