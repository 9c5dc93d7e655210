/// From skill code and a library to a program: fetches the closure of callees, checks each of them
/// once, and compiles each once for every choice of its type variables.
final class Linker {
  static let maximumSkills = 100_000
  static let maximumFunctions = 10_000
  static let maximumInstructions = 1_000_000
  /// Constructors in a type after its variables were replaced.
  static let maximumTypeSize = 1_024

  private struct Instance: Hashable {
    /// Nil for the code itself.
    let digest: Digest?
    /// For the signature's variables, in order.
    let arguments: [Type]
  }

  private struct NativeKey: Hashable {
    let atom: Digest
    let type: Type?
    let kinds: OperandKinds
  }

  private let mode: Image.Mode
  private let isTraced: Bool
  private let tools: [Digest: Tool]
  private var checked: [Digest?: CheckedCode] = [:]
  private var functions: [Instance: Int] = [:]
  private var pending: [Instance] = []
  /// The functions of folds, which are made with the code around them.
  private var folds: [(number: Int, function: LoweredFunction)] = []
  private var natives: [NativeKey: Int] = [:]
  private var program = LinkedProgram()

  private init(mode: Image.Mode, isTraced: Bool, tools: [Tool] = []) {
    self.mode = mode
    self.isTraced = isTraced
    self.tools = Dictionary(tools.map { ($0.digest, $0) }) { first, _ in first }
  }

  static func link(
    _ code: SkillCode, digest: Digest?, mode: Image.Mode = .output, isTraced: Bool = false,
    tools: [Tool] = [], library: (Digest) throws -> SkillCode?
  ) throws -> LinkedProgram {
    let linker = Linker(mode: mode, isTraced: isTraced, tools: tools)
    let codes = try linker.closure(of: code, digest: digest, library: library)
    try linker.check(codes)
    try linker.checkPurity(codes)
    return try linker.compile(code, digest)
  }

  // MARK: - The closure

  /// The code and everything that it calls, directly or not.
  private func closure(
    of code: SkillCode, digest: Digest?, library: (Digest) throws -> SkillCode?
  ) throws -> [Digest?: SkillCode] {
    var codes: [Digest?: SkillCode] = [digest: code]
    // A path from the code to the skill at hand, with what is still to visit at each.
    var path: [(digest: Digest?, callees: ArraySlice<Digest>)] = [(digest, code.callees[...])]
    var open: Set<Digest?> = [digest]
    while let current = path.last {
      guard let callee = current.callees.first else {
        open.remove(current.digest)
        path.removeLast()
        continue
      }
      path[path.count - 1].callees = current.callees.dropFirst()
      if codes[current.digest]!.hasAtom(callee) || tools[callee] != nil { continue }
      if open.contains(callee) {
        let start = path.firstIndex { $0.digest == callee } ?? 0
        throw LinkError.cycle(path[start...].compactMap(\.digest) + [callee])
      }
      if codes[callee] != nil { continue }
      guard let code = try library(callee) else {
        throw LinkError.missing(callee, in: current.digest)
      }
      guard codes.count < Linker.maximumSkills else {
        throw LinkError.tooLarge("it calls more than \(Linker.maximumSkills) skills", in: digest)
      }
      codes[callee] = code
      open.insert(callee)
      path.append((callee, code.callees[...]))
    }
    return codes
  }

  private func check(_ codes: [Digest?: SkillCode]) throws(LinkError) {
    for (digest, code) in codes.sorted(by: { Linker.isBefore($0.key, $1.key) }) {
      do {
        checked[digest] = try CheckedCode.check(code) {
          Atoms.with($0)?.type ?? tools[$0]?.type ?? codes[$0]?.signature.type
        }
      } catch {
        throw .check(error, in: digest)
      }
    }
  }

  /// Finds the tools that are reached, and that what must be pure reaches none.
  private func checkPurity(_ codes: [Digest?: SkillCode]) throws(LinkError) {
    var reached: Set<Digest> = []
    for code in codes.values { reached.formUnion(code.callees.filter { tools[$0] != nil }) }
    program.tools = reached.map { tools[$0]!.name }.sorted()
    guard let tool = program.tools.first else { return }
    let memoised = codes.filter { $0.value.isMemoised }.keys
    let impure = memoised.filter { reaches(reached, from: $0, codes) }
    if let digest = impure.min(by: Linker.isBefore) { throw .impure(tool, in: digest) }
    if mode == .jacobian { throw .impure(tool, in: nil) }
  }

  private func reaches(
    _ targets: Set<Digest>, from digest: Digest?, _ codes: [Digest?: SkillCode]
  ) -> Bool {
    var pending = [digest]
    var seen: Set<Digest?> = [digest]
    while let next = pending.popLast() {
      for callee in codes[next]?.callees ?? [] {
        if targets.contains(callee) { return true }
        if seen.insert(callee).inserted { pending.append(callee) }
      }
    }
    return false
  }

  /// Code before entries, entries by digest: which error is reported must not depend on a hash.
  private static func isBefore(_ left: Digest?, _ right: Digest?) -> Bool {
    guard let left else { return right != nil }
    guard let right else { return false }
    return left < right
  }

