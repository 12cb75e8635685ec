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
from tanzhang.apps.people.installation import (
    InstallationEntry,
    installation,
    mark_installation,
)
from tanzhang.apps.people.listing import ConsentWindow, OpenedAccount, consents_of, latest_accounts
from tanzhang.apps.people.models import Kind
from tanzhang.apps.people.opening import Opening, link_phone, open_account
from tanzhang.apps.people.phones import phone_index
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
from tanzhang.apps.people.settlement import joined_days, person_keys
from tanzhang.apps.people.sharing import (
    Reading,
    Share,
    note_reading,
    readings_of,
    share,
    shares_of,
    stop_sharing,
)
from tanzhang.apps.people.wording import SHARE_BALANCE, Paragraph, Wording, current_wording

__all__ = [
    "SHARE_BALANCE",
    "AccountEntry",
    "AskedCode",
    "Chain",
    "Channel",
    "ConsentWindow",
    "InstallationEntry",
    "Kind",
    "LinkedChannel",
    "OpenedAccount",
    "Opening",
    "Paragraph",
    "Reader",
    "ReaderKind",
    "ReaderPage",
    "Reading",
    "Share",
    "SourceConsent",
    "Wording",
    "account",
    "account_by_ref",
    "account_numbered",
    "accounts",
    "accounts_of_subject",
    "ask_code",
    "blank_reasons",
    "channels_of",
    "check_code",
    "codes_are_shown",
    "consent_windows",
    "consents_of",
    "current_wording",
    "enrol",
    "enter",
    "follow_accesses",
    "grant",
    "handles",
    "identify",
    "installation",
    "installation_secret",
    "joined_days",
    "latest_accounts",
    "link",
    "link_phone",
    "linked_accounts",
    "mark_installation",
    "note_access",
    "note_reading",
    "open_account",
    "person_keys",
    "person_refs",
    "phone_index",
    "readers_of",
    "readings_of",
    "share",
    "shares_of",
    "sources_of",
    "stop_sharing",
    "subject_index",
    "unlink",
    "withdraw",
]
