"""Addresses of the scoreboard; the first line of the rail, it is where / leads."""

from django.urls import path

from shouyue.scoreboard import rest
from shouyue.scoreboard.desk import board, measures

app_name = "scoreboard"
urlpatterns = [
    path("scoreboard/", board.home, name="home"),
    path("scoreboard/report.<str:ending>", board.report, name="report"),
    path("scoreboard/recompute.py", rest.recompute, name="recompute"),
    path("scoreboard.json", rest.scoreboard, name="json"),
    path("measures/<slug:measure>/", measures.measure, name="measure"),
    path("measures/<slug:measure>/year/", measures.year, name="year"),
]
