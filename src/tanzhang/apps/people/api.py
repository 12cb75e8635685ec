"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.people.access.chain import Chain, follow_accesses
from tanzhang.apps.people.access.models import ReaderKind
from tanzhang.apps.people.access.noting import blank_reasons, note_access
from tanzhang.apps.people.access.reading import Reader, ReaderPage, readers_of
from tanzhang.apps.people.channels.logins import (
    Channel,
    LinkedChannel,
    channels_of,
    enter,
    link,
    subject_index,
    unlink,
)
from tanzhang.apps.people.channels.platforms import identify
from tanzhang.apps.people.codes import AskedCode, ask_code, check_code
from tanzhang.apps.people.consent import SourceConsent, grant, sources_of, withdraw
from tanzhang.apps.people.exporting.making import (
    as_csv,
    column_title,
    gather,
    not_included,
    section_title,
)
from tanzhang.apps.people.exporting.sections import day_of, day_text, instant_text, rows_of
from tanzhang.apps.people.installation import (
    InstallationEntry,
    installation,
    mark_installation,
)
from tanzhang.apps.people.links import (
    LinkEntry,
    end_link,
    every_link,
    link_subjects,
    links_of,
    person_of,
    withdraw_link,
)
from tanzhang.apps.people.listing import ConsentWindow, OpenedAccount, consents_of, latest_accounts
from tanzhang.apps.people.models import Kind
from tanzhang.apps.people.opening import Opening, link_phone, open_account
from tanzhang.apps.people.phone_logins import account_of_phone, phone_indexes
from tanzhang.apps.people.privacy import (
    Cursor,
    Kept,
    LeftOut,
    everything_kept,
    everything_left_out,
    leave_out,
    register,
)
from tanzhang.apps.people.providers import codes_are_shown
from tanzhang.apps.people.selectors import (
    AccountEntry,
    account,
    account_by_ref,
    account_numbered,
    accounts,
    accounts_of_subject,
    consent_windows,
    installation_secret,
    linked_accounts,
)
from tanzhang.apps.people.services import enrol, handles, person_refs
from tanzhang.apps.people.settlement import joined_days, person_keys, points_units
from tanzhang.apps.people.sharing import (
    Reading,
    Share,
    note_reading,
    readings_of,
    share,
    shares_of,
    stop_sharing,
)
from tanzhang.apps.people.subjects.groups import (
    NewGroup,
    invite,
    invited_to,
    join_group,
    leave_group,
    make_group,
    open_group,
    remove_member,
    withdraw_invitations,
)
from tanzhang.apps.people.subjects.kinds import MADE_BY_CITIZENS, AccountKind, kind_of
from tanzhang.apps.people.subjects.membership import (
    Joining,
    MemberDays,
    add_member,
    change_membership,
    end_membership,
    members_over,
)
from tanzhang.apps.people.subjects.models import Role
from tanzhang.apps.people.subjects.reading import (
    MembershipEntry,
    belongs_to,
    members_of,
    role_in,
    shown_shares,
)
from tanzhang.apps.people.vault import api as vault
from tanzhang.apps.people.wording import SHARE_BALANCE, Paragraph, Wording, current_wording

__all__ = [
    "MADE_BY_CITIZENS",
    "SHARE_BALANCE",
    "AccountEntry",
    "AccountKind",
    "AskedCode",
    "Chain",
    "Channel",
    "ConsentWindow",
    "Cursor",
    "InstallationEntry",
    "Joining",
    "Kept",
    "Kind",
    "LeftOut",
    "LinkEntry",
    "LinkedChannel",
    "MemberDays",
    "MembershipEntry",
    "NewGroup",
    "OpenedAccount",
    "Opening",
    "Paragraph",
    "Reader",
    "ReaderKind",
    "ReaderPage",
    "Reading",
    "Role",
    "Share",
    "SourceConsent",
    "Wording",
    "account",
    "account_by_ref",
    "account_of_phone",
    "account_numbered",
    "accounts",
    "accounts_of_subject",
    "add_member",
    "as_csv",
    "ask_code",
    "belongs_to",
    "blank_reasons",
    "change_membership",
    "channels_of",
    "check_code",
    "codes_are_shown",
    "column_title",
    "consent_windows",
    "consents_of",
    "current_wording",
    "day_of",
    "day_text",
    "end_link",
    "end_membership",
    "enrol",
    "enter",
    "every_link",
    "everything_kept",
    "everything_left_out",
    "follow_accesses",
    "gather",
    "grant",
    "handles",
    "identify",
    "installation",
    "installation_secret",
    "instant_text",
    "invite",
    "invited_to",
    "join_group",
    "joined_days",
    "kind_of",
    "latest_accounts",
    "leave_group",
    "leave_out",
    "link",
    "link_phone",
    "link_subjects",
    "linked_accounts",
    "links_of",
    "make_group",
    "mark_installation",
    "members_of",
    "members_over",
    "not_included",
    "note_access",
    "note_reading",
    "open_account",
    "open_group",
    "person_keys",
    "person_of",
    "person_refs",
    "phone_indexes",
    "points_units",
    "readers_of",
    "readings_of",
    "register",
    "remove_member",
    "role_in",
    "rows_of",
    "section_title",
    "share",
    "shares_of",
    "shown_shares",
    "sources_of",
    "stop_sharing",
    "subject_index",
    "unlink",
    "vault",
    "withdraw",
    "withdraw_invitations",
    "withdraw_link",
]
