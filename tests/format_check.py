#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Does every format tell what the JSON of the same run tells?

usage: format_check.py [--schema SARIF-SCHEMA] [--fail-on SEVERITY] JSON FORMAT=FILE...

Each file is read the way its readers do (csv, XML, the escapes of workflow commands, URIs) and
compared with the findings, flows and inputs of the JSON, finding by finding. Paths are taken
from the current folder. Prints a line for each format; status 1 when one of them is wrong.
"""

import argparse
import collections
import csv
import io
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True  # beside the sources
import html_check

LEVELS = ["note", "warning", "error"]
Finding = collections.namedtuple("Finding", "config rule name severity flow line place data")


class Wrong(Exception):
    pass


def check(condition, message):
    if not condition:
        raise Wrong(message)


def same(what, got, expected):
    """Two multisets."""
    got, expected = collections.Counter(got), collections.Counter(expected)
    for item in (expected - got).keys():
        raise Wrong(f"{what}: {item!r} is missing")
    for item in (got - expected).keys():
        raise Wrong(f"{what}: {item!r} is too much")


def plain(text):
    """Control characters as every format but JSON prints them."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", text or "")


def place(path):
    """As sites name a file: below the current folder, or absolute."""
    path = os.path.normpath(os.path.join(os.getcwd(), path))
    below = os.getcwd().rstrip("/") + "/"
    return path[len(below):] if path.startswith(below) else path


class Expected:
    def __init__(self, document, fail_on):
        self.configs = document["configs"]
        self.summary = document["summary"]
        self.fail_on = LEVELS.index(fail_on)
        self.findings = [
            self.finding(config, finding)
            for config in self.configs
            for finding in config["findings"]
        ]

    @staticmethod
    def finding(config, finding):
        first = next((line for line in finding["evidence"] if line["line"]), None)
        path = (first or {}).get("path", config["path"])
        return Finding(
            config, finding["rule"], finding["name"], finding["severity"], finding["flow"],
            first["line"] if first else None, place(path), finding,
        )

    def shown(self, suppressed):
        return [f for f in self.findings if suppressed or not f.data["suppressed"]]


def one_of(expected, what, entries, key):
    """`entries` tell the findings that are not suppressed, or all of them."""
    try:
        same(what, entries, map(key, expected.shown(False)))
        return len(expected.shown(False))
    except Wrong:
        if len(entries) == len(expected.shown(False)):
            raise
    same(what, entries, map(key, expected.shown(True)))
    return len(expected.shown(True))


# ---- the formats


def check_csv(expected, data):
    text = data.decode("utf-8")
    check(text.endswith("\r\n"), "no CRLF at the end")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    check(all(len(row) == 11 for row in rows), "a row has not 11 cells")
    check("path,hostname,context,rule,severity,flow,appliance,line,message,fingerprint,"
          "suppressed\r\n" == text[:text.index("\n") + 1], "another header")
    for cell in (cell for row in rows for cell in row):
        check(not cell or cell[0] not in "=+-@\t\r\n", f"a spreadsheet reads {cell!r}")
    unread = [row for row in rows[1:] if not row[3]]
    check(len(unread) >= expected.summary["unreadable"], "an unreadable input is missing")
    got = [
        tuple(plain(re.sub(r"^'(?=[=+\-@\t\r\n])", "", cell)) for cell in row)
        for row in rows[1:] if row[3]
    ]
    wanted = [
        tuple(plain(str(value or "")) for value in (
            f.config["path"], f.config["hostname"], f.config["context"], f.rule, f.severity,
            f.flow, f.data["appliance"],
            next((e["line"] for e in f.data["evidence"] if e["line"] and "path" not in e), None),
            f.data["message"], f.data["fingerprint"], (f.data["suppressed"] or {}).get("by"),
        ))
        for f in expected.findings
    ]
    check(got == wanted, "other rows than there are findings")
    return len(got)


