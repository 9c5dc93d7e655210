/// A skill at one choice of its type variables, with its steps placed where they are executed: the
/// form between skill code and instructions. A fold of a declared type is a function of its own.
///
/// Variables are numbered, parameters first; each is written once. Functions of one program name
/// each other by their positions.
package struct StructuredFunction {
  /// Nil for code that is no entry; of a fold, the code around it.
  package let digest: Digest?
  /// Of the parameters.
  package let parameterNames: [String]
  /// Whether it is a fold, or belongs to one.
  package let isFold: Bool
  /// Whether calls of it nest.
  package let isRecursive: Bool
  package let isMemoised: Bool
  /// Of all variables, concrete.
  package let types: [Type]
  package let block: Block
  /// The parameters that nothing reads.
  package let unreadParameters: [Int]

  init(
    _ lowered: LoweredFunction, digest: Digest?, names: [String], isFold: Bool, isRecursive: Bool
  ) {
    let live = Liveness.mark(lowered)
    self.digest = digest
    parameterNames = names
    self.isFold = isFold
    self.isRecursive = isRecursive
    isMemoised = lowered.isMemoised
    types = lowered.types
    block = lowered.block
    unreadParameters = (0..<lowered.parameterCount).filter { !live.contains($0) }
  }

  package var parameterCount: Int { parameterNames.count }
  package var parameterTypes: ArraySlice<Type> { types.prefix(parameterCount) }
  package var resultType: Type { types[block.result] }

  /// The functions of a skill and of everything that it calls; its own is the first.
  ///
  /// - Throws: ``LinkError``, or what `library` throws.
  package static func link(
    _ code: SkillCode, digest: Digest?, library: (Digest) throws -> SkillCode?
  ) throws -> [StructuredFunction] {
    try Linker.structure(code, digest: digest, library: library)
  }
}