  // MARK: - Compiling

  private func compile(
    _ code: SkillCode, _ digest: Digest?
  ) throws(LinkError) -> LinkedProgram {
    // The frame below the first: `Machine` enters at instruction 1, and a return reads the call
    // before its address.
    program.instructions = [Instruction(opcode: .call), Instruction(opcode: .halt)]
    program.origins = [Image.Origin](repeating: .init(function: -1, step: -1), count: 2)
    let variables = code.signature.type.variables
    program.mode = mode
    program.isTraced = isTraced
    let root = Linker.root(code, digest)
    let bindings = Dictionary(uniqueKeysWithValues: zip(variables, root.arguments))
    program.parameterTypes = code.signature.parameterTypes.map { $0.replacing(bindings) }
    program.resultType = code.signature.result.replacing(bindings)
    _ = try function(root)
    var lowered: [Int: LoweredFunction] = [:]
    while let instance = pending.popLast() {
      lowered[functions[instance]!] = try lower(instance)
    }
    for (number, function) in folds { lowered[number] = function }
    let inlining = Inlining(
      lowered, isOn: !isTraced, remembers: !isTraced && mode == .output)
    var emitted: Set<Int> = [0]
    var called = [0]
    while let number = called.popLast() {
      for callee in try emit(number, inlining) where emitted.insert(callee).inserted {
        called.append(callee)
      }
    }
    return program
  }

  /// The function that a run begins with: type variables are ints.
  private static func root(_ code: SkillCode, _ digest: Digest?) -> Instance {
    Instance(digest: digest, arguments: code.signature.type.variables.map { _ in .int })
  }

