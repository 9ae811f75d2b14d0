"""Headless Chromium for tests: a fresh profile, no outside request, pages counted."""

from contextlib import contextmanager

DE_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""What Playwright turns off of itself: the last list given to Chromium is the one that counts."""
DE_LA_FENETRE = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Two pages of its own that Chromium makes with each window, for an address bar that nobody sees: two thirds of a second of processor."""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    f"--disable-features={','.join((*DE_PLAYWRIGHT, *DE_LA_FENETRE))}",
]


@contextmanager
def navigateur(chromium):
    """Chromium, for as many pages as one wants."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        lance = p.chromium.launch(executable_path=chromium, args=ARGUMENTS, timeout=60_000)
        try:
            yield lance
        finally:
            lance.close()


@contextmanager
def page_ouverte(lance, chemin):
    """Local page in a profile of its own; gives the page and the list of requests that left the machine."""
    dehors = []
    page = lance.new_page(viewport={"width": 900, "height": 1270})
    page.on("request", lambda r: dehors.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.goto(chemin.as_uri(), timeout=60_000)
    try:
        yield page, dehors
    finally:
        page.close()


@contextmanager
def page_locale(chromium, chemin):
    """The same in a Chromium of its own."""
    with navigateur(chromium) as lance, page_ouverte(lance, chemin) as ouverte:
        yield ouverte


def pages_du_pdf(octets):
    """Number of pages of a PDF made by Chromium."""
    import re

    return len(re.findall(rb"/Type\s*/Page\b(?!s)", octets))
