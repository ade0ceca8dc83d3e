"""The composition root: every setting, read from the environment once. `.env.example` names them all."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal.api import framework
from portal.embedded import broker, secrets

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
ERROR_CATALOGUE = "/developers/errors/"  # the page that says of each error's code what it means; problems link to it
GATE_URL = env.str("GATE_URL", default="http://localhost:8001/gate").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
SECURE = SITE_URL.startswith("https://")

_given = [env.str(name, default="") for name in ("SECRET_KEY", "VAULT_MASTER_KEYS", "VAULT_INDEX_KEY")]
_local = None if all(_given) else secrets.ensure(DATA_DIR)
SECRET_KEY = _local["secret_key"] if _local and not _given[0] else _given[0]
# Newest first: "id:base64-of-32-bytes,…". The first wraps, all unwrap.
VAULT_MASTER_KEYS = _local["vault_master_keys"] if _local and not _given[1] else env.list("VAULT_MASTER_KEYS")
# Blind indexes and the template rotation cannot be re-keyed without the plain values: their key stands apart.
VAULT_INDEX_KEY = _local["vault_index_key"] if _local and not _given[2] else _given[2]
# Private keys on P-256, newest first: a JWK Set, PEM, or the path of a file with either. "" draws one in DATA_DIR.
SIGNING_KEYS = env.str("SIGNING_KEYS", default="", multiline=True)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's pages of passkeys and sessions load it
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "crispy_forms",
    "crispy_bootstrap5",
    "heroicons",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "portal.vault",
    "portal.audit",
    "portal.outbox",
    "portal.signing",
    "portal.accounts",
    "portal.letters",
    "portal.keeping",
    "portal.api",
    "portal.feed",
    "portal.platforms",
    "portal.webhooks",
    "portal.embedded",
    "verification",
    "verification.organisations",
    "verification.guardians",
    "verification.renewals",
    "registry.personas",
    "registry.consent",
    "registry.issuing",
    "registry.labels",
    "registry.sandbox",
    "registry.statuslist",
    "registry.certificates",
    "registry.record",
    "registry.complaints",
    "registry.events",
    "registry.gate",
    "registry.developers",
    "registry.api",
    "registry.desk",
    "registry.home",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.kit.problems.ProblemMiddleware",
    "portal.kit.uploads.UploadLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.accounts.middleware.ActorMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "portal.accounts.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "heroicons.templatetags.heroicons",
            ],
        },
    }
]
COTTON_DIR = "elements"

# Without DATABASE_URL, manage.py and the test plugin start the embedded PostgreSQL and set it.
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://postgres@localhost/registry")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=0)
if env.bool("DATABASE_POOL", default=False):
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=8)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or broker.URL
# A web request does not wait for a dead broker: the sweep finds the row.
_IMPATIENT = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(DATA_DIR) if CELERY_BROKER_URL == broker.URL else _IMPATIENT
CELERY_TASK_IGNORE_RESULT = True
# Relays wait for strangers' servers: a worker of their own, so that a slow one holds up nobody's verification.
CELERY_TASK_ROUTES = {name: {"queue": "relays"} for name in ("outbox.relay", "webhooks.relay", "portal.embedded.tasks.beat_relays")}
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_000_000  # KiB
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "portal.embedded.tasks.beat", "schedule": 5.0},
    "heartbeat_relays": {"task": "portal.embedded.tasks.beat_relays", "schedule": 5.0},
    "sweep": {"task": "portal.kit.jobs.sweep", "schedule": 5.0},
    "purge": {"task": "portal.keeping.tasks.purge", "schedule": 60.0},  # asks whether a day has passed
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/home/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
MFA_TOTP_ISSUER = "Virtual Human Registry"
USERSESSIONS_TRACK_ACTIVITY = False
# Platforms' access tokens: opaque, an hour, by a secret alone. Only the addresses of portal.accounts.oauth are mounted.
IDP_OIDC_ADAPTER = "portal.accounts.oauth.OAuthAdapter"
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_ACCESS_TOKEN_FORMAT = "opaque"  # noqa: S105 – a form, no password
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
GATE_REQUESTS_A_MINUTE = env.int("GATE_REQUESTS_A_MINUTE", default=600)  # of one key, in one gate process

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(SECURE_PROXY_SSL_HEADER is not None)  # rate limits count the visitor, not the proxy
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY = {"camera": ["self"], "microphone": [], "geolocation": [], "payment": [], "usb": []}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Virtual Human Registry <registry@localhost>")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA_DIR / "vault"  # sealed bytes only; nothing serves it
_vault_storage = env.json("VAULT_STORAGE", default={"BACKEND": "django.core.files.storage.FileSystemStorage"})
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "vault": _vault_storage,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Who is asked whether a name and a number belong together: "", "tencent", "alibaba" or "network_id" (docs/authorities.md).
AUTHORITY = env.str("AUTHORITY", default="")
AUTHORITY_KEY_ID = env.str("AUTHORITY_KEY_ID", default="")
AUTHORITY_KEY_SECRET = env.str("AUTHORITY_KEY_SECRET", default="")
AUTHORITY_ENDPOINT = env.str("AUTHORITY_ENDPOINT", default="")
AUTHORITY_CA_FILE = env.str("AUTHORITY_CA_FILE", default="")
AUTHORITY_FACE = env.str("AUTHORITY_FACE", default="")
AUTHORITY_RECIPIENT = env.str("AUTHORITY_RECIPIENT", default="")  # who gets the face and how to reach them, for the consent page

# Webhooks (docs/events.md): who may be told on this machine itself, on which ports beside 443 and 8443, through whom.
WEBHOOK_LOOPBACK = env.bool("WEBHOOK_LOOPBACK", default=DEMO)
WEBHOOK_PORTS = env.list("WEBHOOK_PORTS", default=[])
WEBHOOK_EGRESS_PROXY = env.str("WEBHOOK_EGRESS_PROXY", default="")
WEBHOOK_CA_FILE = env.str("WEBHOOK_CA_FILE", default="")

# The API (docs/api.md): how often one platform may call, the shortest window first (name, requests, seconds).
API_QUOTAS = [("burst", env.int("API_BURST", default=120), 60), ("daily", env.int("API_DAILY", default=50_000), 86_400)]
REST_FRAMEWORK, SPECTACULAR_SETTINGS = framework.REST_FRAMEWORK, framework.reference(SITE_URL)

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "portal.kit.logs.WithoutTokens"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
