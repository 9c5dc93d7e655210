"""A task plugin for Reef: adding numbers whose digits are handwritten, with scikit-learn's pictures.

    reef grow docs/examples/digits.json
    python3 docs/examples/digits.py --pictures > pictures.json
    reef bench perception --data pictures.json

Nobody tells which digit a picture shows, only what sums are. The 1,797 pictures are 8 by 8 points,
from UCI's "Optical Recognition of Handwritten Digits"; two thirds of them are there to learn from,
in numbers of one digit, and the others to be checked with, in larger numbers.
"""

import json
import random
import sys

try:
    from sklearn.datasets import load_digits
except ImportError:
    sys.exit("digits.py needs scikit-learn: pip install scikit-learn")


def load():
    data = load_digits()
    pictures = [[point / 16 for point in picture] for picture in data.data.tolist()]
    return list(zip(pictures, data.target.tolist()))


PICTURES = load()
DIGITS = {tuple(picture): digit for picture, digit in PICTURES}


def split(pictures):
    """The pictures by digit: those to learn from, and the others."""
    order = random.Random(1).sample(pictures, len(pictures))
    cut = len(order) * 2 // 3
    return [
        [[picture for picture, digit in part if digit == wanted] for wanted in range(10)]
        for part in (order[:cut], order[cut:])
    ]


TRAINING, UNSEEN = split(PICTURES)


def number(rng, size):
    """The pictures of a number of so many digits, least significant first."""
    first = [rng.randint(0, 9) for _ in range(size - 1)]
    digits = first + [rng.randint(0 if size == 1 else 1, 9)]
    source = TRAINING if size == 1 else UNSEEN
    return [rng.choice(source[digit]) for digit in digits]


def initialize(params):
    return {
        "protocol": 1, "plugin": "digits", "version": "1.0.0",
        "tasks": [{
            "name": "add", "signature": "(a: [[real]], b: [[real]]) -> [int]",
            "summary": "The sum of two natural numbers whose digits are handwritten, pictures of 8 "
            "by 8 points, least significant first. The sum is a list of digits, least significant "
            "first, without leading zeros, except that zero is [0].",
            "trainSizes": [1], "checkSizes": [4], "accuracy": 0.88,
        }],
    }


def generate(params):
    size, seed = params["size"], params["seed"]
    generators = (random.Random(f"{size} {seed} {n}") for n in range(params["count"]))
    return {"inputs": [[number(rng, size), number(rng, size)] for rng in generators]}


def answer(arguments):
    """The digits of the sum; None where a picture is none of ours."""
    values = []
    for pictures in arguments:
        digits = [DIGITS.get(tuple(picture)) for picture in pictures]
        if not digits or None in digits:
            return None
        values.append(sum(digit * 10**place for place, digit in enumerate(digits)))
    return [int(digit) for digit in reversed(str(sum(values)))]


def expected(params):
    return {"outputs": [answer(arguments) for arguments in params["inputs"]]}


def verify(params):
    right = answer(params["input"])
    if params["output"] == right:
        return {"ok": True}
    return {"ok": False, "reason": f"expected {right}"}


METHODS = {"initialize": initialize, "generate": generate, "expected": expected, "verify": verify,
           "shutdown": lambda params: {}}


def serve():
    for line in sys.stdin:
        request = json.loads(line)
        result = METHODS[request["method"]](request["params"])
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
        if request["method"] == "shutdown":
            break


if sys.argv[1:] == ["--pictures"]:
    print(json.dumps([{"picture": picture, "digit": digit} for picture, digit in PICTURES]))
else:
    serve()
