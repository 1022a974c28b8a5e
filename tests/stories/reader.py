"""A reader of the product who has a keyboard and no mouse; every page is looked at for what it must never do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from shouyue.store.models import Staff
from tests.browsing import Site
from tests.looking import barriers, overflow, watch

PASSWORD = "a long enough password"
DESK, PHONE = 1440, 360
TABS_MAX = 300
# The name by which the focused control is announced; its text, where nothing else names it.
FOCUSED = """() => {
  const at = document.activeElement;
  const label = at.labels?.length ? at.labels[0].textContent : "";
  return (at.getAttribute("aria-label") || label || at.textContent || "").trim().replace(/\\s+/g, " ");
}"""


@dataclass
class Reader:
    """One signed-in person at one browser window. Every method that leads to a page looks at it at once."""

    page: object
    site: Site
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        watch(self.page, self.said)

    def sign_in(self, email: str, path: str = "/") -> None:
        """Come in by typing, from the page that was wanted."""
        self.page.goto(self.site.path(path))
        self.look()
        # The address field has the focus, or is the first one that the Tab key reaches.
        self.tab_until("document.activeElement.name === 'login'")
        self.page.keyboard.type(email)
        self.tab_until("document.activeElement.name === 'password'")
        self.page.keyboard.type(PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def press(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.look()

    def follow(self, name: str) -> None:
        """Tab to the link or button of that name, and press Enter; it leads to another page."""
        self.tab_to(name)
        self.press("Enter")

    def tab_to(self, name: str) -> None:
        """Press Tab until the control of that name has the focus, and see that this is visible."""
        self.tab_until(f"({FOCUSED})() === {name!r}")

    def tab_until(self, condition: str) -> None:
        for _ in range(TABS_MAX):
            if self.page.evaluate(condition):
                assert self.page.evaluate("document.activeElement.matches(':focus-visible')")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key never reached: {condition}")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def heading(self) -> str:
        """The page's first heading in its own words, without the marks beside them."""
        return self.page.evaluate("document.querySelector('h1').firstChild.textContent.trim()")

    def text(self, selector: str = "main") -> str:
        """What is written there, on one line."""
        return one_line(self.page.locator(selector).first.inner_text())

    def card(self, title: str) -> str:
        """What the card of that title says, on one line."""
        cards = self.page.locator(".card", has=self.page.locator("h2", has_text=re.compile(f"^{re.escape(title)}")))
        return one_line(cards.first.inner_text())

    def rows(self, caption: str) -> list[list[str]]:
        """The cells of the body of the table with that caption."""
        tables = self.page.locator(
            "table", has=self.page.locator("caption", has_text=re.compile(f"^\\s*{caption}\\s*$"))
        )
        rows = tables.first.locator("tbody tr").all()
        return [[one_line(cell) for cell in row.locator("td").all_inner_texts()] for row in rows]

    def look(self) -> None:
        """No barrier that axe knows, by day and by night; nothing to scroll sideways on a phone."""
        path = self.page.url.removeprefix(self.site.url)
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            assert barriers(self.page) == [], f"{path}, {scheme}"
        self.page.set_viewport_size({"width": PHONE, "height": 900})
        assert (path, overflow(self.page)) == (path, 0)
        self.page.set_viewport_size({"width": DESK, "height": 900})


@contextmanager
def reading(browser, site: Site, *, party: str, language: str, path: str = "/") -> Iterator[Reader]:
    """Somebody of that party who has just signed in; at the end nothing may have reached the console."""
    email = f"{party}@reader.example"
    if not Staff.objects.filter(email=email).exists():
        Staff.objects.create_user(email, PASSWORD, name="林知夏", party=party)
    context = browser.new_context(viewport={"width": DESK, "height": 900})
    context.add_cookies([{"name": "shouyue_language", "value": language, "url": site.url}])
    try:
        reader = Reader(context.new_page(), site)
        reader.sign_in(email, path)
        yield reader
        assert reader.said == []
    finally:
        context.close()


def one_line(text: str) -> str:
    return " ".join(text.split())
