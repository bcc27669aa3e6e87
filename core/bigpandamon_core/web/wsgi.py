"""What a WSGI server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bigpandamon_core.config.django")
django = get_wsgi_application()

# Imported here: resources can only be imported once Django is set up. A faulty plugin stops the worker now.
# pylint: disable=wrong-import-position
from bigpandamon_core.web.loading import registry  # noqa: E402
from bigpandamon_core.web.shortcut import Shortcut  # noqa: E402

registry()
application = Shortcut(django)
