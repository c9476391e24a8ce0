#!/usr/bin/env python3
"""Looks at a page of rejoin-report in headless Chromium, as its readers do; prints what is wrong.

    page_browser.py PAGE.html

No message on the console and no request but for the page itself; values at the pointer and by
keyboard; no sideways scroll on a phone; the dark theme where it is asked for; a contrast of 4.5 of
every text in both; on paper no navigation, and pages; without script the same content.
"""

import base64
import json
import os
import re
import shutil
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

FLAGS = """--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync --disable-dev-shm-usage""".split()

# The contrast of every text against what is behind it, as WCAG 2 defines it. SVG texts lie on their
# plot. Translucent backgrounds are not used.
CONTRAST = """
function parse(c) {
    var srgb = c.match(/color\\(srgb ([\\d.]+) ([\\d.]+) ([\\d.]+)(?: \\/ ([\\d.]+))?/);
    if (srgb) return [srgb[1] * 255, srgb[2] * 255, srgb[3] * 255, srgb[4] === undefined ? 1 : +srgb[4]];
    var m = c.match(/[\\d.]+/g).map(Number);
    return [m[0], m[1], m[2], m.length > 3 ? m[3] : 1];
}
function light(c) {
    return [0.2126, 0.7152, 0.0722].reduce(function (sum, w, i) {
        var v = c[i] / 255;
        return sum + w * (v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
    }, 0);
}
function behind(el) {
    for (; el; el = el.parentElement) {
        var c = parse(getComputedStyle(el).backgroundColor);
        if (c[3] > 0) return c;
    }
    return [255, 255, 255, 1];
}
var worst = 99, where = "", n = 0, walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
    var el = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ["SCRIPT", "STYLE", "title", "desc"].includes(el.tagName)) continue;
    var style = getComputedStyle(el), svg = el.closest("svg");
    var a = light(parse(svg ? style.fill : style.color)), b = light(behind(el));
    var span = svg && el.classList.contains("who");
    if (span) {
        var rect = el.parentElement.querySelector("rect");
        b = light(parse(getComputedStyle(rect).fill));
    }
    var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    n++;
    if (ratio < worst) { worst = ratio; where = el.tagName + "." + el.getAttribute("class") + ": " + el.textContent.slice(0, 60); }
}
return [n, worst, where];
"""
# Lines and marks against the plot: 3 will do for what is no text.
STROKES = """
%s
""" % CONTRAST.split("var worst")[0] + """
var worst = 99, where = "";
document.querySelectorAll(".plot .curve, .plot .median, .plot .whisker, .plot .bar, .plot .dot").forEach(function (el) {
    var style = getComputedStyle(el), paint = style.fill !== "none" && !el.matches(".hole, .cens, .open") ? style.fill : style.stroke;
    var a = light(parse(paint)), b = light(behind(el));
    var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst) { worst = ratio; where = el.getAttribute("class") + " " + paint; }
});
return [worst, where];
"""


