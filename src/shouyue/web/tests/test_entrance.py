"""Who comes in, what the frame answers, and what it never does without being asked."""

import json
import re
from importlib import import_module

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.templatetags.static import static
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from shouyue.store.models import Staff
from shouyue.web import frame
from shouyue.web.frame import RailEntry

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def _says(request):
    messages.success(request, "已保存 <b>")
    return HttpResponse("ok")


def _breaks(request):
    raise RuntimeError("planned")


# The product's addresses and two more, for the tests that need a view of their own.
_product = import_module(settings.ROOT_URLCONF)
handler500 = _product.handler500
urlpatterns = [
    *_product.urlpatterns,
    path("test/says", _says),
    path("test/breaks", login_not_required(_breaks)),
]


@pytest.fixture
def lin():
    return Staff.objects.create_user("lin@a.example", PASSWORD, name="林小雨", party="a")


@pytest.fixture
def inside(client, lin):
    client.force_login(lin)
    return client


def test_a_page_needs_sign_in_and_comes_back(client):
    answer = client.get("/style?x=1")
    assert answer.status_code == 302
    assert answer.url == "/account/login/?next=/style%3Fx%3D1"


def test_signing_in_leads_to_the_page_that_was_wanted(client, lin):
    answer = client.post(
        "/account/login/?next=/style", {"login": "LIN@a.example", "password": PASSWORD, "next": "/style"}
    )
    assert (answer.status_code, answer.url) == (302, "/style")
    assert client.get("/style").status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "<h1>登录</h1>"), ("en", "<h1>Sign in</h1>")])
def test_the_entrance_speaks_both_languages(client, language, words):
    client.cookies["shouyue_language"] = language
    page = client.get("/account/login/").content.decode()
    if language == "en":
        assert words in page
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in page
    assert "<c-" not in page


def test_a_wrong_password_is_said_plainly(client, lin):
    client.cookies["shouyue_language"] = "en"
    page = client.post("/account/login/", {"login": "lin@a.example", "password": "wrong"}).content.decode()
    assert '<div class="notice tone-seal" role="alert"><p>E-mail and password do not belong together.' in page


def test_a_closed_account_does_not_come_in(client, lin):
    Staff.objects.filter(pk=lin.pk).update(is_active=False)
    client.post("/account/login/", {"login": "lin@a.example", "password": PASSWORD})
    assert client.get("/style").status_code == 302


@pytest.mark.parametrize(
    "name", ["signup", "reset_password", "email", "set_password", "reauthenticate", "email_verification_sent"]
)
def test_what_we_do_not_serve_is_closed(client, name):
    for answer in (
        client.get(reverse(f"account_{name}")),
        client.post(reverse(f"account_{name}"), {"email": "x@y.example"}),
    ):
        assert answer.status_code == 404
        assert "web/closed.html" in [template.name for template in answer.templates]
    assert not Staff.objects.exists()


def test_nobody_registers(rf):
    assert get_adapter().is_open_for_signup(rf.get("/account/signup/")) is False


def test_a_password_is_changed_with_the_old_one(inside, lin):
    page = inside.get(reverse("account_change_password")).content.decode()
    assert page.count('type="password"') == 3
    new = {"oldpassword": PASSWORD, "password1": "another long password", "password2": "another long password"}
    assert inside.post(reverse("account_change_password"), {**new, "oldpassword": "x"}).status_code == 200
    inside.post(reverse("account_change_password"), new)
    lin.refresh_from_db()
    assert lin.check_password("another long password")


def test_signing_out_needs_a_post(inside):
    assert inside.get(reverse("account_logout")).status_code == 200
    assert inside.get("/style").status_code == 200
    inside.post(reverse("account_logout"))
    assert inside.get("/style").status_code == 302


def test_an_expired_session_keeps_the_screen_of_an_htmx_request(client):
    answer = client.post("/style", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Reswap"] == "none"
    assert json.loads(answer["HX-Trigger"]) == {"shouyue:sign-in": {"url": "/account/login/"}}
    assert not answer.has_header("Location")


@pytest.mark.urls(__name__)
def test_messages_of_htmx_requests_travel_in_a_header(inside):
    answer = inside.get("/test/says", headers={"HX-Request": "true"})
    said = {"messages": [{"text": "已保存 <b>", "level": "success", "undo": ""}]}
    assert json.loads(answer["HX-Trigger"]) == {"shouyue:messages": said}
    inside.get("/test/says")
    page = inside.get("/style").content.decode()
    assert '<div class="toast success"><span>已保存 &lt;b&gt;</span></div>' in page


def test_open_addresses(client):
    assert client.get("/health").json() == {"status": "ok", "database": "ok"}
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    stamp = client.get("/favicon.ico").url
    assert re.fullmatch(r"/static/web/favicon\.svg\?v=[0-9a-f]{10}", stamp)
    assert client.get("/manifest.webmanifest").json()["icons"][0]["src"] == stamp
    assert client.get("/signed-in").status_code == 200


def test_health_tells_when_the_database_is_gone(client):
    def refuse(*_statement):
        raise OperationalError("planned")

    with connection.execute_wrapper(refuse):
        answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "database": "unreachable"})


