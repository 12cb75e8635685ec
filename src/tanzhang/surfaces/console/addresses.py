"""The addresses of the console's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path

from tanzhang.surfaces.console.views import (
    accounts,
    actions,
    acts,
    appeals,
    belonging,
    cases,
    cohorts,
    doubts,
    find,
    ledger,
    members,
    packs,
    partners,
    pieces,
    programmes,
    proposals,
    requests,
    revealing,
    suspicions,
)

if TYPE_CHECKING:
    from tanzhang.surfaces.console.site import ConsoleSite


def pages(site: ConsoleSite) -> list[URLPattern]:
    """Every page of ours, behind the log-in of the site."""
    return [
        path(address, site.admin_view(view), name=name)
        for address, view, name in (
            ("find/", find.find, "find"),
            ("acts/held/", acts.held, "held"),
            ("acts/<str:name>/", acts.act, "act"),
            ("acts/<str:name>/hold/", acts.hold_act, "act_hold"),
            ("acts/<str:name>/release/", acts.release_act, "act_release"),
            ("doubts/", doubts.doubts, "doubts"),
            ("doubts/decide/", doubts.decide, "doubt_decide"),
            ("doubts/audit/", doubts.audit, "audit"),
            ("doubts/audit/<str:name>/", doubts.note_audit, "audit_note"),
            ("doubts/<str:name>/", doubts.doubt, "doubt"),
            ("doubts/<str:name>/picture/", doubts.picture, "doubt_picture"),
            ("doubts/<str:name>/unwatch/", doubts.unwatch, "doubt_unwatch"),
            ("doubts/<str:name>/sanction/", doubts.sanction, "doubt_sanction"),
            ("accounts/", accounts.accounts, "accounts"),
            ("accounts/<str:handle>/", accounts.account, "account"),
            ("accounts/<str:handle>/show/", revealing.show, "account_show"),
            ("appeals/", appeals.appeals, "appeals"),
            ("appeals/<int:number>/", appeals.appeal, "appeal"),
            ("appeals/<int:number>/decide/", appeals.decide, "appeal_decide"),
            ("appeals/<int:number>/agree/", appeals.agree, "appeal_agree"),
            ("appeals/<int:number>/disagree/", appeals.disagree, "appeal_disagree"),
            ("appeals/<int:number>/ask/", appeals.ask, "appeal_ask"),
            ("requests/", requests.requests, "requests"),
            ("requests/<int:number>/", requests.one, "request"),
            ("requests/<int:number>/answer/", requests.answer, "request_answer"),
            ("accounts/<str:handle>/death/", cases.report, "case_report"),
            ("accounts/<str:handle>/members/", belonging.members, "account_members"),
            ("groups/open/", belonging.open_group, "group_open"),
            ("cohorts/", cohorts.cohorts, "cohorts"),
            ("cohorts/<str:code>/", cohorts.programme, "cohort_programme"),
            ("cohorts/<str:code>/move/", cohorts.move, "cohort_move"),
            ("cohorts/<str:code>/show/", cohorts.show, "cohort_show"),
            ("cohorts/<str:code>/<int:number>/approve/", cohorts.approve, "cohort_approve"),
            ("cohorts/<str:code>/<int:number>/decline/", cohorts.decline, "cohort_decline"),
            ("cohorts/<str:code>/<int:number>/withdraw/", cohorts.withdraw, "cohort_withdraw"),
            ("cases/", cases.cases, "cases"),
            ("cases/<int:number>/", cases.case, "case"),
            ("cases/<int:number>/check/", cases.check, "case_check"),
            ("cases/<int:number>/propose/", cases.propose, "case_propose"),
            ("cases/<int:number>/decide/", cases.decide, "case_decide"),
            ("cases/<int:number>/refuse/", cases.refuse, "case_refuse"),
            ("cases/<int:number>/kin/", cases.kin, "case_kin"),
            ("partners/", partners.partners, "partners"),
            ("partners/<str:code>/", partners.partner, "partner"),
            ("partners/<str:code>/suspend/", partners.suspend, "partner_suspend"),
            ("partners/<str:code>/resume/", partners.resume, "partner_resume"),
            ("partners/<str:code>/people/add/", members.add, "member_add"),
            ("partners/<str:code>/people/renew/", members.renew, "member_renew"),
            ("partners/<str:code>/people/close/", members.close, "member_close"),
            ("pieces/", pieces.pieces, "pieces"),
            ("pieces/<int:number>/", pieces.piece, "piece"),
            ("workers/", pieces.workers, "workers"),
            ("packs/", packs.packs, "packs"),
            ("packs/<str:code>/", packs.pack, "pack"),
            ("programmes/", programmes.programmes, "programmes"),
            ("programmes/<str:code>/", programmes.programme, "programme"),
            ("proposals/", proposals.proposals, "proposals"),
            ("proposals/make/", proposals.make, "propose"),
            ("proposals/<int:number>/", proposals.proposal, "proposal"),
            ("proposals/<int:number>/approve/", proposals.approve, "proposal_approve"),
            ("proposals/<int:number>/decline/", proposals.decline, "proposal_decline"),
            ("proposals/<int:number>/withdraw/", proposals.withdraw, "proposal_withdraw"),
            ("suspicions/", suspicions.suspicions, "suspicions"),
            ("suspicions/<int:number>/", suspicions.suspicion, "suspicion"),
            ("suspicions/<int:number>/confirm/", suspicions.confirm, "suspicion_confirm"),
            ("suspicions/<int:number>/reverse/", suspicions.reverse, "suspicion_reverse"),
            ("suspicions/<int:number>/approve/", suspicions.approve, "suspicion_approve"),
            ("suspicions/<int:number>/decline/", suspicions.decline, "suspicion_decline"),
            ("suspicions/<int:number>/withdraw/", suspicions.withdraw, "suspicion_withdraw"),
            ("ledger/", ledger.ledger, "ledger"),
            ("ledger/<int:position>/", ledger.place, "place"),
            ("actions/", actions.actions, "actions"),
        )
    ]
