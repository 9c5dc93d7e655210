import Foundation
import ReefMachine

/// A command line that fits its command: words and options, ready to be read.
struct Invocation: Sendable {
  let command: Command
  /// The words that are no options, as many as the command's parameters allow.
  let words: [String]
  let console: Console
  private let values: [String: String]

  /// Reads what follows the command's own words.
  ///
  /// `--name=value` equals `--name value`; `--` ends the options; `-` and what begins like a
  /// negative number are words.
  init(_ command: Command, parsing tokens: [String], console: Console) throws(Failure) {
    var words: [String] = []
    var values: [String: String] = [:]
    var rest = tokens[...]
    while let token = rest.popFirst() {
      if token == "--" {
        words += rest
        break
      }
      guard Invocation.looksLikeOption(token) else {
        words.append(token)
        continue
      }
      let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let option = try command.option(String(parts[0]))
      if option.value == nil {
        guard parts.count == 1 else { throw .usage("--\(option.name) takes no value.", command) }
        values[option.name] = ""
      } else if parts.count == 2 {
        values[option.name] = String(parts[1])
      } else if let value = rest.popFirst() {
        values[option.name] = value
      } else {
        throw .usage("\(parts[0]) needs a value, \(option.value ?? "VALUE").", command)
      }
    }
    self.command = command
    self.words = words
    self.values = values
    self.console = console
    if !has("help") {
      try checkWordCount()
      try checkCommonOptions()
    }
  }

  /// Also where the command has no use for them: a slip is a slip.
  private func checkCommonOptions() throws(Failure) {
    _ = try seed()
    _ = try jobs()
    if value("registry") == "" { throw .usage("--registry takes a path, not ''.", command) }
  }

  static func looksLikeOption(_ token: String) -> Bool {
    guard token.hasPrefix("-"), let second = token.dropFirst().first else { return false }
    return !(second.isNumber || second == ".")
  }

  private func checkWordCount() throws(Failure) {
    var minimum = 0
    var maximum = 0
    for parameter in command.parameters {
      if parameter.count == .one || parameter.count == .oneOrMore {
        if words.count <= minimum {
          throw .usage("'reef \(command.name)' needs \(parameter.name).", command)
        }
        minimum += 1
      }
      maximum = parameter.count == .oneOrMore || parameter.count == .any ? .max : maximum + 1
      if maximum == .max { break }
    }
    if words.count > maximum {
      throw .usage("'\(words[maximum])' is one word too many for 'reef \(command.name)'.", command)
    }
  }

  func has(_ option: String) -> Bool { values[option] != nil }

  func value(_ option: String) -> String? { values[option] }

  /// Refuses more than one of the options.
  func allowOne(of options: [String]) throws(Failure) {
    let given = options.filter(has).map { "--\($0)" }
    guard given.count > 1 else { return }
    throw .usage("\(given.joined(separator: " and ")) exclude each other.", command)
  }

  /// The option's value as a whole number in `range`; nil where it was not given.
  func int(_ option: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let text = values[option] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let wanted =
        range.upperBound == .max
        ? "a whole number of at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
      throw .usage("--\(option) takes \(wanted), not '\(text)'.", command)
    }
    return number
  }

  /// `--seed`; seeds stay below 2^53, so that every JSON reader keeps them exact.
  func seed() throws(Failure) -> Int? { try int("seed", in: 0...(1 << 53 - 1)) }

  /// `--jobs`, or the number of cores.
  func jobs() throws(Failure) -> Int {
    try int("jobs", in: 1...1024) ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Where the registry is, whether or not it exists.
  var registryPath: String {
    if let path = values["registry"] { return path }
    let path = ProcessInfo.processInfo.environment["REEF_REGISTRY"] ?? ""
    return path.isEmpty ? ".reef/registry.sqlite" : path
  }
}

extension Command {
  /// The option that a token such as `--jobs` or `-o` names.
  fileprivate func option(_ token: String) throws(Failure) -> Option {
    for option in allOptions
    where token == "--\(option.name)" || option.letter.map({ token == "-\($0)" }) ?? false {
      return option
    }
    let near = closest(to: token, in: allOptions.map { "--\($0.name)" })
    let meant = near.map { " Did you mean '\($0)'?" } ?? ""
    throw .usage("'reef \(name)' has no option '\(token)'.\(meant)", self)
  }
}
