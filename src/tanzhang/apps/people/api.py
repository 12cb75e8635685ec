"""The front door of this room."""

from __future__ import annotations

from tanzhang.apps.people.access.chain import Chain as Chain, follow_accesses as follow_accesses
from tanzhang.apps.people.access.models import ReaderKind as ReaderKind
from tanzhang.apps.people.access.noting import note_access as note_access
from tanzhang.apps.people.access.reading import (
    Reader as Reader,
    readers_of as readers_of,
)
from tanzhang.apps.people.access.telling import (
    fields_in_words as fields_in_words,
    purpose_in_words as purpose_in_words,
    reader_in_words as reader_in_words,
)
from tanzhang.apps.people.channels.logins import (
    Channel as Channel,
    channels_of as channels_of,
    enter as enter,
    link as link,
    subject_index as subject_index,
    unlink as unlink,
)
from tanzhang.apps.people.channels.platforms import identify as identify
from tanzhang.apps.people.codes import (
    AskedCode as AskedCode,
    ask_code as ask_code,
    check_code as check_code,
    spend_code as spend_code,
    use_code as use_code,
)
from tanzhang.apps.people.consenting.assessments import (
    AssessmentEntry as AssessmentEntry,
    Proposal as Proposal,
    approve_assessment as approve_assessment,
    assess_fictitious as assess_fictitious,
    assessment as assessment,
    assessments as assessments,
    certificate as certificate,
    end_assessment as end_assessment,
    propose_assessment as propose_assessment,
    refuse_assessment as refuse_assessment,
    withdraw_assessment as withdraw_assessment,
)
from tanzhang.apps.people.consenting.children import (
    may_agree as may_agree,
    needs_guardian as needs_guardian,
)
from tanzhang.apps.people.consenting.giving import (
    Press as Press,
    grant as grant,
    withdraw as withdraw,
)
from tanzhang.apps.people.consenting.history import (
    ConsentLine as ConsentLine,
    SourceConsent as SourceConsent,
    consent_history as consent_history,
    consents_given_for_children as consents_given_for_children,
    sources_of as sources_of,
)
from tanzhang.apps.people.consenting.models import PURPOSES as PURPOSES
from tanzhang.apps.people.consenting.processing import (
    BALANCE_FIELDS as BALANCE_FIELDS,
    HOME as HOME,
    coverage as coverage,
    refuse_abroad as refuse_abroad,
)
from tanzhang.apps.people.consenting.purposes import (
    COLLECT as COLLECT,
    CROSS_BORDER as CROSS_BORDER,
    GUARDIAN as GUARDIAN,
    PHOTO as PHOTO,
    SENSITIVE as SENSITIVE,
    SHARE as SHARE,
    Purpose as Purpose,
    purposes as purposes,
)
from tanzhang.apps.people.consenting.sharing import (
    Reading as Reading,
    Share as Share,
    note_reading as note_reading,
    readings_of as readings_of,
    share as share,
    shares_of as shares_of,
    stop_sharing as stop_sharing,
)
from tanzhang.apps.people.consenting.thresholds import measured_thresholds as measured_thresholds
from tanzhang.apps.people.consenting.volumes import volumes as volumes
from tanzhang.apps.people.consenting.windows import (
    consent_live as consent_live,
    consent_windows as consent_windows,
    lock_source as lock_source,
)
from tanzhang.apps.people.consenting.wording import (
    SHARE_BALANCE as SHARE_BALANCE,
    Wording as Wording,
    current_wording as current_wording,
    record_texts as record_texts,
    wording_of as wording_of,
    wordings as wordings,
)
from tanzhang.apps.people.erasure import erasure_checks as erasure_checks
from tanzhang.apps.people.erasure.closing import (
    close_account as close_account,
    overdue_closings as overdue_closings,
    subjects_to_erase as subjects_to_erase,
)
from tanzhang.apps.people.erasure.erasing import (
    Erased as Erased,
    erase as erase,
    references_of as references_of,
)
from tanzhang.apps.people.erasure.journal import Journal as Journal, Line as Line
from tanzhang.apps.people.erasure.meanwhile import stay as stay
from tanzhang.apps.people.erasure.models import State as State
from tanzhang.apps.people.erasure.replaying import last_erased as last_erased, replay as replay
from tanzhang.apps.people.erasure.states import (
    BY_SANCTION as BY_SANCTION,
    Standing as Standing,
    account_state as account_state,
    ended_accounts as ended_accounts,
    hold_states as hold_states,
    lift_restriction as lift_restriction,
    set_account_state as set_account_state,
    state_beneath as state_beneath,
    state_history as state_history,
)
from tanzhang.apps.people.erasure.words import (
    words_about as words_about,
    words_of_account as words_of_account,
)
from tanzhang.apps.people.exporting.making import (
    Names as Names,
    as_csv as as_csv,
    column_title as column_title,
    gather as gather,
    not_included as not_included,
)
from tanzhang.apps.people.exporting.sections import (
    day_of as day_of,
    day_text as day_text,
    instant_text as instant_text,
    plain as plain,
    rows_of as rows_of,
)
from tanzhang.apps.people.identity.cases import (
    CaseEntry as CaseEntry,
    StepLine as StepLine,
    cancel_recovery as cancel_recovery,
    case_steps as case_steps,
    cases_of as cases_of,
    identity_case as identity_case,
    latest_cases as latest_cases,
    open_recovery as open_recovery,
)
from tanzhang.apps.people.identity.dying import (
    KIN_RIGHTS as KIN_RIGHTS,
    decide_case as decide_case,
    report_death as report_death,
    use_kin_right as use_kin_right,
)
from tanzhang.apps.people.identity.events import (
    IdentityEntry as IdentityEntry,
    identity_history as identity_history,
    note_identity as note_identity,
    quiet_until as quiet_until,
)
from tanzhang.apps.people.identity.log_ins import (
    Admitted as Admitted,
    Way as Way,
    admit as admit,
    dormant_after as dormant_after,
    refuse_asleep as refuse_asleep,
    refuse_ended as refuse_ended,
    wake as wake,
)
from tanzhang.apps.people.identity.models import (
    CaseKind as CaseKind,
    EventKind as EventKind,
    Step as Step,
)
from tanzhang.apps.people.identity.numbers import (
    change_number as change_number,
    has_phone as has_phone,
    host_stands_for_it as host_stands_for_it,
    prove_old_number as prove_old_number,
    take_number as take_number,
)
from tanzhang.apps.people.identity.proposals import (
    decide_step as decide_step,
    proposals_in as proposals_in,
    propose_step as propose_step,
)
from tanzhang.apps.people.identity.recovering import (
    Recovery as Recovery,
    ask_recovery as ask_recovery,
    check_documents as check_documents,
    come_back as come_back,
    refuse_case as refuse_case,
    waiting_time as waiting_time,
)
from tanzhang.apps.people.identity.staying import times_ended as times_ended
from tanzhang.apps.people.identity.vouching import (
    ADULT as ADULT,
    FACTORS as FACTORS,
    identity_digest as identity_digest,
    identity_digests as identity_digests,
    shared_factor as shared_factor,
    shows_of_age as shows_of_age,
    vouch as vouch,
    vouch_of_age as vouch_of_age,
    vouchers as vouchers,
)
from tanzhang.apps.people.installation import (
    InstallationEntry as InstallationEntry,
    installation as installation,
    mark_installation as mark_installation,
)
from tanzhang.apps.people.joining.cohorts import (
    ask_to_enter as ask_to_enter,
    cohorts_of as cohorts_of,
    has_room as has_room,
    leave_cohort as leave_cohort,
    member_counts as member_counts,
)
from tanzhang.apps.people.joining.evidence import (
    Applicant as Applicant,
    Vouched as Vouched,
    listed_for as listed_for,
    verdicts as verdicts,
    vouched_value as vouched_value,
)
from tanzhang.apps.people.joining.features import (
    NOTHING_HIDDEN as NOTHING_HIDDEN,
    Hidden as Hidden,
    admitted as admitted,
    closed_scenes as closed_scenes,
    hidden_from as hidden_from,
)
from tanzhang.apps.people.joining.lists import (
    RowResult as RowResult,
    list_sizes as list_sizes,
    load_list as load_list,
)
from tanzhang.apps.people.joining.recording import (
    JoinedBy as JoinedBy,
    joining_of as joining_of,
)
from tanzhang.apps.people.joining.stages import (
    NEXT_STAGES as NEXT_STAGES,
    StageEntry as StageEntry,
    Stages as Stages,
    approve_change as approve_change,
    move_cohort as move_cohort,
    refuse_change as refuse_change,
    show_feature as show_feature,
    stage_change as stage_change,
    stage_changes as stage_changes,
    stages as stages,
    withdraw_change as withdraw_change,
)
from tanzhang.apps.people.joining.surveys import (
    QuestionResult as QuestionResult,
    answer_survey as answer_survey,
    has_answered as has_answered,
    survey_results as survey_results,
)
from tanzhang.apps.people.links import (
    LinkEntry as LinkEntry,
    end_link as end_link,
    every_link as every_link,
    link_subjects as link_subjects,
    links_of as links_of,
    person_of as person_of,
    withdraw_link as withdraw_link,
)
from tanzhang.apps.people.listing import (
    consents_of as consents_of,
    latest_accounts as latest_accounts,
)
from tanzhang.apps.people.models import Kind as Kind
from tanzhang.apps.people.opening import (
    Opening as Opening,
    add_host as add_host,
    link_phone as link_phone,
    open_account as open_account,
)
from tanzhang.apps.people.phone_logins import (
    account_of_phone as account_of_phone,
    phone_indexes as phone_indexes,
)
from tanzhang.apps.people.privacy import (
    Cursor as Cursor,
    Kept as Kept,
    LeftOut as LeftOut,
    everything_kept as everything_kept,
    leave_out as leave_out,
    register as register,
    when_erased as when_erased,
)
from tanzhang.apps.people.providers import codes_are_shown as codes_are_shown
from tanzhang.apps.people.reindexing import (
    reindex as reindex,
)
from tanzhang.apps.people.requests.asking import (
    HERSELF as HERSELF,
    RequestEntry as RequestEntry,
    StepEntry as StepEntry,
    make_request as make_request,
    open_requests as open_requests,
    read_words as read_words,
    request_numbered as request_numbered,
    requests_of as requests_of,
    steps_of as steps_of,
    take_step as take_step,
)
from tanzhang.apps.people.requests.clock import (
    day_begins as day_begins,
    day_of_law as day_of_law,
    due_after_days as due_after_days,
    due_after_working_days as due_after_working_days,
    is_overdue as is_overdue,
    runs_out as runs_out,
)
from tanzhang.apps.people.requests.models import (
    RequestKind as RequestKind,
    RequestState as RequestState,
)
from tanzhang.apps.people.retention import (
    Term as Term,
    ages as ages,
    called as called,
    counted as counted,
    deleted as deleted,
    retain as retain,
    terms as terms,
)
from tanzhang.apps.people.selectors import (
    AccountEntry as AccountEntry,
    account as account,
    account_by_ref as account_by_ref,
    account_numbered as account_numbered,
    accounts as accounts,
    accounts_of_subject as accounts_of_subject,
    handles_by_account as handles_by_account,
    handles_of_subjects as handles_of_subjects,
    linked_accounts as linked_accounts,
)
from tanzhang.apps.people.services import (
    enrol as enrol,
    handles as handles,
    person_refs as person_refs,
)
from tanzhang.apps.people.settlement import (
    joined_days as joined_days,
    person_keys as person_keys,
    points_units as points_units,
)
from tanzhang.apps.people.subjects.children import adopt as adopt, let_go as let_go
from tanzhang.apps.people.subjects.groups import (
    NewGroup as NewGroup,
    hand_over as hand_over,
    invite as invite,
    invited_to as invited_to,
    join_group as join_group,
    leave_group as leave_group,
    make_group as make_group,
    open_group as open_group,
    remove_member as remove_member,
    show_share as show_share,
    withdraw_invitations as withdraw_invitations,
)
from tanzhang.apps.people.subjects.kinds import (
    MADE_BY_CITIZENS as MADE_BY_CITIZENS,
    AccountKind as AccountKind,
    kind_of as kind_of,
)
from tanzhang.apps.people.subjects.membership import (
    Joining as Joining,
    MemberDays as MemberDays,
    add_member as add_member,
    change_membership as change_membership,
    end_membership as end_membership,
    members_over as members_over,
)
from tanzhang.apps.people.subjects.models import Role as Role
from tanzhang.apps.people.subjects.reading import (
    MembershipEntry as MembershipEntry,
    belongs_to as belongs_to,
    members_of as members_of,
    only_manager_of as only_manager_of,
    role_in as role_in,
    shown_shares as shown_shares,
)
from tanzhang.apps.people.vault import api as _vault
from tanzhang.apps.people.vault.secret import installation_secret as installation_secret

vault = _vault  # personal data has a door of its own: ``people.vault.store``
