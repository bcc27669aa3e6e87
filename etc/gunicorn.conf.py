# ruff: noqa: ERA001  # what is commented out shows a default
# Options of gunicorn beyond those of [web] in bigpandamon.toml (where it listens, processes, threads).
# Each stands here with its default in this service; docs.gunicorn.org tells more of them.

# Requests after which a process ends and another takes its place, at a time of its own; 0: never.
# max_requests = 0
# max_requests_jitter = 0

# For so long a process that is to end may finish its answers, in seconds.
# graceful_timeout = 30

# A process that has not shown itself for so long is ended, in seconds.
# timeout = 30
