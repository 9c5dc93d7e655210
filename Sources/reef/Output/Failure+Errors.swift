import ReefMachine
import ReefTasks

extension Failure {
  /// What the command line says about an error of any module.
  init(_ error: any Error) {
    switch error {
    case let error as Failure: self = error
    case let error as TaskError: self = .badInput("taskError", error.description)
    default:
      // No module throws anything else; a plugin from a stranger may.
      self = Failure(.failed, code: "unexpected", "\(error)")
    }
  }
}
