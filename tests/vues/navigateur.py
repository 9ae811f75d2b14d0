"""Headless Chromium for tests: a fresh profile, no outside request, pages counted."""

from contextlib import contextmanager

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@contextmanager
def page_locale(chromium, chemin):
    """Open a local page; gives the page and the list of requests that left the machine."""
    from playwright.sync_api import sync_playwright

    dehors = []
    with sync_playwright() as p:
        navigateur = p.chromium.launch(executable_path=chromium, args=ARGUMENTS, timeout=60_000)
        try:
            page = navigateur.new_page(viewport={"width": 900, "height": 1270})
            page.on("request", lambda r: dehors.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
            page.goto(chemin.as_uri(), timeout=60_000)
            yield page, dehors
        finally:
            navigateur.close()


def pages_du_pdf(octets):
    """Number of pages of a PDF made by Chromium."""
    import re

    return len(re.findall(rb"/Type\s*/Page\b(?!s)", octets))
