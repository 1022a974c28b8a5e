"""Addresses of the API, under /api/v1/."""

from django.urls import URLPattern, path

from shouyue.rest import desk, shell

app_name = "rest"
urlpatterns: list[URLPattern] = [
    path("", desk.reference, name="reference"),
    path("openapi.json", desk.openapi, name="openapi"),
    *shell.patterns(desk.api()),
]
