"""Addresses of this surface. None names a partner: whoever looks belongs to one."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from tanzhang.surfaces.portal.views import (
    batches,
    calls,
    keys,
    log_in,
    overview,
    questions,
    reconciliation,
    webhooks,
)

app_name = "portal"

_KEY = r"^keys/(?P<key_id>[0-9A-F]{16})/"
_ADDRESS = r"^messages/(?P<number>[0-9]{1,9})/"
_DAY = r"^days/(?P<day>\d{4}-\d{2}-\d{2})/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("actions/", overview.actions, name="actions"),
    path("log-in/", log_in.log_in, name="log_in"),
    path("log-out/", log_in.log_out, name="log_out"),
    path("password/", log_in.password, name="password"),
    path("keys/", keys.keys, name="keys"),
    path("keys/add/", keys.add, name="key_add"),
    re_path(_KEY + "$", keys.key, name="key"),
    re_path(_KEY + "revoke/$", keys.revoke, name="key_revoke"),
    path("calls/", calls.calls, name="calls"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<uuid:batch_id>/", batches.batch, name="batch"),
    path("batches/<uuid:batch_id>/receipt/", batches.receipt, name="receipt"),
    path("events/", batches.event, name="event"),
    path("messages/", webhooks.webhooks, name="webhooks"),
    path("messages/open/", webhooks.open_address, name="webhook_open"),
    re_path(_ADDRESS + "close/$", webhooks.close_address, name="webhook_close"),
    path("messages/replay/", webhooks.replay, name="replay"),
    path("messages/replay-span/", webhooks.replay_span, name="replay_span"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:number>/answer/", questions.answer, name="question_answer"),
    path("days/", reconciliation.reconciliation, name="reconciliation"),
    re_path(_DAY + "$", reconciliation.day, name="day"),
    re_path(_DAY + "compare/$", reconciliation.compare, name="compare"),
    re_path(_DAY + "statement/$", reconciliation.statement, name="statement"),
    re_path(_DAY + "detail/$", reconciliation.detail, name="detail"),
]
