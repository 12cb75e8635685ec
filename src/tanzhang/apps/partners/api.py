"""The front door of this room.

A call over the partner API goes through these in this order: ``caller``, the signature,
``burn_nonce``, ``agreement``, ``allow``, ``idempotency.begin`` … ``idempotency.finish``, and
``note_call`` whatever came of it. All of them refuse by a ``Problem``; a database that cannot be
reached raises its own error, and then nobody is served.
"""

from __future__ import annotations

from tanzhang.apps.partners import idempotency
from tanzhang.apps.partners.agreements import (
    AgreementEntry,
    Terms,
    agree,
    agreement,
    agreements,
    end_agreement,
)
from tanzhang.apps.partners.callers import Caller, caller
from tanzhang.apps.partners.calls import (
    SERVED,
    Call,
    CallLine,
    Counts,
    Usage,
    calls,
    note_call,
    usage,
)
from tanzhang.apps.partners.entry import oidc
from tanzhang.apps.partners.entry.claims import (
    PADDED_BYTES,
    Claims,
    claims_in,
    holding,
    parse_claims,
    write_claims,
)
from tanzhang.apps.partners.entry.links import (
    EntryLink,
    parse_link,
    read_link,
    sign_link,
    unpacked,
    use_link,
)
from tanzhang.apps.partners.entry.providers import Provider, provider_of, set_provider
from tanzhang.apps.partners.erasing import forget_answers, hold_promises, reduce_messages
from tanzhang.apps.partners.keys import (
    KeyEntry,
    add_key,
    compromised_keys,
    key_owner,
    partner_keys,
    revoke_key,
    rotate_key,
)
from tanzhang.apps.partners.models import AgreementKind, DeliveryState, IdTime, Purpose, Standing
from tanzhang.apps.partners.nonces import AHEAD, OLDEST, burn_nonce, is_in_window
from tanzhang.apps.partners.quotas import QuotaState, allow, allow_items, allow_today, items_today
from tanzhang.apps.partners.selectors import PartnerEntry, partner, partner_codes
from tanzhang.apps.partners.services import create_partner, ensure_partner
from tanzhang.apps.partners.standing import (
    StandingChange,
    close,
    refuse_unserved,
    resume,
    standing,
    standing_changes,
    standings,
    suspend,
)
from tanzhang.apps.partners.tidying import forget_what_is_over
from tanzhang.apps.partners.titles import PartnerLine, partner_lines
from tanzhang.apps.partners.webhooks.courier import run as carry
from tanzhang.apps.partners.webhooks.endpoints import (
    EndpointEntry,
    close_endpoint,
    endpoint_secret,
    endpoints,
    open_endpoint,
)
from tanzhang.apps.partners.webhooks.messages import (
    DeliveryLine,
    deliveries,
    replay,
    replay_between,
    tell,
)
from tanzhang.apps.partners.webhooks.promises import keep_promises, promise

__all__ = [
    "AHEAD",
    "OLDEST",
    "PADDED_BYTES",
    "SERVED",
    "AgreementEntry",
    "AgreementKind",
    "Call",
    "CallLine",
    "Caller",
    "Claims",
    "Counts",
    "DeliveryLine",
    "DeliveryState",
    "EndpointEntry",
    "EntryLink",
    "IdTime",
    "KeyEntry",
    "PartnerEntry",
    "PartnerLine",
    "Provider",
    "Purpose",
    "QuotaState",
    "Standing",
    "StandingChange",
    "Terms",
    "Usage",
    "add_key",
    "agree",
    "agreement",
    "agreements",
    "allow",
    "allow_items",
    "allow_today",
    "burn_nonce",
    "caller",
    "calls",
    "carry",
    "claims_in",
    "close",
    "close_endpoint",
    "compromised_keys",
    "create_partner",
    "deliveries",
    "end_agreement",
    "endpoint_secret",
    "endpoints",
    "ensure_partner",
    "forget_answers",
    "forget_what_is_over",
    "hold_promises",
    "holding",
    "idempotency",
    "is_in_window",
    "items_today",
    "keep_promises",
    "key_owner",
    "note_call",
    "oidc",
    "open_endpoint",
    "parse_claims",
    "parse_link",
    "partner",
    "partner_codes",
    "partner_keys",
    "partner_lines",
    "promise",
    "provider_of",
    "read_link",
    "reduce_messages",
    "refuse_unserved",
    "replay",
    "replay_between",
    "resume",
    "revoke_key",
    "rotate_key",
    "set_provider",
    "sign_link",
    "standing",
    "standing_changes",
    "standings",
    "suspend",
    "tell",
    "unpacked",
    "usage",
    "use_link",
    "write_claims",
]
