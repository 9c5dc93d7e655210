import ReefMachine

extension PythonProgram {
  static func core(_ limits: Limits) -> String {
    """
    import json
    import math
    import sys
    import threading

    # The most steps of a run, the most elements of a list, and the most calls open at once.
    FUEL_LIMIT = \(limits.fuel)
    LENGTH_LIMIT = \(limits.bytes / 8)
    DEPTH_LIMIT = \(limits.depth)

    fuel = FUEL_LIMIT


    class Failure(Exception):
        pass


    def charge(steps):
        global fuel
        fuel -= steps
        if fuel < 0:
            raise Failure("fuel")


    """
  }

  static let snippets: [(name: String, text: String)] = [
    (
      "Made",
      """
      class Made:
          # A value of a declared type: what the constructor of that number made.
          __slots__ = ("kind", "tag", "fields")

          def __init__(self, kind, tag, fields):
              self.kind = kind
              self.tag = tag
              self.fields = fields

      """
    ),
    (
      "int64",
      """
      def int64(value):
          if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
              return value
          raise Failure("overflow")

      """
    ),
    (
      "real_divide",
      """
      def real_divide(x, y):
          if y != 0:
              return x / y
          if x == 0 or math.isnan(x):
              return math.nan
          return math.copysign(math.inf, x) * math.copysign(1, y)

      """
    ),
    (
      "real_exp",
      """
      def real_exp(x):
          try:
              return math.exp(x)
          except OverflowError:
              return math.inf

      """
    ),
    (
      "real_log",
      """
      def real_log(x):
          if x > 0:
              return math.log(x)
          return -math.inf if x == 0 else math.nan

      """
    ),
    (
      "real_min",
      """
      def real_min(x, y):
          if math.isnan(x) or math.isnan(y):
              return math.nan
          return x if x < y or (x == y and math.copysign(1, x) < 0) else y

      """
    ),
    (
      "equal",
      """
      def equal(x, y):
          if isinstance(x, (int, float)):
              return x == y
          if isinstance(x, tuple):
              charge(2)
              return equal(x[0], y[0]) and equal(x[1], y[1])
          if hasattr(x, "fields"):
              if x.tag != y.tag:
                  return False
              charge(len(x.fields))
              return all(equal(a, b) for a, b in zip(x.fields, y.fields))
          if len(x) != len(y):
              return False
          for a, b in zip(x, y):
              charge(1)
              if not equal(a, b):
                  return False
          return True

      """
    ),
    (
      "room",
      """
      def room(count):
          charge(count)
          if count > LENGTH_LIMIT:
              raise Failure("memory")

      """
    ),
    (
      "nonempty",
      """
      def nonempty(xs):
          if not xs:
              raise Failure("emptyList")
          return xs

      """
    ),
    ("list_first", "def list_first(xs):\n    return nonempty(xs)[0]\n"),
    ("list_last", "def list_last(xs):\n    return nonempty(xs)[-1]\n"),
    (
      "Rest",
      """
      class Rest:
          # A long list without its first elements. It shares the others, so that a recursion which
          # goes through a list does not hold a copy for each of its calls.
          __slots__ = ("whole", "start")

          def __init__(self, whole, start):
              self.whole = whole
              self.start = start

          def __len__(self):
              return len(self.whole) - self.start

          def __getitem__(self, index):
              if isinstance(index, slice):
                  return self.whole[self.start:][index]
              return self.whole[index if index < 0 else self.start + index]

          def __iter__(self):
              return iter(self.whole[self.start:])

      """
    ),
    (
      "list_rest",
      """
      def list_rest(xs):
          if len(xs) <= 32:
              return nonempty(xs)[1:]
          if isinstance(xs, Rest):
              return Rest(xs.whole, xs.start + 1)
          return Rest(xs, 1)

      """
    ),
    (
      "list_get",
      """
      def list_get(xs, index):
          if not 0 <= index < len(xs):
              raise Failure("index")
          return xs[index]

      """
    ),
    (
      "list_set",
      """
      def list_set(xs, index, value):
          if not 0 <= index < len(xs):
              raise Failure("index")
          xs = [*xs]
          xs[index] = value
          return xs

      """
    ),
    (
      "list_concat",
      """
      def list_concat(xs, ys):
          charge(len(ys))
          return [*xs, *ys]

      """
    ),
    (
      "list_reverse",
      """
      def list_reverse(xs):
          charge(len(xs))
          return xs[::-1]

      """
    ),
    (
      "list_range",
      """
      def list_range(low, high):
          room(max(0, high - low))
          return list(range(low, high))

      """
    ),
    (
      "list_replicate",
      """
      def list_replicate(count, value):
          room(max(0, count))
          return [value] * count

      """
    ),
    (
      "list_zip",
      """
      def list_zip(xs, ys):
          charge(min(len(xs), len(ys)))
          return list(zip(xs, ys))

      """
    ),
    (
      "list_indexOf",
      """
      def list_indexOf(xs, value):
          for index, x in enumerate(xs):
              charge(1)
              if equal(x, value):
                  return index
          return -1

      """
    ),
  ]

