#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Is the HTML page on standard input one that can be opened anywhere?

It must be well-formed (as XML too, so every tag is closed and every name escaped; a script is
text of its own and left out of that), refer to nothing outside itself, and obey no style and no
script but those whose hashes its policy names.

usage: html_check.py < PAGE
"""

import base64
import hashlib
import re
import sys
import xml.etree.ElementTree as ElementTree


def digest(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def tree(page):
    return ElementTree.fromstring(re.sub(r"<script>.*?</script>", "<script/>", page, flags=re.DOTALL))


def problems(page):
    raw = re.findall(r"<(script|style)>(.*?)</\1>", page, re.DOTALL)
    root = tree(page)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    known = set(ids)
    for name in {name for name in ids if ids.count(name) > 1} if len(known) < len(ids) else ():
        yield f"id {name!r} stands twice"
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style":
                yield f"<{element.tag}> has {name}, which the policy refuses"
            if name in ("src", "href", "action", "data") and value[1:] not in known:
                yield f"<{element.tag} {name}> leads to {value!r}"
    policy = root.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"the policy is not strict: {policy}"
    for kind, text in raw:
        if digest(text) not in policy.split(f"{kind}-src", 1)[-1].split(";")[0]:
            yield f"the policy does not allow the {kind}"
        if kind == "style" and re.search(r"url\(|@import|https?:", text):
            yield "the style refers to something outside"


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
