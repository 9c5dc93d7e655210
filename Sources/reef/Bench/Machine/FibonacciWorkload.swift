extension MachineWorkload {
  static let fibonacci = MachineWorkload(
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
    arguments: [.int(27)],
    answer: .int(196_418),
    python: """
      def fibonacci(n):
          return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
      def work():
          return fibonacci(27)
      """,
    lua: """
      local function fibonacci(n)
        if n < 2 then return n end
        return fibonacci(n - 1) + fibonacci(n - 2)
      end
      function work() return fibonacci(27) end
      """,
    c: """
      static int64_t answer;
      static volatile int64_t n = 27;

      static void prepare(void) {}

      static int64_t fibonacci(int64_t n) {
        return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
      }

      static void work(void) { answer = fibonacci(n); }

      static void show(void) { printf("%" PRId64 "\\n", answer); }

      """)
}
