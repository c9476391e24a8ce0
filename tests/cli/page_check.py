#!/usr/bin/env python3
"""Holds a page of rejoin-report against what every page must be; prints what is wrong.

    page_check.py PAGE.html

Well-formed (every element closed in its order), complete in itself (no address but that of a
namespace or a data: icon), ids unique and referred to, headings in order, every table with a
caption and scoped heads, every drawing named, a Content-Security-Policy whose hashes are those of
the style and script that stand in it.
"""

import base64
import hashlib
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}
# SVG shapes may be empty elements: <path .../>
REFERS = {"aria-labelledby", "aria-describedby", "for"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.wrong, self.ids, self.refers, self.headings = [], [], [], [], []
        self.tables, self.drawings, self.csp, self.texts = [], [], "", {}
        self.landmarks = []

    def bad(self, what):
        self.wrong.append(f"line {self.getpos()[0]}: {what}")

    def handle_startendtag(self, tag, attrs):
        self.look(tag, dict(attrs), attrs)

    def handle_starttag(self, tag, attrs):
        self.look(tag, dict(attrs), attrs)
        if tag not in VOID:
            self.stack.append(tag)

    def look(self, tag, a, attrs):
        if len(a) != len(attrs):
            self.bad(f"<{tag}> has an attribute twice")
        if "style" in a:
            self.bad(f"<{tag}> has a style of its own: the policy forbids it")
        for name, value in attrs:
            if name.startswith("on"):
                self.bad(f"<{tag}> has a handler {name}")
            if name in REFERS:
                self.refers += (value or "").split()
            if name in ("href", "src", "action", "data", "poster", "srcset", "xlink:href"):
                if not (value.startswith("#") or value == "data:,"):
                    self.bad(f"<{tag} {name}={value}> leads out of the page")
                elif value.startswith("#"):
                    self.refers.append(value[1:])
        if "id" in a:
            self.ids.append(a["id"])
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy":
            self.csp = a["content"]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("header", "nav", "main", "footer"):
            self.landmarks.append(tag)
        if tag == "table":
            self.tables.append({"caption": False, "scoped": True, "line": self.getpos()[0]})
        if tag == "caption":
            self.tables[-1]["caption"] = True
        if tag == "th" and a.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            self.tables[-1]["scoped"] = False
        if tag == "svg" and a.get("aria-hidden") != "true":
            self.drawings.append({"role": a.get("role"), "title": False})
        if tag == "title" and self.stack and self.stack[-1] == "svg" and self.drawings:
            self.drawings[-1]["title"] = True

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1] != tag:
            self.bad(f"</{tag}> closes {self.stack[-1] if self.stack else 'nothing'}")
        else:
            self.stack.pop()

    def handle_data(self, data):
        if self.stack and self.stack[-1] in ("style", "script"):
            self.texts[self.stack[-1]] = self.texts.get(self.stack[-1], "") + data


def sha(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def check(text):
    page = Page()
    page.feed(text)
    page.close()
    wrong = page.wrong
    if page.stack:
        wrong.append(f"never closed: {page.stack}")
    twice = {i for i in page.ids if page.ids.count(i) > 1} if len(set(page.ids)) < len(page.ids) else set()
    wrong += [f"id {i} is there twice" for i in twice]
    wrong += [f"no element has the id {i}" for i in set(page.refers) - set(page.ids)]
    wrong += [f"heading {b} after {a}" for a, b in zip([0] + page.headings, page.headings) if b > a + 1]
    if page.headings.count(1) != 1:
        wrong.append("not one h1")
    if sorted(page.landmarks) != ["footer", "header", "main", "nav"]:
        wrong.append(f"landmarks {page.landmarks}")
    wrong += [f"line {t['line']}: table without caption" for t in page.tables if not t["caption"]]
    wrong += [f"line {t['line']}: head without scope" for t in page.tables if not t["scoped"]]
    wrong += [f"drawing {d}" for d in page.drawings if d["role"] != "img" or not d["title"]]
    if not page.csp.startswith("default-src 'none';"):
        wrong.append(f"policy {page.csp!r}")
    for name in ("style", "script"):
        if f"{name}-src {sha(page.texts[name])};" not in page.csp:
            wrong.append(f"the policy does not allow the {name} that is there: {sha(page.texts[name])}")
    urls = set(re.findall(r"""(?:url\(|@import|https?:|//[a-z])[^\s"'<)]*""", page.texts["style"])) | {
        u for u in re.findall(r"https?:[^\s\"'<)]*", page.texts["script"]) if "w3.org/2000/svg" not in u
    }
    wrong += [f"address {u}" for u in urls]
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text):
        wrong.append("control characters")
    if re.search(r"\b(nan|inf)\b", re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.S)):
        wrong.append("nan or inf")
    return wrong


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        wrong = check(f.read())
    for line in wrong[:20]:
        print(line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
