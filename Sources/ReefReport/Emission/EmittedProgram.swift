import ReefMachine

/// A program in one language.
protocol EmittedProgram {
  /// The words that no parameter may be called.
  static var keywords: Set<String> { get }

  /// The part that does not belong to any skill.
  var runtime: String { get }
  var text: String { get }

  /// - Parameters:
  ///   - functions: The first is the program's own.
  ///   - header: The lines of the comment that the program begins with.
  init(_ functions: [EmittedFunction], _ limits: Limits, header: [String])
}
