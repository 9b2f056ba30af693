#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Does the JSON document on standard input fit a schema?

usage: schema_validate.py [--lines] SCHEMA < DOCUMENT

--lines: each line is a document. Schemas may refer to others of their folder by $id.

Status 0: it does. 1: it does not, and each error is a line on standard error with its place.
2: the schema could not be read.
"""

import json
import os
import sys

import jsonschema


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ValueError(f"key {key!r} stands twice in one object")
    return dict(pairs)


def read_schema(path):
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def within(value, name):
    """The schema with its references as they are inside the bundle of all schemas."""
    if isinstance(value, list):
        return [within(item, name) for item in value]
    if not isinstance(value, dict):
        return value
    inside = {key: within(item, name) for key, item in value.items() if key != "$id"}
    if isinstance(value.get("$ref"), str):
        base, _, pointer = value["$ref"].partition("#")
        inside["$ref"] = f"#/$defs/{base or name}{pointer}"
    return inside


def validator_of(path):
    """All schemas of the folder in one, since not every release of jsonschema resolves URNs."""
    folder = os.path.dirname(path) or "."
    files = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json")]
    schemas = [read_schema(file) for file in files]
    name = read_schema(path)["$id"]
    return jsonschema.Draft202012Validator(
        {
            "$ref": f"#/$defs/{name}",
            "$defs": {schema["$id"]: within(schema, schema["$id"]) for schema in schemas},
        }
    )


def complain(validator, text, where):
    """Whether the text does not fit."""
    try:
        document = json.loads(text, object_pairs_hook=no_duplicates)
    except ValueError as error:
        print(f"{where}no JSON document: {error}", file=sys.stderr)
        return True
    errors = sorted(validator.iter_errors(document), key=lambda error: error.json_path)
    for error in errors:
        print(f"{where}{error.json_path}: {error.message[:300]}", file=sys.stderr)
    return bool(errors)


def main(argv):
    lines = argv[1:2] == ["--lines"]
    if len(argv) != 2 + lines:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        validator = validator_of(argv[-1])
    except (OSError, ValueError, jsonschema.SchemaError) as error:
        print(f"{argv[-1]}: {error}", file=sys.stderr)
        return 2
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except ValueError as error:
        print(f"no UTF-8: {error}", file=sys.stderr)
        return 1
    if not lines:
        return complain(validator, text, "")
    wrong = [
        complain(validator, line, f"line {number}: ")
        for number, line in enumerate(text.splitlines(), 1)
    ]
    return any(wrong) or not wrong


if __name__ == "__main__":
    sys.exit(main(sys.argv))
