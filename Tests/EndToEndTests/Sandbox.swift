import Foundation
import Testing

/// A new folder to run the built `reef` in; it goes when the last owner does.
final class Sandbox: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("reef-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  func bytes(of name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(name))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// How a command ended and what it printed.
  struct Outcome: CustomStringConvertible {
    let output: String
    let error: String
    let exitCode: Int32

    var lines: [String] { output.split(separator: "\n").map(String.init) }
    var description: String { "exit \(exitCode)\n\(output)\(error)" }
  }

  /// Runs `reef` here, with no registry named by the environment.
  @discardableResult
  func reef(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(Sandbox.executable, arguments, input: input, environment: environment)
  }

  /// Runs a script of the shell here; `reef` is found by its name.
  @discardableResult
  func shell(_ script: String) throws -> Outcome {
    try run(URL(fileURLWithPath: "/bin/sh"), ["-c", script], input: "", environment: [:])
  }

  private func run(
    _ executable: URL, _ arguments: [String], input: String, environment: [String: String]
  ) throws -> Outcome {
    try Running(executable, arguments, in: self, input: input, environment: environment).finish()
  }

  /// Starts `reef` here and does not wait for it.
  func start(_ arguments: String...) throws -> Running {
    try Running(Sandbox.executable, arguments, in: self, input: "", environment: [:])
  }

  /// The folder of the package.
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `reef` lies beside the bundle of the tests.
  static let executable: URL = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("reef")
  }()
}
