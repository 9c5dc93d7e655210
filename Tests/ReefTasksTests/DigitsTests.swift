import Foundation
import ReefMachine
import Testing

@testable import ReefTasks

/// Whether Python has scikit-learn, whose pictures docs/examples/digits.py shows.
private let hasPictures: Bool = {
  guard let python3 else { return false }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: python3)
  process.arguments = ["-c", "import sklearn"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

@Suite(.enabled(if: hasPictures, "needs scikit-learn")) struct DigitsTests {
  @Test(
    "The plugin of handwritten digits keeps its promises, and asks for a share of right answers")
  func check() throws {
    let plugin = try ChildProcessPlugin(
      command: [python3!, "\(repository)/docs/examples/digits.py"])
    defer { plugin.shutdown() }
    #expect(plugin.tasks[0].standards == [.init(checkSizes: [4], accuracy: 0.88)])
    for report in PluginCheck().check(plugin) { #expect(report.problem == nil) }
  }
}
