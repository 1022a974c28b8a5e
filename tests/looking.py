"""What every page in a real browser must never do: shut somebody out, scroll sideways, complain on its console."""

from axe_playwright_python.sync_playwright import Axe

# Half-way through a change of colours there is less contrast than anybody gets to see.
SETTLED = """() => new Promise(requestAnimationFrame)
  .then(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# htmx's words for a request that was cut off because the page went elsewhere.
CUT_OFF = ("htmx:sendAbort", "htmx:afterRequest")


def barriers(page) -> list[str]:
    """What axe finds on the page as it stands once its colours have settled: rule and place, one line each."""
    page.evaluate(SETTLED)
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def overflow(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate(OVERFLOW)


def watch(page, said: list[str]) -> None:
    """From now on, errors and warnings of the page's console are added to `said`."""
    page.on("console", lambda message: said.append(message.text) if _is_trouble(message) else None)
    page.on("pageerror", lambda error: said.append(str(error)))


def _is_trouble(message) -> bool:
    return message.type in {"error", "warning"} and not message.text.startswith(CUT_OFF)
