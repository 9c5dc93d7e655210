/// A skill at one choice of its type variables, with its steps placed where they are executed: the
/// form between skill code and instructions.
///
/// Variables are numbered, parameters first; each is written once. Functions of one program name
/// each other by their positions.
package struct StructuredFunction {
  /// Nil for code that is no entry.
  package let digest: Digest?
  package let code: SkillCode
  /// Of all variables, concrete.
  package let types: [Type]
  package let block: Block
  /// The parameters that nothing reads.
  package let unreadParameters: [Int]

  package var parameterCount: Int { code.signature.parameters.count }
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
