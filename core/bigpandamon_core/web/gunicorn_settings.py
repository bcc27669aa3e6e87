"""What gunicorn is always told. It reads this file by its path, and so no gunicorn.conf.py that happens to
lie in the current folder; its master still loads none of our code."""

import gc

# pylint: disable=invalid-name  # gunicorn's names
worker_class = "gthread"
control_socket_disable = True
MANY_OBJECTS = (50_000, 20, 20)
"""A page of a million jobs makes tens of thousands of objects: the collector of cycles looks through them a
few times, not every 700."""


def post_worker_init(_worker: object) -> None:
    """What a worker has loaded by now stays for as long as it lives: the collector passes it over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*MANY_OBJECTS)
