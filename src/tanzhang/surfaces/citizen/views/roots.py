"""The log's roots for anybody: a page, each root as a file, the proof between two, the keys."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanzhang.apps.ledger import api as ledger
from tanzhang.apps.people.api import installation
from tanzhang.config.own_keys import key_store
from tanzhang.crypto import Purpose
from tanzhang.problems import Problem
from tanzhang.proofs import canonical, key_file

LISTED = 20


@require_safe
def roots(request: HttpRequest) -> HttpResponse:
    """What a root is, and the latest of them."""
    found = ledger.latest_roots(LISTED)
    older = found[-1].size if len(found) > 1 else None
    return render(
        request,
        "citizen/roots.html",
        {"roots": found, "installation": installation().id_text, "older": older},
    )


@require_safe
def root(request: HttpRequest, size: str) -> HttpResponse:
    """One root, as it was signed; ``latest`` for the youngest."""
    found = ledger.latest_root() if size == "latest" else _root_of_size(int(size))
    if found is None:
        raise Http404
    return _document(found.document)


@require_safe
def consistency(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """The proof that the newer root keeps every entry of the older."""
    try:
        return _document(canonical(ledger.consistency(int(old), int(new))))
    except Problem as problem:
        if problem.code in ("ledger.root_unknown", "ledger.roots_backwards"):
            raise Http404 from None
        raise


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The key file, with which every document of this installation is verified."""
    store = key_store()
    for purpose in (Purpose.SIGN, Purpose.ROOT):
        store.current(purpose)  # the first keys are made when they are first asked for
    return _document(key_file(installation().id_text, store.published()))


def _root_of_size(size: int) -> ledger.RootEntry | None:
    try:
        return ledger.root_of_size(size)
    except Problem as problem:
        if problem.code == "ledger.root_unknown":
            return None
        raise


def _document(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/json")
