"""What a WSGI server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bigpandamon_core.config.django")
application = get_wsgi_application()

# Imported here: resources can only be imported once Django is set up. A faulty plugin stops the worker now.
from bigpandamon_core.web.loading import registry  # noqa: E402  # pylint: disable=wrong-import-position

registry()
