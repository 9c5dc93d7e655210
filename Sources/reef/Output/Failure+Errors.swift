import ReefMachine
import ReefRegistry
import ReefTasks

extension Failure {
  /// What the command line says about an error of any module.
  init(_ error: any Error) {
    switch error {
    case let error as Failure: self = error
    case let error as RegistryError: self.init(error)
    case let error as LinkError: self = .badInput("notRunnable", error.description)
    case let error as TaskError: self = .badInput("taskError", error.description)
    case let error as InputFileError: self = .badInput("badInputFile", error.description)
    case let error as PluginError: self = .badInput("pluginFailed", error.description)
    default:
      // No module throws anything else; a plugin from a stranger may.
      self = Failure(.failed, code: "unexpected", "\(error)")
    }
  }
}

extension Failure {
  init(_ error: RegistryError) {
    let exitCode: ExitCode =
      switch error {
      case .registryBusy, .registryNotMade, .writeFailed, .copyFailed, .bundleTooLarge,
        .importRefused:
        .failed
      default: .badInput
      }
    self.init(exitCode, code: error.code, error.description, hint: error.hint ?? "")
  }

  /// The end of a skill's run in an error, at a place inside it where one is known.
  init(_ error: MachineError, of name: String, at place: String?) {
    let option: String? =
      switch error {
      case .overflow, .divisionByZero, .index, .emptyList, .tool, .nesting: nil
      case .fuel, .memory, .depth: "--\(error.code)"
      }
    var reason = error.description
    if reason.hasSuffix(".") { reason.removeLast() }
    reason = reason.prefix(1).lowercased() + reason.dropFirst()
    let at = place.map { ", in \($0)" } ?? ""
    let advice = option.map { "; '\($0)' raises it" } ?? ""
    self.init(.runFailed, code: error.code, "'\(name)' failed: \(reason)\(at)\(advice).")
  }
}
