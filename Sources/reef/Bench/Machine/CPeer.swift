import Foundation
import ReefMachine
import ReefReport

/// The system's C compiler: what workloads written by hand are compared with, and what makes programs
/// of skills that were written out.
struct CPeer {
  /// Nil where there is none.
  static var installed: CPeer? {
    (try? ScriptPeer.run(["cc", "--version"], "")) == nil ? nil : CPeer()
  }

  /// The median time of the workload written by hand.
  func seconds(_ workload: MachineWorkload) throws -> Double {
    let output = try run(CPeer.clock + workload.c + CPeer.harness, input: "")
    return try TimedAnswer(output, of: workload, in: "C").seconds
  }

  /// The median time of the workload's skill, written out as a program. Each run takes fresh
  /// arguments; reading them and printing the result is outside the measured time.
  func emittedSeconds(_ linked: LinkedWorkload) throws -> Double {
    let workload = linked.workload
    let source = try SkillSource.write(linked.skill, in: .c, library: linked)
    // The one line that calls the skill gets a clock around it.
    var lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard
      let call = lines.firstIndex(where: { $0.contains("result = ") && $0.contains("(argument0") })
    else { preconditionFailure("an emitted program calls its skill") }
    lines.insert("  double begin = seconds();", at: call)
    lines.insert("  printf(\"%.9f\\n\", seconds() - begin);", at: call + 2)
    let input = JSON.array(workload.arguments.map(\.json)).text + "\n"
    let output = try run(
      CPeer.clock + lines.joined(separator: "\n"), input: String(repeating: input, count: 12))
    let printed = output.split(separator: "\n")
    let times = try stride(from: 0, to: printed.count - 1, by: 2).map { index in
      let pair = printed[index...index + 1].joined(separator: "\n")
      return try TimedAnswer(pair, of: workload, in: "emitted C").seconds
    }
    guard times.count == 12 else {
      throw WrongAnswer(
        workload: "\(workload.name) in emitted C", found: "\(times.count) runs", expected: "12")
    }
    return times.dropFirst().sorted()[5]
  }

  /// What the program prints.
  private func run(_ source: String, input: String) throws -> String {
    try withBenchFolder { folder in
      let program = folder.appendingPathComponent("program").path
      try Data(source.utf8).write(to: folder.appendingPathComponent("program.c"))
      _ = try ScriptPeer.run(
        ["cc", "-O2", "-ffp-contract=off", "-o", program, program + ".c", "-lm"], "")
      return try ScriptPeer.run([program], input)
    }
  }

  private static let clock = """
    #define _POSIX_C_SOURCE 200809L
    #include <inttypes.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <time.h>

    static double seconds(void) {
      struct timespec now;
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
      return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
    }

    """

  private static let harness = """

    static int order(const void *left, const void *right) {
      double x = *(const double *)left, y = *(const double *)right;
      return (x > y) - (x < y);
    }

    int main(void) {
      double times[11];
      prepare();
      work();
      for (int i = 0; i < 11; i++) {
        double start = seconds();
        work();
        times[i] = seconds() - start;
      }
      qsort(times, 11, sizeof times[0], order);
      printf("%.9f\\n", times[5]);
      show();
      return 0;
    }

    """
}
