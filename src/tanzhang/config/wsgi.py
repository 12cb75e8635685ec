"""What a web server runs."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from tanzhang.config import setup, static_files

setup()
static_files.collect()
application = get_wsgi_application()