  /// With `SKILL` for its name and `TYPES` for its parameters' types.
  /// With lines `READ_MADE`, `NEST` and `WRITE_MADE` for what declared types need.
  static let main = #"""
    def read(json_value, kind):
        if isinstance(kind, list) and isinstance(json_value, list):
            return [read(x, kind[0]) for x in json_value]
        if isinstance(kind, tuple) and isinstance(json_value, list) and len(json_value) == 2:
            return (read(json_value[0], kind[0]), read(json_value[1], kind[1]))
        if kind == "bool" and isinstance(json_value, bool):
            return json_value
        is_int = isinstance(json_value, int) and not isinstance(json_value, bool)
        if kind == "int" and is_int and abs(2 * json_value + 1) < 1 << 64:
            return json_value
        if kind == "real" and (is_int or isinstance(json_value, float)):
            if math.isfinite(json_value):
                return float(json_value)
        if kind == "real" and json_value in ("nan", "inf", "-inf"):
            return float(json_value)
    READ_MADE
        raise Failure("badInput")


    NEST
    def written(value):
    WRITE_MADE
        if hasattr(value, "__iter__"):
            return [written(x) for x in value]
        if isinstance(value, float) and not math.isfinite(value):
            return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
        return value


    def run(text):
        """Runs the skill on a JSON array of arguments; gives the result as JSON, and the error."""
        global fuel
        fuel = FUEL_LIMIT
        kinds = TYPES
        try:
            values = json.loads(text)
            if not isinstance(values, list) or len(values) != len(kinds):
                raise Failure("badInput")
            arguments = [read(value, kind) for value, kind in zip(values, kinds)]
            result = SKILL(*arguments)
    NESTS
            return json.dumps(written(result), separators=(",", ":")), None
        except Failure as failure:
            return None, str(failure)
        except (ValueError, OverflowError):
            return None, "badInput"
        except ZeroDivisionError:
            return None, "divisionByZero"
        except RecursionError:
            return None, "depth"
        except MemoryError:
            return None, "memory"


    def main(words):
        """Runs the skill once, or without arguments once for each line of the input."""
        tells_steps = words[:1] == ["--steps"]
        words = words[1:] if tells_steps else words
        for line in ["[" + ",".join(words) + "]"] if words else sys.stdin:
            result, error = run(line)
            if result is not None:
                print(result)
            elif words:
                print("error:", error, file=sys.stderr)
                global status
                status = 3 if error == "badInput" else 4
            else:
                print(json.dumps({"error": error}, separators=(",", ":")))
            if tells_steps:
                print(FUEL_LIMIT - max(0, fuel), "steps", file=sys.stderr)


    status = 0
    if __name__ == "__main__":
        # The deepest recursion needs a stack of its own.
        sys.setrecursionlimit(DEPTH_LIMIT)
        threading.stack_size(1 << 29)
        thread = threading.Thread(target=main, args=(sys.argv[1:],))
        thread.start()
        thread.join()
        sys.exit(status)

    """#

  /// `main` with what declared types need, or without.
  static func main(withTypes: Bool) -> String {
    let parts: [(line: String, text: String)] = [
      (
        "READ_MADE",
        """
            if isinstance(kind, str) and kind in KINDS and isinstance(json_value, dict):
                labels, constructors = KINDS[kind]
                if labels is not None:
                    if set(json_value) == set(labels):
                        parts = zip(labels, constructors[0][1])
                        return Made(kind, 0, tuple(read(json_value[x], k) for x, k in parts))
                elif len(json_value) == 1:
                    name, values = next(iter(json_value.items()))
                    for tag, (constructor, kinds) in enumerate(constructors):
                        if name == constructor and isinstance(values, list) and len(values) == len(kinds):
                            return Made(kind, tag, tuple(map(read, values, kinds)))

        """
      ),
      (
        "NEST",
        """
        def nest(value, depth=0):
            if depth >= \(Value.maximumDepth):
                raise Failure("nesting")
            value = value.fields if isinstance(value, Made) else value
            if hasattr(value, "__iter__"):
                for x in value:
                    nest(x, depth + 1)



        """
      ),
      (
        "WRITE_MADE",
        """
            if isinstance(value, Made):
                labels, constructors = KINDS[value.kind]
                fields = [written(x) for x in value.fields]
                return dict(zip(labels, fields)) if labels else {constructors[value.tag][0]: fields}

        """
      ),
      ("NESTS", "        nest(result)\n"),
    ]
    return parts.reduce(main) { main, part in
      main.replacing(part.line + "\n", with: withTypes ? part.text : "")
    }
  }
}
