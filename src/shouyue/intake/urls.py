"""Addresses of the import wizard."""

from django.urls import path

from shouyue.intake.desk import by_hand, undo, wizard

app_name = "intake"
urlpatterns = [
    path("imports/new", wizard.new, name="new"),
    path("imports/new/paste", by_hand.paste, name="paste"),
    path("imports/new/<uuid:upload_id>/", wizard.reading, name="reading"),
    path("imports/new/<uuid:upload_id>/dry-run", wizard.dry_run, name="dry-run"),
    path("imports/new/<uuid:upload_id>/import", wizard.begin, name="begin"),
    path("imports/new/<uuid:upload_id>/result", wizard.result, name="result"),
    path("imports/new/<uuid:upload_id>/drop", wizard.drop_file, name="drop"),
    path("imports/<uuid:run_id>/mend", by_hand.mend, name="mend"),
    path("imports/<uuid:run_id>/undo", undo.undo, name="undo"),
    path("imports/<uuid:run_id>/undo/rehearse", undo.rehearse, name="undo-rehearse"),
    path("imports/<uuid:run_id>/undo/begin", undo.begin, name="undo-begin"),
]
