"""Runs the samples that standard input names, and prints a line for each: what it failed with as JSON, or an empty text."""

import contextlib
import io
import json
import os
import runpy
import sys
import traceback

for task in json.load(sys.stdin):
    os.chdir(task["dir"])
    os.environ.update(entry.split("=", 1) for entry in task["env"])
    complaint = ""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            runpy.run_path(task["file"], run_name="__main__")
    except Exception as error:
        complaint = traceback.format_exc()
        if hasattr(error, "read"):
            complaint += error.read().decode()
    print(json.dumps(complaint))
