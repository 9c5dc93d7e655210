/// A skill with everything that it calls, checked, compiled and ready to run; immutable.
///
/// Its code lies in memory that nothing writes after the initializer has returned, and its constants
/// are immortal objects, so one image serves any number of machines on any threads.
public final class Image: @unchecked Sendable {
  /// Which code a skill block runs: the flag M_s of the machine's design.
  public enum Mode: String, Sendable, CaseIterable {
    /// F_so: computes the result.
    case output
    /// F_sj: computes the result and records how it changes with the arguments; made from the same
    /// code, by the adjoints of the atoms.
    case jacobian
  }

  /// Which of its two codes each skill block runs.
  public let mode: Mode
  /// Whether a run of it can be followed.
  let isTraced: Bool
  /// The types of the arguments, concrete.
  public let parameterTypes: [Type]
  /// Concrete.
  public let resultType: Type
  /// The names of the tools that a run may call, ascending: without any it is pure.
  public let tools: [String]

  struct Function {
    let entry: UnsafePointer<Instruction>
    /// In words.
    let frameSize: Int
    /// The steps of the part that every call executes.
    let cost: Int
    /// 1 where a call counts for the limit of depth.
    let depth: Int
  }

  struct Native {
    let run: NativeFunction
    let kinds: OperandKinds
  }

  /// Where an instruction comes from.
  struct Origin {
    let function: Int32
    /// -1 where it belongs to no step.
    let step: Int32
  }

  let instructions: UnsafeMutablePointer<Instruction>
  let functions: UnsafeMutablePointer<Function>
  /// What the instructions for a trace name, with operands in registers.
  let applications: [TracedApplication]
  /// In a traced image, the registers that hold something at each call and each moment of a trace.
  let layouts: [Int: [(register: Int, type: Type)]]
  /// In a traced image, the atoms of declared types that it may apply.
  private let derivedAtoms: [Digest: Atom]
  let natives: UnsafeMutablePointer<Native>
  let constants: UnsafeMutablePointer<Word>
  /// The operands of calls.
  let pool: UnsafeMutablePointer<UInt16>
  /// For each memoised function the kinds of its parameters and of its result.
  let memos: [Memo.Kinds]
  private let counts: (instructions: Int, functions: Int, natives: Int)
  let origins: [Origin]
  /// The skill of each function; nil for code that is no entry.
  let digests: [Digest?]
  private let constantHeap: Heap?

  /// Checks and compiles `code` with the closure of its callees.
  ///
  /// - Parameters:
  ///   - mode: Which code is made; ``Machine/differentiate(_:_:fuel:observe:)`` runs Jacobian code.
  ///   - isTraced: Whether ``Machine/trace(_:_:observe:)`` can follow a run, which makes it slower.
  ///   - tools: What the code may call besides skills.
  ///   - library: The code of an entry, or nil where there is none. Atoms are not asked for.
  /// - Throws: ``LinkError``, or what `library` throws.
  public convenience init(
    linking code: SkillCode, mode: Mode = .output, isTraced: Bool = false, tools: [Tool] = [],
    library: (Digest) throws -> SkillCode? = { _ in nil }
  ) throws {
    self.init(
      try Linker.link(
        code, digest: nil, mode: mode, isTraced: isTraced, tools: tools, library: library))
  }

  /// Checks and compiles the entry with that digest.
  public convenience init(_ digest: Digest, library: (Digest) throws -> SkillCode?) throws {
    guard let code = try library(digest) else { throw LinkError.missing(digest, in: nil) }
    self.init(try Linker.link(code, digest: digest, library: library))
  }

  init(_ program: LinkedProgram) {
    func store<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
      let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
      memory.initialize(from: elements, count: elements.count)
      return memory
    }
    mode = program.mode
    isTraced = program.isTraced
    parameterTypes = program.parameterTypes
    resultType = program.resultType
    tools = program.tools
    let code = store(program.instructions)
    for index in program.instructions.indices where code[index].opcode.jumps {
      // An image knows its targets by their distance in bytes, which a jump only has to add.
      code[index].x = (code[index].x - Int32(index)) * Int32(MemoryLayout<Instruction>.stride)
    }
    instructions = code
    functions = store(
      program.functions.map {
        Function(
          entry: UnsafePointer(code + $0.entry), frameSize: $0.frameSize, cost: $0.cost,
          depth: $0.depth)
      })
    applications = program.applications
    layouts = program.layouts
    derivedAtoms = program.derivedAtoms
    natives = store(program.natives)
    constants = store(program.constants)
    pool = store(program.pool)
    memos = program.memos
    counts = (program.instructions.count, program.functions.count, program.natives.count)
    origins = program.origins
    digests = program.functions.map(\.digest)
    constantHeap = program.constantHeap
  }

  deinit {
    natives.deinitialize(count: counts.natives)
    instructions.deallocate()
    functions.deallocate()
    natives.deallocate()
    constants.deallocate()
    pool.deallocate()
  }

  /// The atom with that digest, also one of a declared type in a traced image; nil where it is none.
  package func atom(_ digest: Digest) -> Atom? { Atoms.with(digest) ?? derivedAtoms[digest] }

  /// The number of instructions: what linking bounds.
  var instructionCount: Int { counts.instructions }

  /// The place that the instruction before `next` comes from.
  func place(before next: UnsafePointer<Instruction>) -> Place? {
    let index = next - UnsafePointer(instructions) - 1
    guard origins.indices.contains(index) else { return nil }
    let origin = origins[index]
    guard origin.function >= 0 else { return nil }
    return Place(
      skill: digests[Int(origin.function)], step: origin.step < 0 ? nil : Int(origin.step))
  }
}

/// A place in skill code.
public struct Place: Hashable, Sendable {
  /// The entry; nil for code that was linked without being one.
  public let skill: Digest?
  /// The position of the step; nil where it belongs to none.
  public let step: Int?
}

/// What the linker makes and an image stores.
struct LinkedProgram {
  struct Function {
    var digest: Digest?
    var entry = 0
    var frameSize = 0
    var cost = 0
    var depth = 0
  }

  var mode = Image.Mode.output
  var isTraced = false
  var parameterTypes: [Type] = []
  var resultType = Type.int
  var tools: [String] = []
  var instructions: [Instruction] = []
  var origins: [Image.Origin] = []
  var functions: [Function] = []
  var natives: [Image.Native] = []
  var applications: [TracedApplication] = []
  var layouts: [Int: [(register: Int, type: Type)]] = [:]
  var constants: [Word] = []
  var pool: [UInt16] = []
  var memos: [Memo.Kinds] = []
  var constantHeap: Heap?
  /// In a traced program, the atoms of declared types.
  var derivedAtoms: [Digest: Atom] = [:]
}
