import ReefMachine

extension MachineWorkload {
  static let all = [sumOfSquares, longAddition, counting, fibonacci]

  private static let sumOfSquares = MachineWorkload(
    name: "sum of squares below 1,000,000",
    skills: [
      (
        "addSquare",
        """
        skill (total: int, x: int) -> int
          s0 = int.multiply x x
          s1 = int.add total s0
          return s1

        """
      ),
      (
        "sumOfSquares",
        """
        skill (n: int) -> int
          s0 = list.range 0 n
          s1 = list.fold addSquare 0 s0
          return s1

        """
      ),
    ],
    arguments: { [.int(1_000_000)] },
    answer: .int(333_332_833_333_500_000),
    scripts: [
      "python3": """
      def work():
          total = 0
          for x in range(1000000):
              total += x * x
          return total
      """,
      "lua5.4": """
      function work()
        local total = 0
        for x = 0, 999999 do total = total + x * x end
        return total
      end
      """,
    ])

  private static let longAddition = MachineWorkload(
    name: "long addition, 10,000 digits",
    skills: [
      (
        "carryStep",
        """
        skill (carry: int, sum: int) -> (int, int)
          s0 = int.add carry sum
          s1 = int.divide s0 10
          s2 = int.modulo s0 10
          s3 = pair.make s1 s2
          return s3

        """
      ),
      (
        "addDigits",
        """
        skill (a: [int], b: [int]) -> [int]
          s0 = list.map2 int.add a b
          s1 = list.scan carryStep 0 s0
          s2 = pair.second s1
          s3 = pair.first s1
          s4 = list.append s2 s3
          return s4

        """
      ),
    ],
    arguments: {
      [.ints((0..<10_000).map { $0 * 7 % 10 }), .ints((0..<10_000).map { ($0 * 3 + 4) % 10 })]
    },
    answer: {
      var carry = 0
      var digits: [Int] = []
      for index in 0..<10_000 {
        let sum = index * 7 % 10 + (index * 3 + 4) % 10 + carry
        digits.append(sum % 10)
        carry = sum / 10
      }
      return .ints(digits + [carry])
    }(),
    scripts: [
      "python3": """
      a = [i * 7 % 10 for i in range(10000)]
      b = [(i * 3 + 4) % 10 for i in range(10000)]
      def work():
          carry = 0
          digits = []
          for x, y in zip(a, b):
              s = x + y + carry
              digits.append(s % 10)
              carry = s // 10
          digits.append(carry)
          return digits
      """,
      "lua5.4": """
      local a, b = {}, {}
      for i = 0, 9999 do a[i + 1] = i * 7 % 10; b[i + 1] = (i * 3 + 4) % 10 end
      function work()
        local carry, digits = 0, {}
        for i = 1, #a do
          local s = a[i] + b[i] + carry
          digits[i] = s % 10
          carry = s // 10
        end
        digits[#a + 1] = carry
        return digits
      end
      """,
    ])

  private static let counting = MachineWorkload(
    name: "counts of 1,000,000 values, in place",
    skills: [
      (
        "countOne",
        """
        skill (counts: [int], x: int) -> [int]
          s0 = int.modulo x 1000
          s1 = list.get counts s0
          s2 = int.add s1 1
          s3 = list.set counts s0 s2
          return s3

        """
      ),
      (
        "countAll",
        """
        skill (n: int) -> [int]
          s0 = list.replicate 1000 0
          s1 = list.range 0 n
          s2 = list.fold countOne s0 s1
          return s2

        """
      ),
    ],
    arguments: { [.int(1_000_000)] },
    answer: .ints([Int](repeating: 1000, count: 1000)),
    scripts: [
      "python3": """
      def work():
          counts = [0] * 1000
          for x in range(1000000):
              counts[x % 1000] += 1
          return counts
      """,
      "lua5.4": """
      function work()
        local counts = {}
        for i = 1, 1000 do counts[i] = 0 end
        for x = 0, 999999 do
          local i = x % 1000 + 1
          counts[i] = counts[i] + 1
        end
        return counts
      end
      """,
    ])

  private static let fibonacci = MachineWorkload(
    name: "Fibonacci 27 by recursion",
    skills: [
      (
        "fibonacci",
        """
        skill (n: int) -> int
          s0 = int.less n 2
          s1 = int.subtract n 1
          s2 = self s1
          s3 = int.subtract n 2
          s4 = self s3
          s5 = int.add s2 s4
          s6 = control.if s0 n s5
          return s6

        """
      )
    ],
    arguments: { [.int(27)] },
    answer: .int(196_418),
    scripts: [
      "python3": """
      def fibonacci(n):
          return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
      def work():
          return fibonacci(27)
      """,
      "lua5.4": """
      local function fibonacci(n)
        if n < 2 then return n end
        return fibonacci(n - 1) + fibonacci(n - 2)
      end
      function work() return fibonacci(27) end
      """,
    ])
}
