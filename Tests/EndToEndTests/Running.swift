import Foundation
import Testing

/// A program that runs in a sandbox.
struct Running {
  let process = Process()
  private let sandbox: Sandbox
  /// Of standard input, output and error. Files and not pipes: nothing can block, however much is
  /// printed.
  private let files: [String]

  init(
    _ executable: URL, _ arguments: [String], in sandbox: Sandbox, input: String,
    environment: [String: String]
  ) throws {
    self.sandbox = sandbox
    let id = UUID().uuidString
    files = ["in", "out", "err"].map { ".\(id).\($0)" }
    try sandbox.write(input, to: files[0])
    try sandbox.write("", to: files[1])
    try sandbox.write("", to: files[2])
    let folder = sandbox.folder
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    variables["REEF_REGISTRY"] = nil
    variables["COLUMNS"] = nil
    let tools = Sandbox.executable.deletingLastPathComponent().path
    variables["PATH"] = tools + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    process.environment = variables.merging(environment) { $1 }
    process.standardInput = try FileHandle(
      forReadingFrom: folder.appendingPathComponent(files[0]))
    process.standardOutput = try FileHandle(
      forWritingTo: folder.appendingPathComponent(files[1]))
    process.standardError = try FileHandle(
      forWritingTo: folder.appendingPathComponent(files[2]))
    try process.run()
  }

  /// Waits until the standard output holds `text`; an issue where the process ends without it.
  func waitForOutput(_ text: String) throws {
    while !(try output(1).contains(text)) {
      guard process.isRunning else {
        Issue.record("The process ended without printing '\(text)': \(try finish())")
        return
      }
      usleep(10_000)
    }
  }

  /// Waits for the end.
  func finish() throws -> Sandbox.Outcome {
    process.waitUntilExit()
    defer {
      for file in files { try? FileManager.default.removeItem(atPath: sandbox.path(file)) }
    }
    return Sandbox.Outcome(
      output: try output(1), error: try output(2), exitCode: process.terminationStatus)
  }

  private func output(_ number: Int) throws -> String {
    String(decoding: try sandbox.bytes(of: files[number]), as: UTF8.self)
  }
}
