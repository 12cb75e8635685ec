"""Who may do what to which table.

Three roles exist everywhere: the owner migrates, the app works, the auditor reads. What is posted
stays posted because the app *cannot* update or delete it, whatever its code says.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

APP: Final = "tanzhang_app"
AUDITOR: Final = "tanzhang_auditor"

#: Tables that the app adds rows to, and nothing else.
APPEND_ONLY: Final = (
    "account",
    "account_state",
    "act_signal",
    "activation",
    "activation_decision",
    "activation_item",
    "activity",
    "agreement",
    "agreement_end",
    "appeal",
    "appeal_step",
    "audit_finding",
    "audit_pick",
    "batch",
    "batch_body",
    "batch_item",
    "carried_away",
    "carried_entry",
    "carried_statement",
    "child",
    "consent_giving",
    "consent_text",
    "console_action",
    "cut",
    "disclosure",
    "erased_leaf",
    "erased_line",
    "erasure",
    "event_identity",
    "identity_case",
    "identity_case_step",
    "identity_decision",
    "identity_event",
    "identity_proposal",
    "identity_vouch",
    "impact_assessment",
    "impact_decision",
    "impact_end",
    "incident",
    "incident_step",
    "joining_ground",
    "joining_record",
    "known_installation",
    "limit_name",
    "log_entry",
    "log_root",
    "log_tile",
    "master_key",
    "own_count",
    "pack",
    "partner_call",
    "partner_link",
    "partner_standing",
    "piece",
    "piece_settlement",
    "portal_action",
    "programme",
    "quarantine",
    "quarantine_decision",
    "reconciliation_file",
    "reconciliation_part",
    "rights_request",
    "rights_step",
    "sanction",
    "stage_change",
    "stage_decision",
    "subject",
    "survey_reply",
    "suspect_clearance",
    "suspect_event",
    "suspicion",
    "suspicion_decision",
    "suspicion_proposal",
    "suspicion_step",
    "used_nonce",
    "watch",
    "watch_end",
    "webhook_message",
)

#: Tables whose rows the app also changes.
UPDATED: Final = (
    "balance",
    "channel_login",
    "claim",
    "claim_rival",
    "idempotency",
    "last_log_in",
    "one_time_code",
    "pack_version",
    "partner",
    "partner_key",
    "partner_oidc",
    "people_list_entry",
    "personal_field",
    "phone_login",
    "piece_queue",
    "points_lot",
    "programme_version",
    "quota_use",
    "scene",
    "source_balance",
    "source_file",
    "webhook_delivery",
    "webhook_endpoint",
    "webhook_promise",
)

#: Tables that the app adds rows to, and in whose rows it changes these columns alone.
PARTLY_UPDATED: Final = {
    "access_log": ("reason",),
    "cohort_member": ("left_at",),
    "consent": ("to_us",),
    "invitation": ("used_at", "withdrawn_at"),
    "membership": ("to_day", "ended_at", "ended_by"),
    "partner_link": ("phone_told",),
    "photo_evidence": ("picture",),
    "index_key": ("master_id", "sealed"),
    "installation_secret": ("master_id", "sealed"),
    "person_key": ("master_id", "sealed", "destroyed_at"),
    "portal_member": ("role", "password_is_temporary"),
    "subject_link": ("to_day", "withdrawn_at", "undone_why"),
    "survey_count": ("chosen", "waiting"),
}

#: Tables whose rows the app also takes away.
EMPTIED: Final = (
    "channel_login",
    "claim",
    "claim_rival",
    "idempotency",
    "index_key",
    "one_time_code",
    "people_list_entry",
    "personal_field",
    "phone_login",
    "piece_queue",
    "source_file",
    "webhook_promise",
)

#: Functions of the owner that the app may call.
FUNCTIONS: Final = (
    "ensure_months(integer[])",
    "forget_accesses()",
    "forget_batch_bodies()",
    "forget_batch_bodies(timestamptz)",
    "forget_calls()",
    "forget_calls(timestamptz)",
    "forget_nonces()",
    "forget_actions(bigint)",
    "forget_notes(bigint)",
    "forget_subject(bigint, bytea, bigint[], text[])",
    "forget_words(bigint)",
    "reduce_batch(bigint, uuid, bytea)",
    "reduce_count(bigint, bigint, bytea)",
    "reduce_message(bigint, bigint, bytea)",
    "reduce_part(bigint, smallint, integer, integer, bytea)",
    "forget_signals()",
    "forget_signals_of(bigint)",
)

#: Tables of Django's own rooms (console log-ins, sessions, attempts to log in): all rights.
SITE: Final = (
    "auth_group",
    "auth_group_permissions",
    "auth_user",
    "auth_user_groups",
    "auth_user_user_permissions",
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_admin_log",
    "django_session",
)

#: What the auditor sees of tables that hold secrets.
PUBLIC_COLUMNS: Final = {
    "channel_login": ("channel", "account_id", "subject_id", "linked_at"),
    "index_key": ("id", "made_at", "master_id"),
    "installation_secret": ("id", "made_at", "master_id"),
    "invitation": ("id", "group_id", "made_by_id", "made_at", "expires_at"),
    "master_key": ("id", "made_at", "key_id"),
    "one_time_code": ("id", "made_at", "expires_at", "used_at", "attempts"),
    "person_key": ("subject_id", "made_at", "master_id", "destroyed_at"),
    "personal_field": ("subject_id", "field", "stored_at"),
    "people_list_entry": ("programme_id", "list", "index_key_id", "loaded_at"),
    "phone_login": ("account_id", "subject_id", "linked_at"),
    "subject": ("id",),
}


class Connection(Protocol):
    """What psycopg's and Django's connections have in common."""

    def cursor(self) -> AbstractContextManager[Any]: ...


def grant_rights(connection: Connection) -> None:
    """Give both roles exactly these rights; run as the owner after every migration.

    Month partitions need no rights of their own: they are reached through their parents.
    """
    with connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)


def statements() -> list[str]:
    """The statements that take all rights away and grant those of this module."""
    roles = f"{APP}, {AUDITOR}"
    return [
        f"revoke all on all tables in schema public from {roles}",
        f"revoke all on all sequences in schema public from {roles}",
        f"revoke all on all functions in schema public from {roles}",
        *(
            f"revoke all ({', '.join(columns)}) on {table} from {AUDITOR}"
            for table, columns in PUBLIC_COLUMNS.items()
        ),
        f"grant select on all tables in schema public to {roles}",
        *(f"revoke select on {table} from {AUDITOR}" for table in (*PUBLIC_COLUMNS, *SITE)),
        *(
            f"grant select ({', '.join(columns)}) on {table} to {AUDITOR}"
            for table, columns in PUBLIC_COLUMNS.items()
        ),
        f"grant insert on {', '.join((*APPEND_ONLY, *UPDATED, *PARTLY_UPDATED))} to {APP}",
        *(
            f"grant update ({', '.join(columns)}) on {table} to {APP}"
            for table, columns in PARTLY_UPDATED.items()
        ),
        f"grant update on {', '.join(UPDATED)} to {APP}",
        f"grant delete on {', '.join(EMPTIED)} to {APP}",
        f"grant insert, update, delete on {', '.join(SITE)} to {APP}",
        f"grant usage on all sequences in schema public to {APP}",
        f"grant execute on function {', '.join(FUNCTIONS)} to {APP}",
    ]
