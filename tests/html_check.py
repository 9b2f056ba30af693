#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Is the HTML page on standard input one that can be opened anywhere?

It must be well-formed (as XML too, so every tag is closed and every name escaped), refer to
nothing outside itself, and run no script but the one whose hash its policy names.

usage: html_check.py < PAGE
"""

import base64
import hashlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def problems(page):
    root = ElementTree.fromstring(page)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    for name in {name for name in ids if ids.count(name) > 1}:
        yield f"id {name!r} stands twice"
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.startswith("on"):
                yield f"<{element.tag}> has a handler, {name}"
            if name in ("src", "href", "action", "data") and value[1:] not in ids:
                yield f"<{element.tag} {name}> leads to {value!r}"
    if re.search(r"url\(|@import|https?:", "".join(root.find(".//style").itertext())):
        yield "the style refers to something outside"
    policy = root.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    for script in root.iter("script"):
        digest = hashlib.sha256("".join(script.itertext()).encode()).digest()
        if f"'sha256-{base64.b64encode(digest).decode()}'" not in policy:
            yield "the policy does not let the script run"


def main():
    page = sys.stdin.buffer.read().decode("utf-8")
    try:
        found = list(problems(page))
    except ElementTree.ParseError as error:
        found = [f"not well-formed: {error}"]
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
