"""Reads patterns and texts as JSON, and prints which texts each pattern takes, in the ways that Python's generators use."""

import json
import re
import sys

for question in json.load(sys.stdin):
    pattern = re.compile(question["pattern"])
    for way in ("match", "search", "fullmatch"):
        taken = (getattr(pattern, way)(text) for text in question["texts"])
        print(way, "".join("1" if each else "0" for each in taken))
