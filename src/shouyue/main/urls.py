"""Every address of the product: each room's routes, and the shell's."""

from django.urls import include, path

urlpatterns = [
    # First: a program calls a thousand times where a person opens a page, and each address passed by costs time.
    path("api/v1/", include("shouyue.rest.urls")),
    path("", include("shouyue.web.urls")),
    path("", include("shouyue.scoreboard.urls")),
    path("", include("shouyue.intake.urls")),
    path("", include("shouyue.surveys.urls")),
    path("", include("shouyue.membership.urls")),
    path("", include("shouyue.purchases.urls")),
    path("", include("shouyue.customers.urls")),
    path("", include("shouyue.agreement.urls")),
    path("", include("shouyue.web.portal.urls")),
    path("integrations/", include("shouyue.main.integrations.urls")),
    path("account/", include("shouyue.web.entrance")),
]

handler400 = "shouyue.web.errors.bad_request"
handler403 = "shouyue.web.errors.forbidden"
handler404 = "shouyue.web.errors.not_found"
handler500 = "shouyue.web.errors.failed"
