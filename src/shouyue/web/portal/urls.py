"""The portal's own addresses, and the desk's page of the sandbox channel. Rooms put theirs under m/ as well."""

from django.urls import path

from shouyue.web.portal import entrance, pages, sandbox_desk

app_name = "portal"
urlpatterns = [
    path("m/", pages.home, name="home"),
    path("m/sign-in", entrance.sign_in, name="sign_in"),
    path("m/sign-in/code", entrance.give_code, name="code"),
    path("m/sign-in/again", entrance.send_again, name="send_again"),
    path("m/sign-in/who", entrance.choose, name="choose"),
    path("m/sign-out", entrance.sign_out, name="sign_out"),
    path("m/offline", pages.offline, name="offline"),
    path("m/sw.js", pages.service_worker, name="service_worker"),
    path("m/manifest.webmanifest", pages.manifest, name="manifest"),
    path("sandbox-messages/", sandbox_desk.messages, name="sandbox_messages"),
]
