"""What a web server runs."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from tanzhang.config import setup, static_files
from tanzhang.config.kind import refuse_faults
from tanzhang.crypto import self_test

setup(opens=False)  # a site lives without its database; each request opens what is shut
refuse_faults()
self_test()  # a process whose primitives answer wrongly serves nobody
static_files.collect()
application = get_wsgi_application()
_pages = get_resolver().url_patterns  # loaded now, so that the first visitor need not wait
