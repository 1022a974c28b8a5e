"""Signing in to the portal: a phone, a code, and where a family shares the phone, a choice. The answer never tells
whether anybody has the phone."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shouyue.kernel import clock
from shouyue.kernel.masking import mask_phone
from shouyue.store import outgoing
from shouyue.store.members import codes, sessions
from shouyue.store.members.codes import AskedTooOftenError, Verdict
from shouyue.store.models import MemberSession, SignInCode
from shouyue.web.portal import frame, principal
from shouyue.web.portal.forms import CodeForm, PhoneForm

_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@_page
@sensitive_post_parameters("phone")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the phone, and send a code."""
    if principal.member_or_none(request):
        return redirect("portal:home")
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _send_code(request, form.cleaned_data["phone"])
        except _NotSentError as refused:
            return _ask_phone(request, form, status=refused.status, refusal=str(refused))
    return _ask_phone(request, form, status=422 if form.is_bound else 200)


@login_not_required
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Another code for the same phone; from then on only the new one counts here."""
    asked = _asked(request)
    if asked is None:
        return redirect("portal:sign_in")
    try:
        return _send_code(request, codes.phone_of(asked))
    except _NotSentError as refused:
        return _ask_code(request, asked, CodeForm(), status=refused.status, refusal=str(refused))


@login_not_required
@_page
@sensitive_post_parameters("code")
def give_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and sign in with it."""
    asked = _asked(request)
    if asked is None:
        return redirect("portal:sign_in")
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask_code(request, asked, form, status=422 if form.is_bound else 200)
    verdict = codes.check_code(asked.pk, form.cleaned_data["code"], at=clock.now())
    if verdict is not Verdict.RIGHT:
        form.add_error("code", _refusal(verdict))
        return _ask_code(request, asked, form, status=422)
    customers = codes.customers_of(asked)
    return _enter(request, asked, customers[0]) if len(customers) == 1 else redirect("portal:choose")


@login_not_required
@_page
def choose(request: HttpRequest) -> HttpResponse:
    """Several customers share the phone: who is it?"""
    asked = _asked(request)
    if asked is None or not codes.is_proved(asked, at=clock.now()):
        return redirect("portal:sign_in")
    customers = codes.customers_of(asked)
    chosen = next((who for who in customers if str(who) == request.POST.get("customer")), None)
    if request.method == "POST" and chosen:
        return _enter(request, asked, chosen)
    return render(request, "web/portal/choose.html", {"faces": frame.faces_of(customers)})


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, here and on the server."""
    if member := principal.member_or_none(request):
        sessions.end_session(member.pk, at=clock.now())
    answer = redirect("portal:sign_in")
    principal.drop_cookie(answer, principal.SESSION_COOKIE)
    return answer


class _NotSentError(Exception):
    """No code leaves now; the text says why to the reader."""

    def __init__(self, words: str, *, status: int) -> None:
        super().__init__(words)
        self.status = status


def _send_code(request: HttpRequest, phone: str) -> HttpResponse:
    code = codes.made_code()
    text = _("%(product)s: your sign-in code is %(code)s, good for 5 minutes. We never ask you for it.") % {
        "product": pgettext("product", "Shouyue"),
        "code": code,
    }
    try:
        channel = outgoing.code_channel()
        address = request.META.get("REMOTE_ADDR", "")
        sent = codes.ask_code(phone=phone, address=address, code=code, text=text, channel=channel, at=clock.now())
    except AskedTooOftenError as often:
        raise _NotSentError(_wait_words(often.wait_seconds), status=429) from None
    except (outgoing.ChannelClosedError, outgoing.ChannelFailedError) as failed:
        words = _("No code can be sent now. Please try again later, or ask in the shop.")
        raise _NotSentError(words, status=503) from failed
    answer = redirect("portal:code")
    principal.keep_cookie(answer, principal.CODE_COOKIE, sent.pk)
    return answer


def _ask_phone(request: HttpRequest, form: PhoneForm, *, status: int, refusal: str = "") -> HttpResponse:
    return render(request, "web/portal/sign_in.html", {"form": form, "refusal": refusal}, status=status)


def _ask_code(
    request: HttpRequest, asked: SignInCode, form: CodeForm, *, status: int, refusal: str = ""
) -> HttpResponse:
    wait = asked.made_at + codes.AGAIN_AFTER - clock.now()
    context = {
        "form": form,
        "refusal": refusal,
        "phone": mask_phone(codes.phone_of(asked)),
        "wait_seconds": max(0, round(wait.total_seconds())),
        "minutes": round(codes.CODE_LASTS.total_seconds() / 60),
    }
    return render(request, "web/portal/code.html", context, status=status)


def _refusal(verdict: Verdict) -> str:
    if verdict is Verdict.WRONG:
        return _("This is not the code. Check the message and try again.")
    if verdict is Verdict.SPENT:
        return _("Too many wrong codes. Ask for a new one.")
    return _("This code is no longer good. Ask for a new one.")


def _wait_words(seconds: int) -> str:
    if seconds < 120:
        words = ngettext(
            "A code was just asked for. Wait %(seconds)s second, then ask again.",
            "A code was just asked for. Wait %(seconds)s seconds, then ask again.",
            seconds,
        )
        return words % {"seconds": seconds}
    minutes = -(-seconds // 60)
    words = ngettext(
        "Too many codes were asked for. Try again in %(minutes)s minute.",
        "Too many codes were asked for. Try again in %(minutes)s minutes.",
        minutes,
    )
    return words % {"minutes": minutes}


def _enter(request: HttpRequest, asked: SignInCode, customer: UUID) -> HttpResponse:
    session: MemberSession | None = codes.sign_in(asked.pk, customer, at=clock.now())
    if session is None:
        return redirect("portal:sign_in")
    if before := principal.member_or_none(request):
        sessions.end_session(before.pk, at=clock.now())
    answer = redirect("portal:home")
    principal.keep_cookie(answer, principal.SESSION_COOKIE, session.pk)
    principal.drop_cookie(answer, principal.CODE_COOKIE)
    return answer


def _asked(request: HttpRequest) -> SignInCode | None:
    """The code that this browser asked for, while it is of some use."""
    asked_id = principal.read_cookie(request, principal.CODE_COOKIE)
    return SignInCode.objects.filter(pk=asked_id, used_at=None).first() if asked_id else None