class Look:
    def __init__(self, path):
        self.url = "file://" + os.path.abspath(path)
        self.profile = tempfile.mkdtemp(prefix="rejoin-page-")
        self.wrong = []
        options = Options()
        options.binary_location = shutil.which("chromium")
        for flag in FLAGS + ["--user-data-dir=" + self.profile]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def expect(self, what, holds, seen=""):
        if not holds:
            self.wrong.append(f"{what} {seen}".strip())

    def screen(self, width, height=900, dark=False, phone=False):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        scheme = "dark" if dark else "light"
        self.cdp("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.driver.get(self.url)

    def silence(self):
        """The console, and what was asked of the network."""
        for entry in self.driver.get_log("browser"):
            self.expect("console:", False, entry["message"])
        urls = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            # Chromium's own new tab asks for its parts: those of the page alone count
            if message["method"] == "Network.requestWillBeSent" and message["params"]["documentURL"] == self.url:
                urls.add(message["params"]["request"]["url"])
        self.expect("requests", self.url in urls and urls <= {self.url, "data:,"}, urls)

    def tips(self):
        return self.js("return [...document.querySelectorAll('.tip')].filter(t => !t.hidden).map(t => t.textContent)")

    def move(self, css, right=0.5, down=0.5):
        """The pointer to a place within an element."""
        self.js("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", css)
        x, y = self.js(
            "var b = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return [b.left + b.width * arguments[1], b.top + b.height * arguments[2]]", css, right, down)
        self.cdp("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def pointer(self):
        self.move("#re-election .plot:nth-child(1) svg", 0.9)
        tip = " ".join(self.tips())
        self.expect("curve at the pointer", re.search(r"within \d+\.\d{3} s\n.+: \d+\.\d %", tip), repr(tip))
        for kind in (".bar", ".box"):
            self.move(f"#re-election {kind}")
            self.expect(f"{kind} at the pointer", self.tips() and self.tips()[0], self.tips())
        self.move("h1")
        self.expect("values go away", not self.tips(), self.tips())

    def keyboard(self):
        self.driver.get(self.url)
        body = self.driver.switch_to.active_element
        body.send_keys(Keys.TAB)
        self.expect("first stop", self.js("return document.activeElement.className") == "skip")
        seen = []
        for _ in range(60):
            self.driver.switch_to.active_element.send_keys(Keys.TAB)
            if self.js("return document.activeElement.matches('#re-election .plot')"):
                seen.append(self.tips())
                before = self.tips()
                self.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
                self.expect("an arrow moves on", self.tips() and self.tips() != before, (before, self.tips()))
                self.driver.switch_to.active_element.send_keys(Keys.END)
                self.expect("End shows a value", self.tips())
                self.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
                self.expect("Escape hides it", not self.tips(), self.tips())
            if len(seen) == 4:
                break
        self.expect("four charts by Tab, each with a value", len(seen) == 4 and all(seen), seen)
        self.expect("a focus that is seen", self.js(
            "return getComputedStyle(document.activeElement).outlineStyle") != "none")

    def choose(self):
        """Another trial: the summary is a button for keyboard and pointer alike."""
        picks = self.driver.find_elements("css selector", "#timeline details.pick")
        self.expect("the first trial is open", picks[0].get_attribute("open"))
        summary = picks[-1].find_element("css selector", "summary")
        self.js("arguments[0].focus()", summary)
        summary.send_keys(Keys.ENTER)
        self.expect("the last opens, the first closes",
                    picks[-1].get_attribute("open") and (len(picks) == 1 or not picks[0].get_attribute("open")))

    def sizes(self):
        for width, phone in ((375, True), (768, False), (1280, False)):
            self.screen(width, phone=phone)
            self.js("document.querySelectorAll('details').forEach(d => { d.removeAttribute('name'); d.open = true; })")
            wide = self.js("return document.documentElement.scrollWidth")
            self.expect(f"sideways scroll at {width} px:", wide <= width, wide)
            over = self.js("""
                var bad = [];
                document.querySelectorAll('.plot svg text').forEach(t => {
                    var b = t.getBoundingClientRect(), p = t.closest('.plot').getBoundingClientRect();
                    if (b.width && (b.left < p.left - 1 || b.right > p.right + 1)) bad.push(t.textContent);
                });
                return bad""")
            self.expect(f"text out of its chart at {width} px:", not over, over[:5])
            small = self.js("""
                return Math.min(...[...document.querySelectorAll('.plot svg text')].map(
                    t => t.getBoundingClientRect().height).filter(h => h > 0))""")
            self.expect(f"text of charts at {width} px is high enough:", small >= 10, small)

    def themes(self):
        backgrounds = []
        for dark in (False, True):
            self.screen(1280, dark=dark)
            self.js("document.querySelectorAll('details').forEach(d => { d.removeAttribute('name'); d.open = true; })")
            backgrounds.append(self.js("return getComputedStyle(document.body).backgroundColor"))
            n, worst, where = self.js(CONTRAST)
            name = "dark" if dark else "light"
            self.expect(f"{name}: texts looked at", n > 200, n)
            self.expect(f"{name}: contrast of a text", worst >= 4.5, f"{worst:.2f} {where}")
            worst, where = self.js(STROKES)
            self.expect(f"{name}: contrast of a mark", worst >= 3, f"{worst:.2f} {where}")
        self.expect("two themes", backgrounds[0] != backgrounds[1], backgrounds)

    def paper(self):
        self.screen(1280, dark=True)
        self.cdp("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.expect("no contents on paper", self.js("return getComputedStyle(document.querySelector('nav')).display") == "none")
        self.expect("paper is white", self.js("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)")
        pdf = base64.b64decode(self.cdp("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True)["data"])
        pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
        self.expect("pages on paper:", 2 <= pages <= 60, pages)

    def without_script(self):
        self.screen(1280)
        content = self.js("document.querySelectorAll('.tip').forEach(t => t.remove()); return document.querySelector('main').innerText.length")
        self.cdp("Emulation.setScriptExecutionDisabled", value=True)
        self.driver.get(self.url)
        self.cdp("Emulation.setScriptExecutionDisabled", value=False)
        here = self.js("return [document.querySelector('main').innerText.length, document.querySelectorAll('.m > title').length,"
                       "document.querySelectorAll('.tip').length]")
        self.expect("without script the same text,", here[0] == content, (here[0], content))
        self.expect("marks keep their titles,", here[1] > 20, here)
        self.expect("and the script did not run", here[2] == 0, here)


def main():
    look = Look(sys.argv[1])
    try:
        look.screen(1280)
        look.silence()
        look.pointer()
        look.keyboard()
        look.choose()
        look.sizes()
        look.themes()
        look.paper()
        look.without_script()
        look.silence()
    finally:
        look.close()
    for line in look.wrong:
        print(line)
    sys.exit(1 if look.wrong else 0)


if __name__ == "__main__":
    main()
