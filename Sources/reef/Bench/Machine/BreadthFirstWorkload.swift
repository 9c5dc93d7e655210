import ReefMachine

extension MachineWorkload {
  static let breadthFirst = MachineWorkload(
    name: "breadth-first search, 10,000 vertices, 50,000 edges",
    skills: [
      (
        "reach",
        """
        skill (state: ([int], [int]), w: int, distance: int) -> ([int], [int])
          s0 = pair.first state
          s1 = pair.second state
          s2 = list.get s0 w
          s3 = int.less s2 0
          s4 = list.set s0 w distance
          s5 = list.append s1 w
          s6 = pair.make s4 s5
          s7 = control.if s3 s6 state
          return s7

        """
      ),
      (
        "visit",
        """
        skill (state: ([int], [int]), v: int, graph: [[int]]) -> ([int], [int])
          s0 = pair.first state
          s1 = list.get s0 v
          s2 = int.add s1 1
          s3 = list.get graph v
          s4 = list.fold reach{s2} state s3
          return s4

        """
      ),
      (
        "nextLevel",
        """
        skill (state: ([int], [int]), graph: [[int]]) -> ([int], [int])
          s0 = pair.first state
          s1 = pair.second state
          s2 = pair.make s0 []
          s3 = list.fold visit{graph} s2 s1
          return s3

        """
      ),
      (
        "isOpen",
        """
        skill (state: ([int], [int])) -> bool
          s0 = pair.second state
          s1 = list.isEmpty s0
          s2 = bool.not s1
          return s2

        """
      ),
      (
        "distances",
        """
        skill (graph: [[int]]) -> [int]
          s0 = list.length graph
          s1 = list.replicate s0 -1
          s2 = list.set s1 0 0
          s3 = pair.make s2 [0]
          s4 = control.while isOpen nextLevel{graph} s3
          s5 = pair.first s4
          return s5

        """
      ),
    ],
    arguments: [.list(edges.map { .ints($0) })],
    answer: {
      let graph = edges
      var distances = [Int](repeating: -1, count: graph.count)
      distances[0] = 0
      var queue = [0]
      var next = 0
      while next < queue.count {
        for w in graph[queue[next]] where distances[w] < 0 {
          distances[w] = distances[queue[next]] + 1
          queue.append(w)
        }
        next += 1
      }
      return .ints(distances)
    }(),
    python: """
      graph, state = [[] for _ in range(10000)], 1
      for _ in range(50000):
          state = state * 16807 % 2147483647
          v = state % 10000
          state = state * 16807 % 2147483647
          graph[v].append(state % 10000)
      def work():
          distances = [-1] * len(graph)
          distances[0] = 0
          queue = [0]
          for v in queue:
              distance = distances[v] + 1
              for w in graph[v]:
                  if distances[w] < 0:
                      distances[w] = distance
                      queue.append(w)
          return distances
      """,
    lua: """
      local graph, state = {}, 1
      for v = 1, 10000 do graph[v] = {} end
      for _ = 1, 50000 do
        state = state * 16807 % 2147483647
        local edges = graph[state % 10000 + 1]
        state = state * 16807 % 2147483647
        edges[#edges + 1] = state % 10000 + 1
      end
      function work()
        local distances, queue, next, last = {}, {1}, 1, 1
        for v = 1, #graph do distances[v] = -1 end
        distances[1] = 0
        while next <= last do
          local v = queue[next]
          next = next + 1
          local distance, edges = distances[v] + 1, graph[v]
          for i = 1, #edges do
            local w = edges[i]
            if distances[w] < 0 then
              distances[w] = distance
              last = last + 1
              queue[last] = w
            end
          end
        end
        return distances
      end
      """,
    c: """
      typedef struct { int64_t count, *targets; } edges;

      static edges graph[10000];
      static int64_t distances[10000], queue[10000];

      static void prepare(void) {
        int64_t state = 1;
        for (int64_t i = 0; i < 50000; i++) {
          state = state * 16807 % 2147483647;
          edges *of = &graph[state % 10000];
          state = state * 16807 % 2147483647;
          of->targets = realloc(of->targets, (size_t)(of->count + 1) * sizeof *of->targets);
          of->targets[of->count++] = state % 10000;
        }
      }

      static void work(void) {
        for (int64_t v = 0; v < 10000; v++) distances[v] = -1;
        distances[0] = 0;
        queue[0] = 0;
        int64_t next = 0, last = 1;
        while (next < last) {
          int64_t v = queue[next++], distance = distances[v] + 1;
          for (int64_t i = 0; i < graph[v].count; i++) {
            int64_t w = graph[v].targets[i];
            if (distances[w] < 0) {
              distances[w] = distance;
              queue[last++] = w;
            }
          }
        }
      }

      static void show(void) {
        for (int64_t v = 0; v < 10000; v++) printf("%c%" PRId64, v == 0 ? '[' : ',', distances[v]);
        printf("]\\n");
      }

      """)

  /// The edges from each vertex.
  private static var edges: [[Int]] {
    let numbers = spread(100_000)
    var graph = [[Int]](repeating: [], count: 10_000)
    for edge in 0..<50_000 {
      graph[numbers[2 * edge] % 10_000].append(numbers[2 * edge + 1] % 10_000)
    }
    return graph
  }
}
