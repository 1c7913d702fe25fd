"""Runs the scenarios named as arguments, one after the other, and prints a line of JSON about each.

A scenario is a module beside this file with a function `run()`. Its flows are named after the module
(`retried_task.py`: `retried-task`, `retried-task-child`, ...): that is how the test finds their runs.
"""

import importlib
import json
import sys
import time
import traceback

for name in sys.argv[1:]:
    begun = time.monotonic()
    failure = None
    try:
        importlib.import_module(name).run()
    except BaseException:
        failure = traceback.format_exc()
    outcome = {"scenario": name, "seconds": round(time.monotonic() - begun, 2), "failure": failure}
    print(json.dumps(outcome), flush=True)
