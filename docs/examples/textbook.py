"""A task plugin for Reef in plain Python: five small tasks, each a step from the ones before.

    reef plugin check --command "python3 docs/examples/textbook.py"
    reef grow docs/examples/textbook.json

A plugin reads one JSON-RPC request a line and answers each with one line. It says what is wanted:
inputs, right outputs, and whether an output is right. How to compute it is for Reef to find out.
"""

import json
import random
import sys


def numbers(rng, count):
    return [rng.randint(-9, 9) for _ in range(count)]


# For each task: signature, summary, an input of some size, and the right output for an input.
# An oracle returns None where the task makes no sense; a learner may ask about any input.
TASKS = {
    "double": (
        "(x: int) -> int",
        "Twice the number x.",
        lambda rng, size: [rng.randint(-10 * size, 10 * size)],
        lambda x: 2 * x,
    ),
    "square": (
        "(x: int) -> int",
        "The number x times itself.",
        lambda rng, size: [rng.randint(-10 * size, 10 * size)],
        lambda x: x * x,
    ),
    "sumOfSquares": (
        "(xs: [int]) -> int",
        "The sum of the squares of all numbers in the list.",
        lambda rng, size: [numbers(rng, size)],
        lambda xs: sum(x * x for x in xs),
    ),
    "differences": (
        "(a: [int], b: [int]) -> [int]",
        "Place by place, the number in a minus the number in b. Both lists have the same length.",
        lambda rng, size: [numbers(rng, size), numbers(rng, size)],
        lambda a, b: [x - y for x, y in zip(a, b)] if len(a) == len(b) else None,
    ),
    "squaredDistance": (
        "(a: [int], b: [int]) -> int",
        "The square of the distance between the points a and b: the sum of the squares of their "
        "differences, place by place.",
        lambda rng, size: [numbers(rng, size), numbers(rng, size)],
        lambda a, b: sum((x - y) ** 2 for x, y in zip(a, b)) if len(a) == len(b) else None,
    ),
}


def initialize(params):
    tasks = [
        {"name": name, "signature": signature, "summary": summary,
         "trainSizes": [1, 2, 3, 5], "checkSizes": [8, 200]}
        for name, (signature, summary, _, _) in TASKS.items()
    ]
    return {"protocol": 1, "plugin": "textbook", "version": "1.0.0", "tasks": tasks}


def generate(params):
    _, _, make, _ = TASKS[params["task"]]
    # One generator for each input: the same question has the same answer, and a longer list of
    # inputs begins with the shorter one.
    seeds = (f"{params['task']} {params['size']} {params['seed']} {index}"
             for index in range(params["count"]))
    return {"inputs": [make(random.Random(seed), params["size"]) for seed in seeds]}


def expected(params):
    _, _, _, answer = TASKS[params["task"]]
    return {"outputs": [answer(*arguments) for arguments in params["inputs"]]}


def verify(params):
    _, _, _, answer = TASKS[params["task"]]
    right = answer(*params["input"])
    if params["output"] == right:
        return {"ok": True}
    return {"ok": False, "reason": f"expected {right}"}


METHODS = {"initialize": initialize, "generate": generate, "expected": expected,
           "verify": verify, "shutdown": lambda params: {}}

for line in sys.stdin:
    request = json.loads(line)
    answer = {"jsonrpc": "2.0", "id": request["id"]}
    if request["method"] in METHODS:
        answer["result"] = METHODS[request["method"]](request["params"])
    else:
        answer["error"] = {"code": -32601, "message": f"no method {request['method']}"}
    print(json.dumps(answer), flush=True)
    if request["method"] == "shutdown":
        break
