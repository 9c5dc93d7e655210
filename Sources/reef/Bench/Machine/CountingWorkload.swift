extension MachineWorkload {
  static let counting = MachineWorkload(
    name: "counting to 10,000,000",
    skills: [
      (
        "count",
        """
        skill (n: int) -> int
          s0 = control.while int.less{n} int.add{1} 0
          return s0

        """
      )
    ],
    arguments: [.int(10_000_000)],
    answer: .int(10_000_000),
    python: """
      def work():
          i = 0
          while i < 10000000:
              i += 1
          return i
      """,
    lua: """
      function work()
        local i = 0
        while i < 10000000 do i = i + 1 end
        return i
      end
      """,
    c: """
      static int64_t answer;

      static void prepare(void) {}

      static void work(void) {
        int64_t i = 0;
        while (i < 10000000) {
          i += 1;
          /* Else the compiler counts in one step. */
          __asm__ volatile("" : "+r"(i));
        }
        answer = i;
      }

      static void show(void) { printf("%" PRId64 "\\n", answer); }

      """)
}
