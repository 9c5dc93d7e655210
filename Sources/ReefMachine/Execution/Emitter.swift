/// The linker's second pass: gives each variable a register and writes instructions.
///
/// References are counted so that the last use of a list or pair *moves* it: whoever gets it may be
/// its only owner and update it in place. A use that moves but is not the last is preceded by a
/// `retain`; a use that only reads and is the last is followed by a `release`.
struct Emitter {
  let kinds: [Kind]
  private let function: Int32
  private let tooLarge: (String) -> LinkError
  var program: LinkedProgram
  var registers: [UInt16]
  var isUsed: [Bool] = []
  /// The calls whose frame distance waits for the size of the frame.
  private var calls: [Int] = []
  private var constants: [Word: Int32] = [:]
  private var step: Int32 = -1

  /// Words between the registers of two frames: the return address and the distance.
  static let linkSize = 2

  /// Appends the instructions of `lowered`, the function with that number, to `program`.
  static func emit(
    _ lowered: LoweredFunction, as function: Int, to program: inout LinkedProgram,
    tooLarge: @escaping (String) -> LinkError
  ) throws(LinkError) {
    let live = Liveness.mark(lowered)
    var emitter = Emitter(lowered, function, program, tooLarge)
    program = LinkedProgram()
    try emitter.emit(lowered, live)
    program = emitter.program
  }

  private init(
    _ lowered: LoweredFunction, _ function: Int, _ program: LinkedProgram,
    _ tooLarge: @escaping (String) -> LinkError
  ) {
    kinds = lowered.kinds
    self.function = Int32(function)
    self.program = program
    self.tooLarge = tooLarge
    registers = [UInt16](repeating: 0, count: lowered.kinds.count)
  }

  private mutating func emit(_ lowered: LoweredFunction, _ live: BitSet) throws(LinkError) {
    let entry = program.instructions.count
    for parameter in 0..<lowered.parameterCount {
      registers[parameter] = try allocate()
    }
    for parameter in 0..<lowered.parameterCount where !live.contains(parameter) {
      if kinds[parameter] == .reference { release(registers[parameter]) }
      free(registers[parameter])
    }
    let result = try emitItems(lowered.block)
    write(.return, b: result)
    let frameSize = isUsed.count
    for call in calls { program.instructions[call].c = UInt16(frameSize + Emitter.linkSize) }
    returnDirectly(from: entry)
    program.functions[Int(function)].entry = entry
    program.functions[Int(function)].frameSize = frameSize
    program.functions[Int(function)].cost = lowered.block.cost
  }

  /// A jump to a `return` becomes that `return`.
  private mutating func returnDirectly(from entry: Int) {
    for index in (entry..<program.instructions.count).reversed()
    where program.instructions[index].opcode == .jump {
      let target = program.instructions[Int(program.instructions[index].x)]
      if target.opcode == .return { program.instructions[index] = target }
    }
  }

  // MARK: - Registers

  mutating func allocate() throws(LinkError) -> UInt16 {
    if let index = isUsed.firstIndex(of: false) {
      isUsed[index] = true
      return UInt16(index)
    }
    guard isUsed.count < Int(UInt16.max) - Emitter.linkSize else {
      throw tooLarge("it needs more than \(UInt16.max) registers")
    }
    isUsed.append(true)
    return UInt16(isUsed.count - 1)
  }

  /// The register that was chosen already, or a new one.
  mutating func place(_ chosen: UInt16?) throws(LinkError) -> UInt16 {
    if let chosen { return chosen }
    return try allocate()
  }

  mutating func free(_ register: UInt16) { isUsed[Int(register)] = false }

  // MARK: - Instructions

  @discardableResult
  mutating func write(
    _ opcode: Opcode, a: UInt16 = 0, b: UInt16 = 0, c: UInt16 = 0, x: Int32 = 0, y: Int32 = 0
  ) -> Int {
    program.instructions.append(Instruction(opcode: opcode, a: a, b: b, c: c, x: x, y: y))
    program.origins.append(Image.Origin(function: function, step: step))
    return program.instructions.count - 1
  }

  mutating func release(_ register: UInt16) { write(.release, b: register) }
  mutating func retain(_ register: UInt16) { write(.retain, b: register) }

  /// The position of the next instruction.
  var here: Int32 { Int32(program.instructions.count) }

  mutating func load(_ word: Word, into register: UInt16) {
    let index: Int32
    if let known = constants[word] {
      index = known
    } else {
      index = Int32(program.constants.count)
      program.constants.append(word)
      constants[word] = index
    }
    write(.constant, a: register, x: index)
  }

  // MARK: - Blocks

  /// Emits the items; gives the register of the result, which the reader now owns.
  private mutating func emitItems(_ block: Block) throws(LinkError) -> UInt16 {
    for item in block.items { try emit(item, target: nil) }
    return registers[block.result]
  }

  /// Emits an arm that leaves its value in `target`.
  private mutating func emit(_ block: Block, target: UInt16) throws(LinkError) {
    var isInPlace = false
    for item in block.items {
      let isResult = item.destination == block.result && block.resultDies
      if isResult { isInPlace = true }
      try emit(item, target: isResult ? target : nil)
    }
    if isInPlace { return }
    let result = registers[block.result]
    if !block.resultDies, kinds[block.result] == .reference { retain(result) }
    if result != target { write(.move, a: target, b: result) }
  }

