#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Does the JSON document on standard input fit a schema?

usage: schema_validate.py SCHEMA < DOCUMENT

Status 0: it does. 1: it does not, and each error is a line on standard error with its place.
2: the schema could not be read.
"""

import json
import sys

import jsonschema


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"key {key!r} stands twice in one object")
    return dict(pairs)


def main(argv):
    if len(argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        with open(argv[1], encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
    except (OSError, ValueError, jsonschema.SchemaError) as error:
        print(f"{argv[1]}: {error}", file=sys.stderr)
        return 2
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
        document = json.loads(text, object_pairs_hook=no_duplicates)
    except ValueError as error:
        print(f"no JSON document: {error}", file=sys.stderr)
        return 1
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(validator.iter_errors(document), key=lambda error: error.json_path)
    for error in errors:
        print(f"{error.json_path}: {error.message[:300]}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
