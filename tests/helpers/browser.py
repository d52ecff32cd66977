"""A headless Chromium for tests of pages. Debian: apt install chromium chromium-driver."""

import contextlib
import shutil
import time

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
QUIET = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
--disable-background-networking --disable-component-update --disable-dev-shm-usage
--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --window-size=1200,1000"""
needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="chromium and chromedriver are not installed: apt-get install chromium chromium-driver",
)
# WCAG's contrast of every text on the page with what is behind it.
CONTRASTS = """
const light = (colour) => {
  const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
  const linear = parts.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
};
const ground = (element) => {
  const colour = getComputedStyle(element).backgroundColor;
  return colour === "rgba(0, 0, 0, 0)" ? ground(element.parentElement) : colour;
};
const texts = document.querySelectorAll("h1, h2, p, .button, button, small, dt, dd, span");
return [...texts].map((e) => {
  const pair = [light(getComputedStyle(e).color), light(ground(e))].sort((a, b) => b - a);
  return (pair[0] + 0.05) / (pair[1] + 0.05);
})
"""


class Browser:
    """One browser window.

    Args:
        driver: A `selenium.webdriver.Chrome`.
    """

    def __init__(self, driver):
        self.driver = driver

    def open(self, url):
        self.driver.get(url)

    def run(self, script, *arguments):
        """The result of a script's `return`."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, seconds=30):
        """Waits until the script returns a true value, and returns it."""
        end = time.monotonic() + seconds
        while not (value := self.run(script)):
            if time.monotonic() > end:
                page = self.run("return document.body.innerText.slice(0, 500)")
                raise AssertionError(f"{script} stayed {value!r}; {self.problems()}; page: {page}")
            time.sleep(0.05)
        return value

    def find(self, selector):
        """The first element of a CSS selector."""
        return self.driver.find_element("css selector", selector)

    def click(self, selector):
        self.find(selector).click()

    def type(self, selector, text):
        """Types into an element; into a file input, the path of a file."""
        self.find(selector).send_keys(str(text))

    def text(self, selector):
        """The visible text of an element; empty if it is hidden."""
        return self.find(selector).text

    def problems(self):
        """Messages of the console, where Chromium reports errors and what a policy blocked."""
        return self.driver.get_log("browser")

    def devtools(self, command, **parameters):
        """Sends a command of Chromium's own protocol."""
        self.driver.execute_cdp_cmd(command, parameters)

    def set_width(self, width, height=900):
        """Sets the page's size in CSS pixels; a window cannot be narrower than 500."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.devtools("Emulation.setDeviceMetricsOverride", **metrics)

    def screenshot(self):
        """A screenshot as PNG bytes."""
        return self.driver.get_screenshot_as_png()


@contextlib.contextmanager
def browser(folder, camera=None):
    """Starts a Chromium with an empty profile in `folder`.

    Args:
        folder: An empty folder.
        camera: A motion-JPEG file that the camera shows, over and over.

    Yields:
        A `Browser`.
    """
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for word in [*QUIET.split(), f"--user-data-dir={folder}"]:
        options.add_argument(word)
    if camera:
        options.add_argument(f"--use-file-for-fake-video-capture={camera}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(DRIVER))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
