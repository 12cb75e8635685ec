"""What a web server runs."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from tanzhang.config import setup

setup()
application = get_wsgi_application()
