"""Django's settings, all of them from the Configuration. Importing raises its ConfigurationErrors."""

from pathlib import Path

from bigpandamon_core.config.databases import databases
from bigpandamon_core.config.installed import apps, folders
from bigpandamon_core.config.loading import load
from bigpandamon_core.config.logs import logging_settings
from bigpandamon_core.config.secret_key import secret_key

BIGPANDAMON = load()

_CORE = Path(__file__).resolve().parent.parent
_BASE_PATH: str = BIGPANDAMON.get("web.base_path")

SECRET_KEY = secret_key(BIGPANDAMON.get("web.secret_key_file"))
DEBUG = False
ALLOWED_HOSTS = list(BIGPANDAMON.get("web.allowed_hosts"))
FORCE_SCRIPT_NAME = _BASE_PATH or None

INSTALLED_APPS = [
    "bigpandamon_core.panda",
    "bigpandamon_core.state",
    "django.contrib.staticfiles",
    *apps(BIGPANDAMON.switches),
]
ROOT_URLCONF = "bigpandamon_core.web.urls"
WSGI_APPLICATION = "bigpandamon_core.web.wsgi.application"
MIDDLEWARE = ("bigpandamon_core.web.middleware.Headers",)

DATABASES = databases(BIGPANDAMON)
DATABASE_ROUTERS = ["bigpandamon_core.panda.router.PandaRouter"]
PANDA_STATEMENT_SECONDS: int = BIGPANDAMON.get("panda.statement_seconds")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = False
TIME_ZONE = "UTC"
USE_I18N = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_CORE / "templates", *folders(BIGPANDAMON.switches, "templates")],
        "APP_DIRS": False,
        "OPTIONS": {"libraries": {name: f"bigpandamon_core.web.{name}" for name in ("formats", "cells")}},
    }
]

STATIC_URL = f"{_BASE_PATH}/static/"
STATICFILES_DIRS = [_CORE / "static", *folders(BIGPANDAMON.switches, "static")]
STORAGES = {"staticfiles": {"BACKEND": "bigpandamon_core.web.static_files.Addresses"}}

# Answers are kept by bigpandamon_core.caching, which stores bytes only; nothing may pickle into a cache.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

LOGGING_CONFIG = "bigpandamon_core.config.logs.begin"
LOGGING = logging_settings(BIGPANDAMON.get("logging.format"), BIGPANDAMON.get("logging.level"))
