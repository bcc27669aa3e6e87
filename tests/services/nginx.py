"""A private nginx on loopback, one process."""

import shutil
import signal

from tests.services.folders import make_folder
from tests.services.process import HOST, Process, free_port, listening
from tests.services.programs import program

CONFIGURATION = """daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {http}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""


class Nginx:
    """server: lines of the server block, e.g. locations. http: lines before it. `{folder}` is its folder."""

    def __init__(self, server: str, http: str = ""):
        program_path = program("nginx", "nginx-light")
        self.folder = make_folder("nginx")
        self.port = free_port()
        text = CONFIGURATION.format(folder=self.folder, port=self.port, http=http, server=server)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(text)
        log = self.folder / "log"
        self.process = Process([program_path, "-e", str(log), "-c", str(configuration)], log)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        self.process.start(lambda: listening(self.port))

    def stop(self) -> None:
        self.process.stop(signal.SIGTERM)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)
