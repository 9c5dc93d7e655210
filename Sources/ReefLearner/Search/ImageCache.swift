import Foundation
import ReefMachine

/// Operations that were linked, for all searches that have one library: each search begins with
/// hundreds of them, and most are the same as the last one's.
final class ImageCache: @unchecked Sendable {
  private struct Key: Hashable {
    let callee: SkillCode.Callee
    let functions: [Operation.Function]
    let types: [Type]
  }

  // `lock` guards `images`.
  private let lock = NSLock()
  private var images: [Key: Image] = [:]

  /// The image of a skill that applies the operation to its parameters.
  func image(of operation: Operation, library: FrozenLibrary) throws -> Image {
    let key = Key(
      callee: operation.callee, functions: operation.functions,
      types: operation.parameterTypes + [operation.resultType])
    if let image = lock.withLock({ images[key] }) { return image }
    let signature = Signature(
      parameters: operation.parameterTypes.enumerated().map { .init("x\($0)", $1) },
      result: operation.resultType)
    let step = operation.step((0..<operation.arity).map { .slot($0) }, inputs: operation.arity)
    let code = SkillCode(signature: signature, steps: [step], result: .slot(operation.arity))
    let image = try Image(linking: code, library: { library.code($0) })
    lock.withLock { images[key] = image }
    return image
  }
}
