"""What a WSGI server runs."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bigpandamon_core.config.django")
django.setup(set_prefix=False)

# Imported here: these can only be imported once Django is set up. A faulty plugin stops the worker now.
# pylint: disable=wrong-import-position
from bigpandamon_core.web.below import Below  # noqa: E402
from bigpandamon_core.web.loading import registry  # noqa: E402
from bigpandamon_core.web.request import Handler  # noqa: E402
from bigpandamon_core.web.shortcut import Shortcut  # noqa: E402
from bigpandamon_core.web.static_files import packages  # noqa: E402

registry()
packages()
application = Below(settings.BIGPANDAMON.get("web.base_path"), Shortcut(Handler()))
