"""Asks a running server for what it does not expect: ask.py ROOT ADDRESS TOKEN.

What it learns it leaves in the folder where it runs.
"""

import json
import sys
import urllib.request

from schemathesis.cli import schemathesis

SECONDS = 60

root, address, token = sys.argv[1:]
authorization = f"Bearer {token}"

space = json.dumps({"space": "2a2a2a2a-2a2a-4a2a-aa2a-2a2a2a2a2a2a"}).encode()
headers = {"authorization": authorization, "content-type": "application/json"}
bound = urllib.request.Request(f"{address}/v1/space", space, headers, method="PUT")
urllib.request.urlopen(bound).close()

schemathesis(
    [
        "--config-file", f"{root}/tests/api/schemathesis.toml",
        "run", f"{root}/docs/openapi.json",
        "--url", address,
        "--header", f"Authorization: {authorization}",
        "--max-time", str(SECONDS),
        "--workers", "2",
    ],
    prog_name="schemathesis",
)
