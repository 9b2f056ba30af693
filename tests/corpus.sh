#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Usage: tests/corpus.sh BINARY DIR
# Audits every file below DIR and prints how much of each is modelled. A file passes when the
# program answers (status 0 or 1, and JSON that fits the schema) or refuses it as no config
# (status 2); it fails on anything else: a crash, a sanitizer's complaint, 20 seconds.
set -eu
here=$(dirname "$0")
# shellcheck source=tests/lib.sh
. "$here/lib.sh"
use_program "${1:?usage: $0 BINARY DIR}"

clean python3 - "${2:?usage: $0 BINARY DIR}" "$here/../emitters/schema" <<'EOF'
import concurrent.futures, json, os, pathlib, subprocess, sys

directory, schemas = map(pathlib.Path, sys.argv[1:])
keys = ["lines", "modelled", "irrelevant", "unknown"]


def load_validator():
    for path in sorted(schemas.glob("audit*.json")):
        try:
            import jsonschema
        except ImportError:
            return None
        return jsonschema.Draft202012Validator(json.loads(path.read_text()))
    return None


def audit(path):
    """The status and stdout, or the reason why there is none."""
    command = ["asamend", "audit", "--esa", "192.0.2.25", "-f", "json", str(path)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    except subprocess.TimeoutExpired:
        return None, "no answer in 20 seconds"
    if done.returncode not in (0, 1, 2):
        return None, f"status {done.returncode}\n" + done.stderr.decode(errors="replace")[-4000:]
    return done.returncode, done.stdout


def coverage(output):
    """The sum of each key over the configs of one document. Raises what is wrong with it."""
    document = json.loads(output)
    if validator:
        for error in validator.iter_errors(document):
            raise ValueError(f"schema: {error.json_path}: {error.message[:300]}")
    return [sum(config["coverage"][key] for config in document["configs"]) for key in keys]


validator = load_validator()
files = sorted(path for path in directory.rglob("*") if path.is_file())
totals, refused, failures = [0] * len(keys), 0, []
sys.stdout.reconfigure(errors="backslashreplace")
print(*(f"{key:>11}" for key in keys), "  file", sep="")
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for path, (status, output) in zip(files, pool.map(audit, files)):
        name = path.relative_to(directory)
        if status is None:
            failures.append((name, output))
        elif status == 2:
            refused += 1
            print(f"{'no config':>44}  {name}")
        else:
            try:
                row = coverage(output)
            except (ValueError, KeyError, TypeError) as error:
                failures.append((name, f"{type(error).__name__}: {error}"))
                continue
            totals = [a + b for a, b in zip(totals, row)]
            print(*(f"{n:11}" for n in row), f"  {name}", sep="")

print(*(f"{n:11}" for n in totals), "  total", sep="")
print(*(f"{100 * n / max(totals[0], 1):10.1f}%" for n in totals), "  of all lines", sep="")
print(f"{refused} of {len(files)} files refused as no config;",
      "output validated" if validator else "no schema or no jsonschema: output not validated")
for name, why in failures:
    print(f"FAILED {name}: {why}")
print(f"corpus: {len(files) - len(failures)} passed, {len(failures)} failed")
sys.exit(bool(failures))
EOF