  private mutating func emit(_ item: Item, target: UInt16?) throws(LinkError) {
    step = Int32(item.step)
    let application = begin(item.application) { [registers] in registers[$0] }
    switch item.body {
    case .constant(let word, _):
      let register = try place(target)
      registers[item.destination] = register
      load(word, into: register)
    case .operation(let operation, let operands):
      try emit(item, .operation(operation), operands, target)
    case .call(let function, let operands):
      try emit(item, .call(function), operands, target)
    case .branch(let branch): try emit(item, branch, target)
    case .loop(let loop): try emit(item, loop, target)
    }
    end(application, registers[item.destination])
    if item.isUnused, target == nil { discard(item.destination) }
  }

  /// Tells a trace that an application begins; nothing where there is none to tell.
  ///
  /// - Parameter register: The register of an operand.
  /// - Returns: The number of the application, for ``end(_:_:)``.
  mutating func begin(
    _ application: TracedApplication?, register: (Int) -> UInt16
  ) -> Int32? {
    guard let application else { return nil }
    let number = Int32(program.applications.count)
    program.applications.append(application.mapped { Int(register($0)) })
    write(.traceBegin, x: number)
    return number
  }

  mutating func end(_ application: Int32?, _ result: UInt16) {
    if let application { write(.traceEnd, b: result, x: application) }
  }

  private mutating func emit(
    _ item: Item, _ skill: Target, _ operands: [Int], _ target: UInt16?
  ) throws(LinkError) {
    let arguments = operands.enumerated().map { index, operand in
      // A value that is read twice is not moved: the other operand still needs it.
      Argument(
        register: registers[operand], kind: kinds[operand],
        isLast: item.dying.contains(operand) && operands.firstIndex(of: operand) == index,
        isShared: operands.filter { $0 == operand }.count > 1)
    }
    let mustOutlive = arguments.contains { argument in
      argument.kind == .reference && argument.isLast
    }
    if mustOutlive {
      let destination = try place(target)
      try apply(skill, arguments, to: destination, resultKind: kinds[item.destination])
      for variable in item.dying { free(registers[variable]) }
      registers[item.destination] = destination
    } else {
      for variable in item.dying { free(registers[variable]) }
      let destination = try place(target)
      try apply(skill, arguments, to: destination, resultKind: kinds[item.destination])
      registers[item.destination] = destination
    }
  }

  private mutating func emit(
    _ item: Item, _ branch: Item.Branch, _ target: UInt16?
  ) throws(LinkError) {
    let destination = try place(target)
    let test = write(
      .branch, b: registers[branch.condition], c: UInt16(branch.then.cost),
      y: Int32(branch.otherwise.cost))
    let before = isUsed
    for variable in branch.deadInThen { discard(variable) }
    try emit(branch.then, target: destination)
    let end = write(.jump)
    program.instructions[test].x = here

    restore(before)
    for variable in branch.deadInOtherwise { discard(variable) }
    try emit(branch.otherwise, target: destination)
    program.instructions[end].x = here

    restore(before)
    for variable in item.dying { free(registers[variable]) }
    registers[item.destination] = destination
  }

  /// Ends a variable's life without a reader.
  private mutating func discard(_ variable: Int) {
    if kinds[variable] == .reference { release(registers[variable]) }
    free(registers[variable])
  }

  mutating func restore(_ before: [Bool]) {
    isUsed = before + [Bool](repeating: false, count: isUsed.count - before.count)
  }

  // MARK: - Applications

  struct Argument {
    let register: UInt16
    let kind: Kind
    /// Whether this is the last reader of the register.
    let isLast: Bool
    /// Whether another argument of the same application is the same variable.
    let isShared: Bool
  }

  /// Emits one application and what the counts of its arguments need before and after it.
  mutating func apply(
    _ skill: Target, _ arguments: [Argument], to destination: UInt16, resultKind: Kind
  ) throws(LinkError) {
    var released: [UInt16] = []
    for (index, argument) in arguments.enumerated() where argument.kind == .reference {
      let isMoved: Bool =
        switch skill {
        case .call: true
        case .operation(let operation): operation.consumes >> index & 1 == 1
        case .control: false
        }
      if isMoved, argument.isLast, !argument.isShared { continue }
      if isMoved { retain(argument.register) }
      if argument.isLast { released.append(argument.register) }
    }
    let target = try place(released.contains(destination) ? nil : destination)
    switch skill {
    case .call(let function):
      let pool = program.pool.count
      program.pool += arguments.map(\.register)
      calls.append(
        write(
          .call, a: target, b: UInt16(arguments.count), x: Int32(function), y: Int32(pool)))
    case .operation(let operation):
      func register(_ index: Int) -> UInt16 {
        index < arguments.count ? arguments[index].register : 0
      }
      let usesThird = arguments.count > 2
      write(
        operation.opcode, a: target, b: register(0), c: register(1), x: operation.x,
        y: usesThird ? Int32(register(2)) : operation.y)
      if operation.opcode == .select, resultKind == .reference { retain(target) }
    case .control: preconditionFailure("a control form takes its skills at a step")
    }
    for register in released { release(register) }
    if target != destination {
      write(.move, a: destination, b: target)
      free(target)
    }
  }
}
