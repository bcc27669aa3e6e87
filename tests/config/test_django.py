"""Django's settings as a new process gets them from a file."""

import json
import os
import subprocess
import sys

import pytest

SHOW = """
import json
from django.conf import settings
from bigpandamon_core import config
names = "ALLOWED_HOSTS FORCE_SCRIPT_NAME STATIC_URL TIME_ZONE USE_TZ DEBUG PANDA_STATEMENT_SECONDS".split()
shown = {name: getattr(settings, name) for name in names}
shown["key"] = len(settings.SECRET_KEY)
shown["engines"] = {alias: database["ENGINE"] for alias, database in settings.DATABASES.items()}
shown["title"] = config.current().get("instance.title")
print(json.dumps(shown))
"""


@pytest.fixture
def new_process(file):
    def run(text):
        file.write_text(text)
        environ = os.environ | {
            "BIGPANDAMON_CONFIG": str(file),
            "DJANGO_SETTINGS_MODULE": "bigpandamon_core.config.django",
        }
        words = [sys.executable, "-c", SHOW]
        return subprocess.run(words, capture_output=True, text=True, check=False, env=environ)

    return run


def test_settings_follow_the_file(new_process, folder):
    done = new_process(
        '[paths]\nstate = "state"\n[instance]\ntitle = "Ours"\n[web]\nbase_path = "/monitor"\n'
        'allowed_hosts = ["monitor.example.org"]\n[panda]\nurl = "mariadb://u:p@h/d"\nstatement_seconds = 9\n'
    )
    shown = json.loads(done.stdout)
    assert shown.pop("key") >= 50
    assert shown == {
        "ALLOWED_HOSTS": ["monitor.example.org"],
        "FORCE_SCRIPT_NAME": "/monitor",
        "STATIC_URL": "/monitor/static/",
        "TIME_ZONE": "UTC",
        "USE_TZ": False,
        "DEBUG": False,
        "PANDA_STATEMENT_SECONDS": 9,
        "engines": {
            "default": "django.db.backends.sqlite3",
            "panda": "bigpandamon_core.panda.backends.mysql",
        },
        "title": "Ours",
    }
    assert (folder / "state/secret_key").is_file()


def test_a_process_does_not_start_half_configured(new_process, folder):
    done = new_process('[paths]\nstate = "state"\n[jobs]\nlimit = 0\npage_rows = 0\n')
    assert done.returncode != 0
    assert "jobs.limit" in done.stderr
    assert "jobs.page_rows" in done.stderr
    assert not (folder / "state").exists()
