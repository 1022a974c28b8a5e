"""Addresses of customers."""

from django.urls import path

from shouyue.customers.contacts import desk as contacts
from shouyue.customers.duplicates import desk as duplicates
from shouyue.customers.entering import desk as entering
from shouyue.customers.fields import desk as fields
from shouyue.customers.kinships import desk as kinships
from shouyue.customers.people.desk import board, edits, lists, records
from shouyue.customers.quality import desk as quality
from shouyue.customers.quality import portal

app_name = "customers"
urlpatterns = [
    path("customers/", lists.customers, name="list"),
    path("customers/board/", board.board, name="board"),
    path("customers/bulk/", edits.bulk, name="bulk"),
    path("customers/quality/", quality.quality, name="quality"),
    path("customers/new/", entering.new_customer, name="new"),
    path("customers/<uuid:customer_id>/", records.customer_record, name="record"),
    path("customers/<uuid:customer_id>/timeline", records.customer_timeline, name="timeline"),
    path("customers/<uuid:customer_id>/edit/<slug:field>", edits.edit_field, name="edit"),
    path("customers/<uuid:customer_id>/contacts/add", contacts.contact_add, name="contact_add"),
    path("customers/<uuid:customer_id>/contacts/<slug:kind>/<uuid:key>", contacts.contact, name="contact"),
    path("customers/<uuid:customer_id>/birthday", contacts.birthday, name="birthday"),
    path("customers/<uuid:customer_id>/relations/", kinships.network, name="network"),
    path("customers/<uuid:customer_id>/relations/add", kinships.kinship_add, name="kinship_add"),
    path("customers/<uuid:customer_id>/relations/<uuid:relation_id>/end", kinships.kinship_end, name="kinship_end"),
    path(
        "customers/<uuid:customer_id>/household/<uuid:membership_id>",
        kinships.household_change,
        name="household_change",
    ),
    path("customers/fields/", fields.fields, name="fields"),
    path("customers/fields/<uuid:field_id>/", fields.field, name="field"),
    path("customers/fields/<uuid:field_id>/retire", fields.field_retire, name="field_retire"),
    path("customers/<uuid:customer_id>/fields/<slug:name>", fields.value, name="value"),
    path("customers/quality/audits/", quality.audit_list, name="audits"),
    path("customers/quality/audits/commit", quality.audit_commit, name="audit_commit"),
    path("customers/quality/audits/<uuid:audit_id>/", quality.audit, name="audit"),
    path("customers/quality/audits/<uuid:audit_id>/draw", quality.audit_draw, name="audit_draw"),
    path("customers/quality/audits/<uuid:audit_id>/close", quality.audit_close, name="audit_close"),
    path("customers/quality/audits/<uuid:audit_id>/sheet", quality.audit_sheet, name="audit_sheet"),
    path("customers/quality/audits/<uuid:audit_id>/<int:place>/", quality.audit_answer, name="audit_answer"),
    path("customers/quality/corrections/", quality.corrections, name="corrections"),
    path("customers/quality/corrections/<uuid:request_id>/", quality.correction_decide, name="correction_decide"),
    path("customers/duplicates/", duplicates.queue, name="duplicates"),
    path("customers/duplicates/search", duplicates.search, name="duplicates_search"),
    path("customers/duplicates/<uuid:match_id>/", duplicates.pair, name="duplicate"),
    path("customers/duplicates/<uuid:match_id>/merge", duplicates.merge, name="duplicate_merge"),
    path("customers/duplicates/<uuid:match_id>/dismiss", duplicates.dismiss, name="duplicate_dismiss"),
    path("customers/duplicates/<uuid:match_id>/reopen", duplicates.reopen, name="duplicate_reopen"),
    path("customers/duplicates/merges/<uuid:merging_id>/unmerge", duplicates.unmerge, name="unmerge"),
    path("m/my-data/", portal.my_data, name="my_data"),
    path("m/my-data/confirm", portal.my_data_confirm, name="my_data_confirm"),
    path("m/my-data/correct", portal.my_data_correct, name="my_data_correct"),
]
