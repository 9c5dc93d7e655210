extension MachineWorkload {
  static let longAddition = MachineWorkload(
    name: "long addition, 10,000 digits",
    skills: [
      (
        "carryStep",
        """
        skill (carry: int, sum: int) -> (int, int)
          s0 = int.add carry sum
          s1 = int.less s0 10
          s2 = pair.make 0 s0
          s3 = int.subtract s0 10
          s4 = pair.make 1 s3
          s5 = control.if s1 s2 s4
          return s5

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
    arguments: [.ints(additionDigits.map(\.0)), .ints(additionDigits.map(\.1))],
    answer: {
      var carry = 0
      var digits: [Int] = []
      for (a, b) in additionDigits {
        digits.append((a + b + carry) % 10)
        carry = (a + b + carry) / 10
      }
      return .ints(digits + [carry])
    }(),
    python: """
      a = [i * 7 % 10 for i in range(10000)]
      b = [(i * 3 + 4) % 10 for i in range(10000)]
      def work():
          carry = 0
          digits = []
          for x, y in zip(a, b):
              s = x + y + carry
              if s < 10:
                  carry = 0
              else:
                  s -= 10
                  carry = 1
              digits.append(s)
          digits.append(carry)
          return digits
      """,
    lua: """
      local a, b = {}, {}
      for i = 0, 9999 do a[i + 1] = i * 7 % 10; b[i + 1] = (i * 3 + 4) % 10 end
      function work()
        local carry, digits = 0, {}
        for i = 1, #a do
          local s = a[i] + b[i] + carry
          if s < 10 then carry = 0 else s = s - 10; carry = 1 end
          digits[i] = s
        end
        digits[#a + 1] = carry
        return digits
      end
      """,
    c: """
      static int64_t a[10000], b[10000], *digits;

      static void prepare(void) {
        for (int64_t i = 0; i < 10000; i++) {
          a[i] = i * 7 % 10;
          b[i] = (i * 3 + 4) % 10;
        }
      }

      static void work(void) {
        free(digits);
        digits = malloc(10001 * sizeof *digits);
        int64_t carry = 0;
        for (int64_t i = 0; i < 10000; i++) {
          int64_t s = a[i] + b[i] + carry;
          if (s < 10) {
            carry = 0;
          } else {
            s -= 10;
            carry = 1;
          }
          digits[i] = s;
        }
        digits[10000] = carry;
      }

      static void show(void) {
        for (int64_t i = 0; i <= 10000; i++) printf("%c%" PRId64, i == 0 ? '[' : ',', digits[i]);
        printf("]\\n");
      }

      """)

  private static var additionDigits: [(Int, Int)] {
    (0..<10_000).map { ($0 * 7 % 10, ($0 * 3 + 4) % 10) }
  }
}
