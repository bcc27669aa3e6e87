"""Where the files of an instance lie that is not installed: those of etc/, with other places in them."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bigpandamon_core.web.static_files import Package
from setup import DISTRIBUTIONS
from tests.architecture.repository import ROOT
from tests.services.process import HOST

NGINX = """{user}daemon off;
pid {folder}/run/nginx.pid;
error_log {folder}/log/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
    types {{ text/css css; text/javascript js; image/svg+xml svg; font/woff2 woff2; image/png png; }}
    access_log off;
    client_body_temp_path {folder}/cache/body;
    proxy_temp_path {folder}/cache/proxy;
    fastcgi_temp_path {folder}/cache/fastcgi;
    uwsgi_temp_path {folder}/cache/uwsgi;
    scgi_temp_path {folder}/cache/scgi;
    include {folder}/etc/nginx.d/bigpandamon.conf;
}}
"""
CONFIGURATION = """[paths]
state = "{folder}/state"

[database]
url = "{own}"

[panda]
url = "{panda}"

[cache]
kind = "memcached"
servers = {servers}

[web]
bind = "{bind}"
allowed_hosts = ["*"]

{more}
"""


@dataclass(frozen=True)
class Layout:
    """One host. folder: everything of it. port: of nginx. web: of gunicorn behind it."""

    folder: Path
    port: int
    web: int

    @property
    def configuration(self) -> Path:
        return self.folder / "etc" / "bigpandamon.toml"

    @property
    def supervisord(self) -> Path:
        return self.folder / "etc" / "supervisord.conf"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"BIGPANDAMON_CONFIG": str(self.configuration), "PYTHONDONTWRITEBYTECODE": "1"}

    def write(self, own: str, panda: str, servers: list[str], more: str = "") -> None:
        """The files of etc/ for this host. own, panda: URLs of the databases. servers: memcached's. more:
        further lines of the configuration."""
        for name in ("etc/supervisord.d", "etc/nginx.d", "state", "log", "run", "cache"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._copy_etc()
        self._copy_static()
        (self.folder / "etc" / "nginx.conf").write_text(
            NGINX.format(folder=self.folder, user="user root;\n" if os.geteuid() == 0 else "")
        )
        bind, listed = f"{HOST}:{self.web}", str(servers).replace("'", '"')
        told = CONFIGURATION.format(
            folder=self.folder, own=own, panda=panda, servers=listed, bind=bind, more=more
        )
        self.configuration.write_text(told)
        self.configuration.chmod(0o640)

    def write_none_of_ours(self) -> None:
        """supervisord is to run other programs only."""
        ours = self.supervisord.read_text()
        self.supervisord.write_text(re.sub(r"(?ms)^\[program:.*", "", ours))

    def add_program(self, name: str, command: str, user: str = "", more: str = "") -> None:
        """A further program of supervisord's on this host."""
        told = [f"[program:{name}]", f"command = {command}", "autorestart = true", "redirect_stderr = true"]
        told += [f"stdout_logfile = {self.folder}/log/{name}.log", "stdout_logfile_maxbytes = 0", more]
        if user and os.geteuid() == 0:
            told.append(f"user = {user}")
        (self.folder / "etc" / "supervisord.d" / f"{name}.conf").write_text("\n".join(told) + "\n")

    def _copy_static(self) -> None:
        """For nginx, as RPMs do; the compressed twins are left out."""
        for row in DISTRIBUTIONS:
            for folder in (ROOT / row.folder / row.package / "static").glob("*/"):
                target = self.folder / "static" / folder.name / Package.of(folder).digest
                shutil.copytree(folder, target, dirs_exist_ok=True)

    def _copy_etc(self) -> None:
        etc = self.folder / "etc"
        for name in ("supervisord.conf", "gunicorn.conf.py"):
            (etc / name).write_text(self._placed((ROOT / "etc" / name).read_text()))
        (etc / "nginx").mkdir(exist_ok=True)
        for path in (ROOT / "etc" / "nginx").iterdir():
            place = "nginx.d" if path.name == "bigpandamon.conf" else "nginx"
            (etc / place / path.name).write_text(self._placed(path.read_text()))
        shutil.copytree(ROOT / "etc" / "plugins.d", etc / "plugins.d", dirs_exist_ok=True)

    def _placed(self, text: str) -> str:
        for theirs, ours in self._places.items():
            text = text.replace(theirs, ours)
        return text

    @property
    def _places(self) -> Mapping[str, str]:
        """What stands here for what RPMs install."""
        return {
            "/etc/bigpandamon": f"{self.folder}/etc",
            "/usr/bin/bigpandamon": f"{Path(sys.executable).parent}/bigpandamon",
            "/usr/share/bigpandamon": str(self.folder),
            "/var/log/bigpandamon": f"{self.folder}/log",
            "/var/log/nginx": f"{self.folder}/log",
            "/var/cache/nginx/bigpandamon": f"{self.folder}/cache/nginx",
            "/run/bigpandamon": f"{self.folder}/run",
            "listen 80 default_server": f"listen {HOST}:{self.port} default_server",
            "    listen [::]:80 default_server;\n": "",
            "127.0.0.1:8008": f"{HOST}:{self.web}",
        }