def test_the_theme_is_kept_in_a_cookie_and_written_by_the_server(inside):
    assert "data-theme" not in inside.get("/style").content.decode().split("<head>")[0]
    answer = inside.post("/theme", {"theme": "dark", "next": "/style?x=1"})
    assert answer.url == "/style?x=1"
    assert 'data-theme="dark"' in inside.get("/style").content.decode().split("<head>")[0]
    assert inside.post("/theme", {"theme": "pink"}).status_code == 400
    assert inside.post("/theme", {"theme": "light", "next": "https://evil.example/"}).url == "/"
    assert inside.get("/theme").status_code == 405


def test_the_language_is_kept_in_a_cookie(inside):
    answer = inside.post("/language", {"language": "en", "next": "/style"})
    assert answer.url == "/style"
    assert answer.cookies["shouyue_language"].value == "en"
    assert '<html lang="en"' in inside.get("/style").content.decode()


def test_the_policy_forbids_everything_inline(inside):
    policy = dict(part.strip().split(" ", 1) for part in inside.get("/style")["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)


def test_signed_in_pages_are_not_kept_by_caches(inside):
    assert inside.get("/style")["Cache-Control"] == "private, no-cache"


def test_the_shell_costs_the_session_and_the_person(inside):
    inside.get("/style")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        inside.get("/style")
    tables = [query["sql"].split('FROM "')[1].split('"')[0] for query in queries]
    # The third is the page's own: the draft of its sample form.
    assert tables == ["django_session", "store_staff", "store_draft"]


def test_error_pages_are_ours_and_translated(inside, client):
    inside.cookies["shouyue_language"] = "en"
    missing = inside.get("/no-such-page")
    assert missing.status_code == 404
    assert "<h1>There is nothing at this address</h1>" in missing.content.decode()


def test_a_form_without_a_token_is_explained(lin):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["shouyue_language"] = "en"
    answer = strict.post("/theme", {"theme": "dark"})
    assert answer.status_code == 403
    assert "<h1>The form was out of date</h1>" in answer.content.decode()


@pytest.mark.urls(__name__)
def test_a_failure_is_explained_without_the_database(client, lin):
    client.raise_request_exception = False
    client.cookies["shouyue_language"] = "en"
    answer = client.get("/test/breaks")
    assert answer.status_code == 500
    assert "<h1>Something broke on our side</h1>" in answer.content.decode()
    assert "planned" not in answer.content.decode()


@pytest.fixture
def _empty_rail(monkeypatch):
    monkeypatch.setattr(frame, "_entries", {})


@pytest.mark.usefixtures("_empty_rail")
def test_the_rail_shows_what_rooms_registered(lin):
    frame.add(RailEntry(order=20, label="Style", url_name="web:style", count=lambda request: 214_300))
    frame.add(RailEntry(order=10, label="Home", url_name="web:home"))
    frame.add(RailEntry(order=5, label="Settings", url_name="account_change_password", at_foot=True))
    frame.add(RailEntry(order=1, label="No such page", url_name="rooms:gone"))
    frame.add(RailEntry(order=2, label="Secret", url_name="web:robots", shown_to=lambda request: False))
    request = RequestFactory().get("/style")
    request.user = lin
    lines = frame.lines(request)
    assert [(line.label, line.is_current, line.count) for line in lines] == [
        ("Home", False, None),
        ("Style", True, 214_300),
        ("Settings", False, None),
    ]


@pytest.mark.usefixtures("_empty_rail")
def test_the_longest_address_is_the_current_one(lin):
    frame.add(RailEntry(order=1, label="Account", url_name="web:home"))
    frame.add(RailEntry(order=2, label="Sign-in", url_name="account_login"))
    request = RequestFactory().get("/account/login/code/")
    request.user = lin
    assert [(line.label, line.is_current, line.is_exact) for line in frame.lines(request)] == [
        ("Account", False, False),
        ("Sign-in", True, False),
    ]


def test_the_template_libraries_do_not_configure_themselves():
    assert [app for app in settings.INSTALLED_APPS if "cotton" in app or "partials" in app] == [
        "django_cotton.apps.SimpleAppConfig",
        "template_partials.apps.SimpleAppConfig",
    ]


def test_an_address_of_a_static_file_changes_with_its_content():
    assert static("web/tokens.css") != static("web/base.css").replace("base", "tokens")
    assert static("web/no-such-file.css") == "/static/web/no-such-file.css"
