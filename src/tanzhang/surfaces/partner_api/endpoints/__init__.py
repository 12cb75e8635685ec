"""What partners can ask for, one file a subject; ``RULES`` is what the gate knows of each.

A further subject is a further file with a ``router`` and its ``RULES``, named in ``SUBJECTS``.
"""

from __future__ import annotations

from tanzhang.surfaces.partner_api.endpoints import (
    balances,
    batches,
    description,
    events,
    keys,
    ping,
    reconciliation,
    webhooks,
)
from tanzhang.surfaces.partner_api.rules import Rule

SUBJECTS = (ping, batches, events, reconciliation, webhooks, balances, keys, description)

#: By Django's route, such as ``v1/events:batch``, and method.
RULES: dict[str, dict[str, Rule]] = {}
for subject in SUBJECTS:
    for (method, path), rule in subject.RULES.items():
        RULES.setdefault(f"v1/{path}", {})[method] = rule
