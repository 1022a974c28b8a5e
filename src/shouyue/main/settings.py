"""Django's settings, from the environment. Every value that a person may change is in environment.py."""

import os
import sys
from pathlib import Path
from typing import Any, cast

from csp.constants import NONE, SELF

from shouyue.main import environment
from shouyue.store.keys import KeyRing

environment.refuse_wrong(os.environ)

PACKAGE = Path(__file__).resolve().parent.parent
DEBUG = cast(bool, environment.read("SHOUYUE_DEBUG"))
# The commands that serve always set the key (main/home.py keeps it); checks and builds of messages need none.
SECRET_KEY = cast(str, environment.read("SHOUYUE_SECRET_KEY")) or "only-for-commands-that-never-serve"
# None where nothing personal is read or written.
SHOUYUE_KEYS = cast("KeyRing | None", environment.read("SHOUYUE_KEYS"))
ALLOWED_HOSTS = cast(list[str], environment.read("SHOUYUE_ALLOWED_HOSTS"))

INSTALLED_APPS = [
    "shouyue.main",
    "shouyue.intake",
    "shouyue.scoreboard",
    "shouyue.surveys",
    "shouyue.membership",
    "shouyue.purchases",
    "shouyue.customers",
    "shouyue.agreement",
    "shouyue.web",
    "shouyue.rest",
    "shouyue.store",
    # The two template libraries must not configure themselves: together they would leave <c-…> uncompiled.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "shouyue.rest.middleware.ApiShell",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouyue.web.portal.middleware.MembersOnly",
    "shouyue.web.middleware.SignInRequired",
    "shouyue.web.middleware.Toasts",
]

ROOT_URLCONF = "shouyue.main.urls"
WSGI_APPLICATION = "shouyue.main.wsgi.application"

# A component sees what it is given, not what the page around it happens to have.
COTTON_ISOLATE_BY_DEFAULT = True
_APP_DIRS = "django.template.loaders.app_directories.Loader"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django_cotton.cotton_loader.Loader", _APP_DIRS],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "shouyue.web.templatetags.show",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouyue.web.context.frame",
            ],
        },
    }
]

_DATABASE = cast("dict[str, str] | None", environment.read("DATABASE_URL"))
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **(_DATABASE or {"NAME": "shouyue"}),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "client_encoding": "UTF8",
            "connect_timeout": 10,
            # For store/prepared.py: a plan that is kept is used from its first time on.
            "options": "-c plan_cache_mode=force_generic_plan",
        },
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""  # jobs are declared through store.jobs, never to the engine itself

AUTH_USER_MODEL = "store.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "shouyue.web.accounts.StaffAccounts"
ACCOUNT_FORMS = {"login": "shouyue.web.forms.SignIn", "change_password": "shouyue.web.forms.ChangePassword"}
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = cast(str, environment.read("SHOUYUE_LANGUAGE"))
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
# The second is where a read-only checkout's catalogue is compiled to.
LOCALE_PATHS = [str(PACKAGE / "main" / "locale"), str(Path(sys.prefix) / "shouyue-locale")]
LANGUAGE_COOKIE_NAME = "shouyue_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = cast(str, environment.read("SHOUYUE_TIME_ZONE"))

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shouyue.web.assets.PrintedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 7 * 24 * 3600  # addresses carry a print of the content

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "shouyue.web.errors.csrf_failed"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

SHOUYUE_CODE_CHANNEL = cast(str, environment.read("SHOUYUE_CODE_CHANNEL"))
SHOUYUE_SMTP = cast("environment.SmtpServer | None", environment.read("SHOUYUE_SMTP_URL"))
SHOUYUE_MAIL_CHANNEL = environment.mail_channel(cast(str, environment.read("SHOUYUE_MAIL_CHANNEL")), SHOUYUE_SMTP)
# None where nobody uploads; the commands that serve set it.
FILES_FOLDER = cast("Path | None", environment.read("SHOUYUE_FILES"))

ALLOW_LOCAL_WEBHOOKS = cast(bool, environment.read("SHOUYUE_ALLOW_LOCAL_WEBHOOKS"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
