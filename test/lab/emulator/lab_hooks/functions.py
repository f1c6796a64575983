"""Node functions as Lambda runs them: a chosen Node, errors by their own name, TLS to loopback, an endpoint to call.

Stock MiniStack calls every error Runtime.HandlerError, kills the environment of a function that throws, and turns
https://127.0.0.1 into http, behind which the lab's API servers do not answer.
"""

import os
import threading

from ministack.core import lambda_runtime as runtime
from ministack.services import lambda_svc

_THROWN = "__lab_thrown"

# What the functions' environments have besides; the lab changes it by POST /_lab/functions.
ENVIRONMENT = {}

# Name of the error that the last invocation on this thread ended with.
_last = threading.local()


def install():
    runtime._NODEJS_WORKER_SCRIPT = _patched(runtime._NODEJS_WORKER_SCRIPT)
    detect, spawn, invoke = runtime._detect_runtime_binary, runtime.Worker._spawn, runtime.Worker.invoke
    execute = lambda_svc._execute_function_warm
    runtime._detect_runtime_binary = lambda name: _binary(name, detect)
    runtime.Worker._spawn = lambda self: _spawn(self, spawn)
    runtime.Worker.invoke = lambda self, *args, **more: _named(invoke(self, *args, **more))
    lambda_svc._execute_function_warm = lambda function, event, request: _execute(function, event, request, execute)


def _patched(script):
    for stock, ours in (
        ('status: "error", error: String(err.message || err), trace: err.stack || ""',
         f'status: "ok", result: {{ {_THROWN}: {{ name: (err && err.name) || "Error", '
         'message: String((err && err.message) || err), stack: (err && err.stack) || "" } }'),
        ('if (host === "127.0.0.1" || host === "localhost" || host === msHost', "if (false"),
    ):
        if stock not in script:
            raise RuntimeError(f"MiniStack's worker for Node is not the one that this was written for: no {stock}")
        script = script.replace(stock, ours)
    return script


def _binary(name, stock):
    binary, script = stock(name)
    return (os.environ.get("LAMBDA_NODE", binary), script) if name.startswith("nodejs") else (binary, script)


def _spawn(worker, stock):
    """Lets the function see the lab's own endpoint, which its configuration cannot know when it is written."""
    declared = worker.config.get("Environment", {}).get("Variables", {})
    kept, variables = worker.config, {**ENVIRONMENT, **declared}
    worker.config = {**worker.config, "Environment": {"Variables": variables}}
    try:
        stock(worker)
    finally:
        worker.config = kept


def _named(answer):
    result = answer.get("result")
    thrown = result.get(_THROWN) if isinstance(result, dict) else None
    _last.error = thrown and thrown["name"]
    if not thrown:
        return answer
    return {**answer, "status": "error", "result": None, "error": thrown["message"], "trace": thrown["stack"]}


def _execute(function, event, request, stock):
    _last.error = None
    answer = stock(function, event, request)
    if answer.get("error") and _last.error:
        answer["body"]["errorType"] = _last.error
    return answer
