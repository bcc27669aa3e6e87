"""What gunicorn is always told. It reads this file by its path, and so no gunicorn.conf.py that happens to
lie in the current folder; its master still loads none of our code."""

# pylint: disable=invalid-name  # gunicorn's names
worker_class = "gthread"
control_socket_disable = True
