"""The shell's own addresses."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from shouyue.web import desk, jobs_desk
from shouyue.web.habits import drafts_desk, exports_desk, palette, undo, views_desk, work_desk

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.home, name="home"),
    path("language", login_not_required(set_language), name="language"),
    path("theme", desk.choose_theme, name="theme"),
    path("health", desk.health, name="health"),
    path("signed-in", desk.signed_in, name="signed_in"),
    path("views/save", views_desk.view_save, name="view_save"),
    path("views/<uuid:view_id>/remove", views_desk.view_drop, name="view_drop"),
    path("undo/<str:token>", undo.undo, name="undo"),
    path("my-work/", work_desk.work_queue, name="work"),
    path("drafts/save", drafts_desk.draft_save, name="draft_save"),
    path("drafts/drop", drafts_desk.draft_drop, name="draft_drop"),
    path("exports/", exports_desk.export_list, name="exports"),
    path("exports/start", exports_desk.export_start, name="export_start"),
    path("exports/<uuid:export_id>/", exports_desk.export_record, name="export"),
    path("exports/<uuid:export_id>/file", exports_desk.export_file, name="export_file"),
    path("find", palette.find, name="find"),
    path("jobs/", jobs_desk.job_list, name="jobs"),
    path("jobs/<uuid:run_id>/cancel", jobs_desk.job_cancel, name="job_cancel"),
    path("jobs/<uuid:run_id>/start-again", jobs_desk.job_start_again, name="job_start_again"),
    path("style", desk.style, name="style"),
    path("style/undo", desk.style_undo, name="style_undo"),
    path("manifest.webmanifest", desk.manifest, name="manifest"),
    path("robots.txt", desk.robots, name="robots"),
    path("favicon.ico", desk.favicon, name="favicon"),
]
