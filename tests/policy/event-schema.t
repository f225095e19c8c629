#!/usr/bin/python3
"""policy/event.schema.json against an event of each kind, as event_samples
prints them: each is valid, has no key that the schema does not know, and is
not valid any more where one that it must have is missing or is nonsense."""
import copy
import json
import os
import subprocess
import sys

from jsonschema import Draft7Validator, FormatChecker

here = os.path.dirname(os.path.abspath(__file__))
top = os.path.dirname(os.path.dirname(here))
build = os.environ.get("STAGEGATE_BUILD", os.path.join(top, "build"))
count = 0
failed = False


def ok(good, what, notes=()):
    global count, failed
    count += 1
    failed = failed or not good
    print(f"{'' if good else 'not '}ok {count} - {what}")
    for note in [] if good else notes:
        print("#", str(note).replace("\n", "\n# "), file=sys.stderr)


def closed(node):
    """The schema without room for keys that are to come."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: closed(value) for key, value in node.items()}
    if node.get("type") == "object" and "properties" in node:
        result["additionalProperties"] = False
    return result


def without(event, path):
    damaged = copy.deepcopy(event)
    at = damaged
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return damaged


def instead(event, path, value):
    damaged = copy.deepcopy(event)
    at = damaged
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return damaged


with open(os.path.join(top, "policy", "event.schema.json")) as file:
    schema = json.load(file)
Draft7Validator.check_schema(schema)
validator = Draft7Validator(closed(schema), format_checker=FormatChecker())
custom = schema["definitions"]["customData"]
lines = subprocess.run([os.path.join(build, "tools", "event_samples"), "json"],
                       stdout=subprocess.PIPE, check=True).stdout.splitlines()
kinds = set()
for line in lines:
    event = json.loads(line)
    kind = event["event"]
    kinds.add(kind)
    what = f"{kind}: {event['type']}"
    ok(validator.is_valid(event), what, validator.iter_errors(event))
    data = ["data", "customData"]
    must = [key for rule in custom["allOf"]
            if rule["if"]["properties"]["event"]["const"] == kind
            for key in rule["then"]["required"]] + custom["required"]
    wrong = [key for key in schema["required"]
             if validator.is_valid(without(event, [key]))]
    wrong += [key for key in must
              if validator.is_valid(without(event, data + [key]))]
    wrong += [key for key in event["data"]["customData"]
              if validator.is_valid(instead(event, data + [key], {"x": 1}))]
    wrong += [key for key in event
              if validator.is_valid(instead(event, [key], {"x": 1}))]
    ok(not wrong, f"{what}, damaged", wrong)
ok(kinds == set(schema["definitions"]["kind"]["enum"]), "each kind was there")
print(f"1..{count}")
sys.exit(failed)