  /// The code with the closure of its callees, checked, and each skill's steps placed where they are
  /// executed: what source in another language is written from.
  ///
  /// - Throws: ``LinkError``, or what `library` throws.
  static func structure(
    _ code: SkillCode, digest: Digest?, library: (Digest) throws -> SkillCode?
  ) throws -> [StructuredFunction] {
    let linker = Linker(mode: .output, isTraced: false)
    try linker.check(try linker.closure(of: code, digest: digest, library: library))
    _ = try linker.function(root(code, digest))
    var structured: [Int: StructuredFunction] = [:]
    while let instance = linker.pending.popLast() {
      let lowered = try linker.lower(instance)
      let code = linker.checked[instance.digest]!.code
      structured[linker.functions[instance]!] = StructuredFunction(
        lowered, digest: instance.digest, names: code.signature.parameters.map(\.name),
        isFold: false, isRecursive: code.isRecursive)
    }
    for (number, function) in linker.folds {
      structured[number] = StructuredFunction(
        function, digest: linker.program.functions[number].digest,
        names: ["value"] + (1..<function.parameterCount).map { "bound\($0)" },
        isFold: true, isRecursive: function.isFold)
    }
    return structured.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The number of an instance's function, which is compiled later where it is new.
  private func function(_ instance: Instance) throws(LinkError) -> Int {
    if let known = functions[instance] { return known }
    let number = try function(of: instance.digest)
    functions[instance] = number
    pending.append(instance)
    return number
  }

  /// The number of one more function, which belongs to the code of that digest.
  private func function(of digest: Digest?) throws(LinkError) -> Int {
    guard program.functions.count < Linker.maximumFunctions else {
      throw .tooLarge("it needs more than \(Linker.maximumFunctions) functions", in: nil)
    }
    program.functions.append(LinkedProgram.Function(digest: digest))
    return program.functions.count - 1
  }

  /// - Returns: The functions that it calls.
  private func emit(_ number: Int, _ inlining: Inlining) throws(LinkError) -> [Int] {
    let digest = program.functions[number].digest
    func tooLarge(_ what: String) -> LinkError { .tooLarge(what, in: digest) }
    let callees = try Emitter.emit(
      RegionBuilder.build(number, inlining), as: number, to: &program, tooLarge: tooLarge)
    guard program.instructions.count <= Linker.maximumInstructions else {
      throw tooLarge("it needs more than \(Linker.maximumInstructions) instructions")
    }
    return callees
  }

  private func lower(
    _ instance: Instance
  ) throws(LinkError) -> LoweredFunction {
    let digest = instance.digest
    func tooLarge(_ what: String) -> LinkError { .tooLarge(what, in: digest) }
    let checked = checked[digest]!
    let variables = checked.code.signature.type.variables
    let bindings = Dictionary(uniqueKeysWithValues: zip(variables, instance.arguments))
    func concrete(_ type: Type) throws(LinkError) -> Type {
      if bindings.isEmpty { return type }
      guard type.size(replacing: bindings) <= Linker.maximumTypeSize else {
        throw tooLarge("a type has more than \(Linker.maximumTypeSize) parts")
      }
      return type.replacing(bindings)
    }
    var slotTypes: [Type] = []
    for type in checked.slotTypes { slotTypes.append(try concrete(type)) }
    var calleeTypes: [Type] = []
    for type in checked.calleeTypes { calleeTypes.append(try concrete(type)) }
    var functionTypes: [[Type?]] = []
    for row in checked.functionTypes {
      var types: [Type?] = []
      for type in row { types.append(type == nil ? nil : try concrete(type!)) }
      functionTypes.append(types)
    }
    var lowering = try Lowering(
      checked.code, slotTypes: slotTypes, calleeTypes: calleeTypes, functionTypes: functionTypes,
      resultType: try concrete(checked.code.signature.result), tooLarge: tooLarge
    ) { [self] callee, type throws(LinkError) in
      try target(callee, type, in: instance)
    } constant: { [self] value, type throws(LinkError) in
      try constant(value, type, in: digest)
    } fold: { [self] fold throws(LinkError) in
      let lowering = try FoldLowering(fold) { [self] () throws(LinkError) in
        try function(of: digest)
      }
      folds += lowering.functions
      return lowering.own
    }
    if isTraced { lowering.trace = .init(digest: digest) }
    return try lowering.lower()
  }

  private func target(
    _ callee: SkillCode.Callee, _ type: Type, in instance: Instance
  ) throws(LinkError) -> Target {
    switch callee {
    case .recursion: return .call(try function(instance))
    case .skill(let digest):
      if let atom = checked[instance.digest]!.code.atom(digest) { return target(atom, type) }
      if let tool = tools[digest] {
        return .operation(native(digest, nil, OperandKinds(type), tool.native, consumes: 0))
      }
      let signature = checked[digest]!.code.signature
      var bindings: [String: Type] = [:]
      _ = signature.type.matches(type, &bindings)
      let arguments = signature.type.variables.map { bindings[$0] ?? .int }
      return .call(try function(Instance(digest: digest, arguments: arguments)))
    }
  }

  private func target(_ atom: Atom, _ type: Type) -> Target {
    switch atom.implementation {
    case .control(let form): return .control(form)
    case .derived(let form):
      if isTraced { program.derivedAtoms[atom.digest] = atom }
      switch form {
      case .match: return .match
      case .fold: return .fold
      case .make(let constructor):
        return .operation(
          Operation(opcode: .make, x: Int32(constructor), consumes: .max, atom: atom.digest))
      case .field(let field):
        return .operation(Operation(opcode: .field, x: Int32(field), atom: atom.digest))
      }
    case .native(let run, let consumes):
      let kinds = OperandKinds(type)
      if mode == .jacobian, let jacobian = atom.jacobianNative(at: type) {
        return .operation(native(atom.digest, type, kinds, jacobian, consumes: consumes))
      }
      var operation = Operation(
        opcode: atom.opcode ?? .native, consumes: UInt32(consumes), atom: atom.digest)
      switch (atom.opcode, kinds.first) {
      case (.equalWords, .real): operation.opcode = .equalReals
      case (.equalWords, .reference): operation.opcode = .native
      case (.pairMake, _):
        operation.x = Int32(kinds.first.rawValue)
        operation.y = Int32(kinds.second.rawValue)
      default: break
      }
      if operation.opcode == .native {
        operation = native(atom.digest, nil, kinds, run, consumes: consumes)
      }
      return .operation(operation)
    }
  }

  /// A call of a native function, which is kept once for each type that it depends on.
  private func native(
    _ atom: Digest, _ type: Type?, _ kinds: OperandKinds, _ run: @escaping NativeFunction,
    consumes: UInt8
  ) -> Operation {
    let key = NativeKey(atom: atom, type: type, kinds: kinds)
    if natives[key] == nil {
      natives[key] = program.natives.count
      program.natives.append(Image.Native(run: run, kinds: kinds))
    }
    var operation = Operation(opcode: .native, consumes: UInt32(consumes), atom: atom)
    operation.x = Int32(natives[key]!)
    return operation
  }

  private func constant(
    _ value: Value, _ type: Type, in digest: Digest?
  ) throws(LinkError) -> Word {
    if Kind(of: type) == .reference, program.constantHeap == nil {
      program.constantHeap = Heap(byteLimit: 1 << 30, firstChunkBytes: 4 << 10)
    }
    do {
      switch value {
      case .int(let value): return value
      case .bool(let value): return value ? 1 : 0
      case .real(let real): return Word(real: real.value)
      case .list, .pair, .made: return try program.constantHeap!.immortalWord(of: value, as: type)
      }
    } catch {
      throw .tooLarge("its constants need more than 1 GiB", in: digest)
    }
  }
}

extension Type {
  /// The size that ``replacing(_:)`` would give.
  fileprivate func size(replacing bindings: [String: Type]) -> Int {
    switch self {
    case .int, .bool, .real: 1
    case .variable(let name): bindings[name]?.size ?? 1
    case .list(let element): 1 + element.size(replacing: bindings)
    case .pair(let first, let second):
      1 + first.size(replacing: bindings) + second.size(replacing: bindings)
    case .function(let parameters, let result):
      parameters.reduce(1 + result.size(replacing: bindings)) {
        $0 + $1.size(replacing: bindings)
      }
    case .named(_, let arguments):
      arguments.reduce(1) { $0 + $1.size(replacing: bindings) }
    }
  }
}