def uri_path(uri):
    check(re.fullmatch(r"[A-Za-z0-9._~/%:-]+", uri), f"no URI: {uri!r}")
    check(not re.search(r"%(?![0-9A-F]{2})", uri), f"bad escape: {uri!r}")
    if uri.startswith("file://"):
        uri = uri[len("file://"):]
        check(uri.startswith("/"), f"not absolute: {uri!r}")
    else:
        check(":" not in uri and not uri.startswith("/"), f"not relative: {uri!r}")
        check(not {".", ".."} & set(uri.split("/")), f"not below this folder: {uri!r}")
    return urllib.parse.unquote(uri, errors="replace")


def check_sarif(expected, data, schema=None):
    document = json.loads(data)
    if schema:
        import jsonschema
        kind = jsonschema.validators.validator_for(schema)
        validator = kind(schema, format_checker=jsonschema.FormatChecker())
        for error in validator.iter_errors(document):
            raise Wrong(f"schema: {error.json_path}: {error.message[:200]}")
    check(len(document["runs"]) == 1, "not one run")
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    check(len(rules) >= 40, "not every rule")
    for rule in rules:
        check(rule["help"]["text"] and rule["help"]["markdown"], f"{rule['id']} has no help")
    results = run["results"]
    check(len(results) <= 25000, "more results than GitHub takes")
    got = []
    for result in results:
        check(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex")
        where = result["locations"][0]["physicalLocation"]
        got.append((result["ruleId"], result["level"],
                    uri_path(where["artifactLocation"]["uri"]), where["region"]["startLine"],
                    result["partialFingerprints"]["primaryLocationLineHash"],
                    len(result.get("suppressions", []))))
    many = bool(results) and "suppressions" in results[0]
    same("results", got, (
        (f.rule, f.severity, f.place, f.line or 1, f.data["fingerprint"],
         int(many and bool(f.data["suppressed"])))
        for f in expected.shown(many)
    ))
    invocation, = run["invocations"]
    check(invocation["executionSuccessful"] or expected.summary["unreadable"]
          or any(n["level"] == "error" for n in invocation["toolExecutionNotifications"]),
          "not successful, and no reason")
    check(not (invocation["executionSuccessful"] and expected.summary["unreadable"]),
          "successful, but not everything was read")
    same("lines", (
        n["level"] for n in invocation["toolExecutionNotifications"]
        if n["descriptor"]["id"] == "input-line"
    ), (
        diagnostic["severity"]
        for config in expected.configs for diagnostic in config["diagnostics"][:1000]
    ))
    same("artifacts", {uri_path(a["location"]["uri"]) for a in run["artifacts"]},
         {place(config["path"]) for config in expected.configs})
    return len(got)


def check_gitlab(expected, data):
    words = {"error": "critical", "warning": "major", "note": "info"}
    issues = json.loads(data)
    check(isinstance(issues, list), "no array")
    paths = [config["path"] for config in expected.configs]
    if len(set(paths)) == len(paths):
        prints = [issue["fingerprint"] for issue in issues]
        check(len(set(prints)) == len(prints), "a fingerprint stands twice")
    for issue in issues:
        check(issue["description"].strip(), "no description")
        check(not issue["location"]["path"].startswith("./"), "a path begins with ./")
    return one_of(expected, "issues", [
        (issue["check_name"], issue["fingerprint"], issue["severity"], issue["location"]["path"],
         issue["location"]["lines"]["begin"]) for issue in issues
    ], lambda f: (
        f"{f.rule} {f.name}", f.data["fingerprint"],
        "info" if f.data["suppressed"] else words[f.severity], f.place, f.line or 1,
    ))


def unescape(text, codes):
    """As the runner does: %25 last."""
    for code, char in codes:
        text = text.replace(code, char)
    return text.replace("%25", "%")


def check_github(expected, data):
    text = data.decode("utf-8")
    check(not text or text.endswith("\n"), "no line end")
    got, notes, levels = [], 0, []
    for line in text.split("\n")[:-1]:
        check("\r" not in line, f"a CR in {line!r}")
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        check(match, f"no workflow command: {line!r}")
        pairs = dict(pair.split("=", 1) for pair in match[2].split(","))
        pairs = {key: unescape(value, [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")])
                 for key, value in pairs.items()}
        check(set(pairs) <= {"file", "line", "title"}, f"properties {set(pairs)}")
        message = unescape(match[3], [("%0D", "\r"), ("%0A", "\n")])
        check(message.strip(), "an empty message")
        if not re.match(r"AM\d{3} ", pairs["title"]):
            notes += 1
            continue
        level = match[1].replace("notice", "note")
        levels.append(LEVELS.index(level))
        got.append((pairs["title"], level, plain(pairs["file"]), int(pairs["line"])))
    check(levels == sorted(levels, reverse=True), "not the most severe first")
    check(notes >= expected.summary["unreadable"], "an unreadable input is missing")
    return one_of(expected, "annotations", got, lambda f: (
        f"{f.rule} {f.name}", "note" if f.data["suppressed"] else f.severity, plain(f.place),
        f.line or 1,
    ))


def check_junit(expected, data):
    root = ElementTree.fromstring(data)
    check(root.tag == "testsuites", "no testsuites")
    suites = root.findall("testsuite")
    for element in [root, *suites]:
        for number, tag in (("tests", "testcase"), ("failures", "testcase/failure"),
                            ("errors", "testcase/error"), ("skipped", "testcase/skipped")):
            path = tag if element is not root else f"testsuite/{tag}"
            check(int(element.get(number)) == len(element.findall(path)), f"number of {number}")
    cases = list(root.iter("testcase"))
    paths = [(config["path"], config["context"]) for config in expected.configs]
    if len(set(paths)) == len(paths):
        names = [(case.get("classname"), case.get("name")) for case in cases]
        check(len(set(names)) == len(names), "a case stands twice")
    for case in cases:
        ends = [e for e in case if e.tag in ("failure", "error", "skipped")]
        check(len(ends) <= 1, "a case has more than one end")
        check(all((e.text or "").strip() for e in ends), "an end without a text")
    check(len(suites) >= len(expected.configs) + expected.summary["unreadable"], "suites")
    told = 0
    for suite, config in zip(suites, expected.configs):
        check(suite.get("name").startswith(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]",
                                                  "\ufffd", config["path"])), "name of a suite")
        for name, flow in [("config", None)] + [(f["id"], f) for f in config["flows"]]:
            case = next(c for c in suite if c.get("name") == name)
            failing = [f for f in config["findings"] if f["flow"] == (flow and name)
                       and not f["suppressed"]
                       and LEVELS.index(f["severity"]) >= expected.fail_on]
            failure = case.findtext("failure", "")
            same(f"failures of {name}",
                 re.findall(r"(?m)^(?! {4}).*?: (?:note|warning|error) (AM\d{3}) [a-z0-9-]+: ", failure),
                 (f["rule"] for f in failing))
            told += len(failing)
            if flow and not failing:
                unsure = flow["inspected"] == "unknown"
                check(flow["on_path"] or case.find("skipped") is not None, f"{name} is off path")
                check(not unsure or case.find("skipped") is not None, f"{name} is unknown")
    for suite in suites[len(expected.configs):]:
        check(suite.find("testcase/error") is not None, "an unreadable input without an error")
    return told


def check_markdown(expected, data):
    text = data.decode("utf-8")
    check(len(text) <= 65536, f"{len(text)} characters are more than a comment holds")
    counts = expected.summary["findings"]
    first = text.split("\n", 1)[0]
    for severity in LEVELS:
        stands = re.search(rf"\b(\d+) {severity}s?\b", first)
        check((int(stands[1]) if stands else 0) == counts[severity], f"number of {severity}s")
    check(len(re.findall("(?m)^<details>", text)) == len(re.findall("(?m)^</details>$", text)),
          "details that do not end")
    # what is left when our tags, blocks of code and code are gone has no markup of its own
    rest = re.sub(r"(?m)^<details><summary><code>.*</code></summary>$|^    .*$", "", text)
    rest = re.sub(r"</?(?:details|code)>|<!-- -->", " ", rest)
    check("<" not in rest, "a tag that is not ours")
    check(not re.search(r"[@#][A-Za-z0-9]", rest.replace("&#39;", "")), "a mention")
    wanted, lines = None, text.split("\n")
    for number, line in enumerate(lines):
        cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
        if line.startswith("|---"):
            wanted = cells
            check(len(re.findall(r"\|", lines[number - 1])) == wanted, "the head of a table")
        elif wanted and line.startswith("|"):
            check(cells == wanted, f"a row of {cells} cells: {line!r}")
        else:
            wanted = None
    if "no room" not in text:
        for rule in {f.rule for f in expected.shown(False)}:
            check(f"**{rule}**" in text, f"{rule} is missing")
    return len(expected.configs)


def check_html(expected, data):
    page = data.decode("utf-8")
    for problem in html_check.problems(page):
        raise Wrong(problem)
    root = html_check.tree(page)
    told = [section for section in root.iter("section") if section.get("class") == "fw"]
    check(len(told) == len(expected.configs), f"{len(told)} firewalls")
    words = lambda element: "".join(element.itertext())
    # findings that are alike are told as one, with all their flows and messages
    for config, section in zip(expected.configs, told):
        got, wanted = set(), set()
        hidden = [one for box in section.iter("details") if box.get("class") == "suppressed"
                  for one in box.iter("article")]
        for article in section.iter("article"):
            severity, rule = words(article.find("h4/span")), words(article.find("h4/a"))
            codes = {words(code) for code in article.iter("code")}
            for message in article.findall("p[@class='message']"):
                got.add((severity, rule, article in hidden, words(message).replace("`", "")))
            check(any(rule == f["rule"] and (not f["flow"] or plain(f["flow"]) in codes)
                      for f in config["findings"]), f"{config['path']}: {rule} has no flow")
        for finding in config["findings"]:
            wanted.add((finding["severity"], finding["rule"], finding["suppressed"] is not None,
                        plain(finding["message"]).replace("`", "")))
        same(config["path"], got, wanted)
    rows = [row for row in root.iter("tr") if row.get("data-r") is not None]
    check(len(rows) == (len(told) if len(told) > 1 else 0), f"{len(rows)} rows")
    for config, row in zip(expected.configs, rows):
        rules = collections.Counter(f["rule"] for f in config["findings"] if not f["suppressed"])
        same(f"row of {config['path']}", row.get("data-r").split(),
             [f"{rule}:{n}" for rule, n in rules.items()])
    tiles = {tile.get("data-n"): words(tile).replace(",", "") for tile in root.iter("dd")}
    for severity in LEVELS:
        check(int(tiles[severity]) == expected.summary["findings"][severity], f"{severity}s")
    return len(told)


CHECKS = {
    "csv": check_csv, "sarif": check_sarif, "gitlab": check_gitlab, "github": check_github,
    "junit": check_junit, "markdown": check_markdown, "html": check_html,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--schema")
    parser.add_argument("--fail-on", default="warning", choices=LEVELS)
    parser.add_argument("json")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    checks = dict(CHECKS)
    if options.schema:
        with open(options.schema, encoding="utf-8") as file:
            schema = json.load(file)
        checks["sarif"] = lambda expected, data: check_sarif(expected, data, schema)
    with open(options.json, encoding="utf-8") as file:
        expected = Expected(json.load(file), options.fail_on)
    status = 0
    for argument in options.files:
        name, path = argument.split("=", 1)
        with open(path, "rb") as file:
            data = file.read()
        try:
            print(f"{name}: {checks[name](expected, data)} told")
        except (Wrong, ValueError, LookupError, TypeError, ElementTree.ParseError) as error:
            print(f"{name}: wrong: {type(error).__name__}: {error}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
