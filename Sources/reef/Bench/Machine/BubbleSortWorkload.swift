extension MachineWorkload {
  static let bubbleSort = MachineWorkload(
    name: "bubble sort of 2,000 ints",
    skills: [
      (
        "orderNeighbours",
        """
        skill (xs: [int], i: int) -> [int]
          s0 = int.add i 1
          s1 = list.get xs i
          s2 = list.get xs s0
          s3 = int.lessOrEqual s1 s2
          s4 = list.set xs i s2
          s5 = list.set s4 s0 s1
          s6 = control.if s3 xs s5
          return s6

        """
      ),
      (
        "pass",
        """
        skill (xs: [int], end: int) -> [int]
          s0 = list.range 0 end
          s1 = list.fold orderNeighbours xs s0
          return s1

        """
      ),
      (
        "bubbleSort",
        """
        skill (xs: [int]) -> [int]
          s0 = list.length xs
          s1 = list.range 1 s0
          s2 = list.reverse s1
          s3 = list.fold pass xs s2
          return s3

        """
      ),
    ],
    arguments: [.ints(spread(2_000))],
    answer: .ints(spread(2_000).sorted()),
    python: """
      values, state = [], 1
      for _ in range(2000):
          state = state * 16807 % 2147483647
          values.append(state)
      def work():
          xs = values[:]
          for end in range(len(xs) - 1, 0, -1):
              for i in range(end):
                  if xs[i] > xs[i + 1]:
                      xs[i], xs[i + 1] = xs[i + 1], xs[i]
          return xs
      """,
    lua: """
      local values, state = {}, 1
      for i = 1, 2000 do
        state = state * 16807 % 2147483647
        values[i] = state
      end
      function work()
        local xs = {}
        for i = 1, #values do xs[i] = values[i] end
        for last = #xs - 1, 1, -1 do
          for i = 1, last do
            local x, y = xs[i], xs[i + 1]
            if x > y then
              xs[i] = y
              xs[i + 1] = x
            end
          end
        end
        return xs
      end
      """,
    c: """
      static int64_t values[2000], xs[2000];

      static void prepare(void) {
        int64_t state = 1;
        for (int64_t i = 0; i < 2000; i++) {
          state = state * 16807 % 2147483647;
          values[i] = state;
        }
      }

      static void work(void) {
        memcpy(xs, values, sizeof xs);
        for (int64_t end = 1999; end > 0; end--) {
          for (int64_t i = 0; i < end; i++) {
            int64_t x = xs[i], y = xs[i + 1];
            if (x > y) {
              xs[i] = y;
              xs[i + 1] = x;
            }
          }
        }
      }

      static void show(void) {
        for (int64_t i = 0; i < 2000; i++) printf("%c%" PRId64, i == 0 ? '[' : ',', xs[i]);
        printf("]\\n");
      }

      """)
}
