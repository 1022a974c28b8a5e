"""Addresses of the agreement."""

from django.urls import path

from shouyue.agreement.claims import desk as claims_desk
from shouyue.agreement.disclosures import desk as disclosures_desk
from shouyue.agreement.enclosures import desk as enclosures_desk
from shouyue.agreement.filings import desk as filings_desk
from shouyue.agreement.papers import desk as papers_desk
from shouyue.agreement.plans import desk as plans_desk
from shouyue.agreement.proceedings import desk as proceedings_desk
from shouyue.agreement.signing.desk import amendments, drafts
from shouyue.agreement.terms import desk

app_name = "agreement"
urlpatterns = [
    path("agreement/", desk.home, name="home"),
    path("agreement/clauses/<str:number>/", desk.clause, name="clause"),
    path("agreement/papers/<slug:name>.<str:ending>", papers_desk.paper, name="paper"),
    path("agreement/enclosures/<uuid:enclosure_id>/", enclosures_desk.enclosure, name="enclosure"),
    path("agreement/drafts/", drafts.drafts, name="drafts"),
    path("agreement/drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("agreement/drafts/<uuid:draft_id>/edit/", drafts.edit, name="draft_edit"),
    path("agreement/drafts/<uuid:draft_id>/clauses/<str:number>/", drafts.clause, name="draft_clause"),
    path("agreement/drafts/<uuid:draft_id>/drop/", drafts.drop, name="draft_drop"),
    path("agreement/drafts/<uuid:draft_id>/contract.<str:ending>", papers_desk.draft_paper, name="draft_paper"),
    path("agreement/amendments/", amendments.amendments, name="amendments"),
    path("agreement/amendments/new/<slug:kind>/", amendments.new_amendment, name="new_amendment"),
    path("agreement/amendments/<uuid:amendment_id>/", amendments.amendment, name="amendment"),
    path("agreement/signatures.json", amendments.signatures, name="signatures"),
    path("agreement/duties/", filings_desk.duties, name="duties"),
    path("agreement/duties/<slug:code>/<str:due_on>/", filings_desk.duty, name="duty"),
    path("agreement/disclosures/", disclosures_desk.disclosures, name="disclosures"),
    path("agreement/disclosures/<uuid:disclosure_id>/", disclosures_desk.disclosure, name="disclosure"),
    path("agreement/plans/", plans_desk.plans, name="plans"),
    path("agreement/plans/<int:annex>/edit/", plans_desk.edit_plan, name="plan_edit"),
    path("agreement/plans/<int:annex>/confirm/<int:version>/", plans_desk.confirm, name="plan_confirm"),
    path("agreement/plans/<int:annex>/<slug:key>/", plans_desk.measure, name="plan_measure"),
    path("agreement/proceedings/", proceedings_desk.proceedings, name="proceedings"),
    path("agreement/proceedings/new/<slug:kind>/", proceedings_desk.new_proceeding, name="new_proceeding"),
    path("agreement/proceedings/<uuid:proceeding_id>/", proceedings_desk.proceeding, name="proceeding"),
    path("agreement/claims/", claims_desk.claims, name="claims"),
    path("agreement/claims/new/", claims_desk.new_claim, name="new_claim"),
    path("agreement/claims/<uuid:claim_id>/", claims_desk.claim, name="claim"),
]
