"""Has the reference's blocks send the notifications of argv[1], and prints the calls they would make."""

import asyncio
import json
import sys

import httpx
import requests
from prefect.blocks import notifications

calls = []


def record(method, url, headers, body):
    text = body.decode() if isinstance(body, bytes) else body
    calls.append({"method": method, "url": str(url), "headers": dict(headers), "body": text})


def by_requests(_session, method, url, **options):
    kept = {name: options.get(name) for name in ("headers", "data", "json", "params", "auth")}
    made = requests.Request(method=method.upper(), url=url, **kept).prepare()
    record(made.method, made.url, made.headers, made.body)
    answer = requests.Response()
    answer.status_code = 202 if "opsgenie" in url or "pagerduty" in url else 200
    answer._content = b"ok"
    return answer


async def by_httpx(_client, request, **_options):
    record(request.method, request.url, request.headers, request.content)
    return httpx.Response(200, request=request)


requests.Session.request = by_requests
httpx.AsyncClient.send = by_httpx
by_slug = {cls.get_block_type_slug(): cls for cls in vars(notifications).values() if hasattr(cls, "notify") and getattr(cls, "_block_type_name", None)}
answers = []
for case in json.loads(sys.argv[1]):
    calls.clear()
    failed = False
    try:
        block = by_slug[case["slug"]](**case["data"])
        with block.raise_on_failure():
            asyncio.run(block.anotify(case["message"]["body"], case["message"]["subject"]))
    except Exception as error:
        failed = type(error).__name__
    answers.append({"calls": list(calls), "failed": failed})
print(json.dumps(answers))
