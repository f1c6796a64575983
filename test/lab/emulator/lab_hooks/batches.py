"""SQS batches of Lambda: AWS fails the whole batch when an item identifier is empty or not of the batch.

Stock MiniStack takes such an answer for "nothing failed" and deletes the messages.
"""

import threading

from ministack.services import lambda_svc

_current = threading.local()


def install():
    run, execute = lambda_svc._run_sqs_batch, lambda_svc._execute_function
    lambda_svc._run_sqs_batch = lambda mapping, function, event, batch, *queue: _run(
        run, mapping, function, event, batch, *queue)
    lambda_svc._execute_function = lambda function, event: _checked(execute(function, event))


def _run(stock, mapping, function, event, batch, *queue):
    reports = "ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or [])
    _current.ids = {message["id"] for message in batch} if reports else None
    try:
        return stock(mapping, function, event, batch, *queue)
    finally:
        _current.ids = None


def _checked(answer):
    ids, body = getattr(_current, "ids", None), answer.get("body")
    if ids is None or answer.get("error") or not isinstance(body, dict):
        return answer
    named = [failure.get("itemIdentifier") for failure in body.get("batchItemFailures") or []]
    if all(name in ids for name in named):
        return answer
    problem = {"errorType": "InvalidBatchItemFailures", "errorMessage": f"not of this batch: {named}"}
    return {"error": True, "body": problem}
