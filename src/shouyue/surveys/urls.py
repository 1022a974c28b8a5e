"""Addresses of the surveys: screens of staff, and the answer page, which needs no sign-in."""

from django.urls import path

from shouyue.surveys.questionnaires import desk as builder
from shouyue.surveys.results import desk as results
from shouyue.surveys.sheets import desk as sheets
from shouyue.surveys.sheets import portal
from shouyue.surveys.waves.desk import planner, waves

app_name = "surveys"
urlpatterns = [
    path("surveys/", waves.waves, name="list"),
    path("surveys/questionnaires/", builder.questionnaires, name="questionnaires"),
    path("surveys/questionnaires/new", builder.start, name="new_questionnaire"),
    path("surveys/questionnaires/<slug:code>/", builder.questionnaire, name="questionnaire"),
    path("surveys/questionnaires/<slug:code>/questions/new/", builder.question, name="new_question"),
    path("surveys/questionnaires/<slug:code>/questions/<slug:name>/", builder.question, name="question"),
    path("surveys/questionnaires/<slug:code>/questions/<slug:name>/picture", builder.picture, name="picture"),
    path("surveys/questionnaires/<slug:code>/change/<slug:act>", builder.change, name="change_questionnaire"),
    path("surveys/plan/", planner.plan, name="plan"),
    path("surveys/waves/<uuid:wave_id>/", waves.wave, name="wave"),
    path("surveys/waves/<uuid:wave_id>/invite", waves.invite, name="invite"),
    path("surveys/waves/<uuid:wave_id>/look", waves.look, name="look"),
    path("surveys/waves/<uuid:wave_id>/close", waves.close, name="close"),
    path("surveys/waves/<uuid:wave_id>/result/", results.result, name="result"),
    path("surveys/waves/<uuid:wave_id>/export.json", results.export, name="export"),
    path("surveys/waves/<uuid:wave_id>/recomputed.json", results.expected, name="recomputed"),
    path("surveys/replay.py", results.script, name="replay"),
    path("surveys/waves/<uuid:wave_id>/sheets/", sheets.sheets, name="sheets"),
    path("surveys/waves/<uuid:wave_id>/interview/", sheets.interview, name="interview"),
    path("surveys/waves/<uuid:wave_id>/interview/<uuid:sheet_id>/", sheets.entry, name="entry"),
    path("a/sw.js", portal.worker, name="answer_worker"),
    path("a/pictures/<str:mark>", portal.picture, name="answer_picture"),
    path("a/<str:token>/", portal.answer, name="answer"),
    path("a/<str:token>/keep", portal.keep, name="answer_keep"),
    path("a/<str:token>/files/<slug:code>", portal.upload, name="answer_file"),
]
