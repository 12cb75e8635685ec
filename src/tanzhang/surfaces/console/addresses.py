"""The addresses of the console's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, path

from tanzhang.surfaces.console.views import (
    accounts,
    actions,
    acts,
    find,
    ledger,
    members,
    packs,
    partners,
    pieces,
    programmes,
    proposals,
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
            ("accounts/", accounts.accounts, "accounts"),
            ("accounts/<str:handle>/", accounts.account, "account"),
            ("accounts/<str:handle>/show/", revealing.show, "account_show"),
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
