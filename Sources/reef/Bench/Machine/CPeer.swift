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

  /// The median time of the workload's skill, written out as a program.
  ///
  /// As in the workload written by hand, 11 runs after one to warm up take the same arguments, which
  /// are read before and given back behind, and each begins with the last result gone.
  func emittedSeconds(_ linked: LinkedWorkload) throws -> Double {
    let workload = linked.workload
    let source = try SkillSource.write(linked.skill, in: .c, library: linked)
    // The one line that calls the skill gets a loop and a clock around it.
    var lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard
      let call = lines.firstIndex(where: { $0.contains("result = ") && $0.contains("(argument0") })
    else { preconditionFailure("an emitted program calls its skill") }
    let halves = lines[call].components(separatedBy: "result = ")
    let lists = lines.compactMap { line in
      line.wholeMatch(of: #/  (?<type>list_\w+) \*(?<name>argument\d+) = .*/#)
    }
    let release = lines.first { $0.hasSuffix("_release(result);") } ?? ""
    lines[call] = """
      \(halves[0])result;
      double times[12];
      for (int i = 0; i < 12; i++) {
        \(lists.map { "\($0.name)->references += 1;" }.joined(separator: " "))
        double begin = seconds();
        result = \(halves[1])
        times[i] = seconds() - begin;
        if (i < 11) {\(release)}
      }
      \(lists.map { "\($0.type)_release(\($0.name));" }.joined(separator: " "))
      qsort(times + 1, 11, sizeof times[0], order);
      printf("%.9f\\n", times[6]);
      """
    let output = try run(
      CPeer.clock + lines.joined(separator: "\n"),
      input: JSON.array(workload.arguments.map(\.json)).text + "\n")
    return try TimedAnswer(output, of: workload, in: "emitted C").seconds
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

    static int order(const void *left, const void *right) {
      double x = *(const double *)left, y = *(const double *)right;
      return (x > y) - (x < y);
    }

    """

  private static let harness = """

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
