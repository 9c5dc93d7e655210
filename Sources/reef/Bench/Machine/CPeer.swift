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

  /// The workload written by hand, compiled in `folder`.
  func byHand(_ workload: MachineWorkload, in folder: URL) throws -> Contestant {
    let program = try compile(
      CPeer.clock + workload.c + CPeer.harness, to: folder.appendingPathComponent("by-hand"))
    return Contestant("C -O2", workload, [program])
  }

  /// The workload's skill, written out as a program and compiled in `folder`.
  ///
  /// As in the workload written by hand, all runs take the same arguments, which are read before and
  /// given back behind, and each begins with the last result gone.
  func emitted(_ linked: LinkedWorkload, in folder: URL) throws -> Contestant {
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
      double least = 1e9;
      for (int i = 0; i <= \(Contestant.runs); i++) {
        \(lists.map { "\($0.name)->references += 1;" }.joined(separator: " "))
        double begin = seconds();
        result = \(halves[1])
        double time = seconds() - begin;
        if (i > 0 && time < least) least = time;
        if (i < \(Contestant.runs)) {\(release)}
      }
      \(lists.map { "\($0.type)_release(\($0.name));" }.joined(separator: " "))
      printf("%.9f\\n", least);
      """
    let program = try compile(
      CPeer.clock + lines.joined(separator: "\n"), to: folder.appendingPathComponent("emitted"))
    return Contestant(
      "emitted C", workload, [program],
      input: JSON.array(workload.arguments.map(\.json)).text + "\n")
  }

  /// The path of the program.
  private func compile(_ source: String, to file: URL) throws -> String {
    let program = file.path
    try Data(source.utf8).write(to: URL(fileURLWithPath: program + ".c"))
    _ = try ScriptPeer.run(
      ["cc", "-O2", "-ffp-contract=off", "-o", program, program + ".c", "-lm"], "")
    return program
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

    int main(void) {
      double least = 1e9;
      prepare();
      work();
      for (int i = 0; i < \(Contestant.runs); i++) {
        double start = seconds();
        work();
        double time = seconds() - start;
        if (time < least) least = time;
      }
      printf("%.9f\\n", least);
      show();
      return 0;
    }

    """
}
