"""Registers the agreement room with Django and puts it on the rail."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from shouyue.rest import registry
from shouyue.store.contributions import search, work
from shouyue.web import frame


class AgreementConfig(AppConfig):
    name = "shouyue.agreement"
    label = "agreement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Records exist only once every room is loaded.
        from shouyue.agreement.claims import panels as claims_panels
        from shouyue.agreement.disclosures import panels as disclosure_panels
        from shouyue.agreement.measures.public import offer_counts
        from shouyue.agreement.plans import panels as plan_panels
        from shouyue.agreement.proceedings import panels as proceeding_panels
        from shouyue.agreement.signing import panels as signing_panels
        from shouyue.agreement.terms import panels

        search.add(panels.CLAUSES)
        work.add("agreement.claims", claims_panels.waiting_claims)
        work.add("agreement.disclosures", disclosure_panels.owed_disclosures)
        work.add("agreement.plans", plan_panels.waiting_plans)
        work.add("agreement.proceedings", proceeding_panels.open_proceedings)
        offer_counts("disclosures_on_time", disclosure_panels.told_in_time)
        offer_counts("plans_on_schedule", plan_panels.delivered_on_schedule)
        work.add("agreement.signing", signing_panels.waiting_for_signature)
        frame.add(frame.RailEntry(order=80, label=_("Agreement"), url_name="agreement:home"))
        registry.add(
            registry.RoomRoutes(
                name="agreement",
                facts={
                    "AgreementSigned": gettext_noop("An agreement was signed."),
                    "AmendmentEnded": gettext_noop("A proposed amendment was accepted, refused or taken back."),
                    "AmendmentProposed": gettext_noop("A party proposed to change the agreement from a day on."),
                    "BreachClaimed": gettext_noop("A party asserts that the other broke the contract."),
                    "ClaimAnswered": gettext_noop("A step was taken about a claim of breach."),
                    "DisclosureGiven": gettext_noop("A party told the other a material fact."),
                    "DisclosureNoted": gettext_noop("A material fact was noted that one party owes the other."),
                    "DraftSigned": gettext_noop("A party signed a draft of an agreement."),
                    "DutyFiled": gettext_noop("A party stated that it did a duty of the contract."),
                    "PlanConfirmed": gettext_noop("A version of an annex's plan was confirmed by the other party."),
                    "PlanMeasureDelivered": gettext_noop("A party stated that it delivered a measure of a plan."),
                    "PlanProposed": gettext_noop("A party proposed a version of an annex's plan."),
                    "ProceedingMoved": gettext_noop("A step was taken about a dispute or a termination."),
                    "ProceedingOpened": gettext_noop("A party opened a dispute or gave notice of termination."),
                    "RecordsCompleted": gettext_noop("The records of an agreement are complete up to a day."),
                },
            )
        )
