/// The linker's third pass: gives each variable a register and writes instructions.
///
/// References are counted so that the last use of a list or pair *moves* it: whoever gets it may be
/// its only owner and update it in place. A use that moves but is not the last is preceded by a
/// `retain`; a use that only reads and is the last is followed by a `release`.
struct Emitter {
  let types: [Type]
  let kinds: [Kind]
  private let tooLarge: (String) -> LinkError
  var program: LinkedProgram
  var registers: [UInt16]
  var occupants: [Occupant] = []
  /// The functions that are called, and their calls' frame distance waits for the size of the frame.
  private var calls: [Int] = []
  private var constants: [Word: Int32] = [:]
  var origin: Image.Origin
  /// Nothing jumps to behind this position: what stands from there on may still be changed.
  var firstFixed = 0

  /// What a register of the frame holds.
  enum Occupant: Equatable {
    case nothing
    /// Nothing yet, or something that was moved elsewhere.
    case reserved
    case variable(Int)
    /// Something of the loop's own.
    case value(Type)
  }

  /// Words between the registers of two frames: the return address and the distance.
  static let linkSize = 2

  /// Where the results of a region go at its end.
  enum Target: Equatable {
    case register(UInt16)
    /// Behind the last element of the list in that register.
    case list(UInt16)
  }

  /// Appends the instructions of `built`, the function with that number, to `program`.
  ///
  /// - Returns: The functions that it calls.
  static func emit(
    _ built: RegionBuilder.Function, as function: Int, to program: inout LinkedProgram,
    tooLarge: @escaping (String) -> LinkError
  ) throws(LinkError) -> [Int] {
    var emitter = Emitter(built, function, program, tooLarge)
    program = LinkedProgram()
    try emitter.emit(built, function)
    program = emitter.program
    return emitter.calls.map { Int(program.instructions[$0].x) }
  }

  private init(
    _ built: RegionBuilder.Function, _ function: Int, _ program: LinkedProgram,
    _ tooLarge: @escaping (String) -> LinkError
  ) {
    types = built.types
    kinds = built.types.map { Kind(of: $0) }
    origin = Image.Origin(function: Int32(function), step: -1)
    self.program = program
    self.tooLarge = tooLarge
    registers = [UInt16](repeating: 0, count: kinds.count)
  }

  private mutating func emit(
    _ built: RegionBuilder.Function, _ function: Int
  ) throws(LinkError) {
    let entry = program.instructions.count
    for parameter in 0..<built.parameterCount { hold(parameter, in: try allocate()) }
    let depth = built.isRecursive ? 1 : 0
    let memo = built.isMemoised ? try recall(built, depth) : nil
    for parameter in 0..<built.parameterCount where !built.live.contains(parameter) {
      discard(parameter)
    }
    for node in built.region.nodes { try emit(node, targets: nil) }
    if let memo {
      write(.remember, b: registers[built.region.results[0]], c: memo.place, x: memo.number)
    }
    write(.return, b: registers[built.region.results[0]], x: Int32(depth))
    let frameSize = occupants.count
    for call in calls { program.instructions[call].c = UInt16(frameSize + Emitter.linkSize) }
    returnDirectly(from: entry)
    pair(from: entry)
    program.functions[function].entry = entry
    program.functions[function].frameSize = frameSize
    program.functions[function].cost = built.isMemoised ? 0 : built.region.cost
    program.functions[function].depth = depth
  }

  /// Writes the look-up that a memoised function begins with; what is remembered is its business.
  private mutating func recall(
    _ built: RegionBuilder.Function, _ depth: Int
  ) throws(LinkError) -> (number: Int32, place: UInt16) {
    let number = Int32(program.memos.count)
    program.memos.append(
      Memo.Kinds(
        arguments: Array(kinds[..<built.parameterCount]), result: kinds[built.region.results[0]]))
    let place = try allocate()
    occupants[Int(place)] = .value(.int)
    write(.recall, a: place, c: UInt16(depth), x: number, y: Int32(built.region.cost))
    return (number, place)
  }

  /// A jump to a `return` becomes that `return`.
  private mutating func returnDirectly(from entry: Int) {
    for index in (entry..<program.instructions.count).reversed()
    where program.instructions[index].opcode == .jump {
      let target = program.instructions[Int(program.instructions[index].x)]
      if target.opcode == .return { program.instructions[index] = target }
    }
  }

  /// Lets instructions do the work of the next one. From the first on, so that the next is still itself.
  private mutating func pair(from entry: Int) {
    for index in entry..<program.instructions.count - 1 {
      let next = program.instructions[index + 1]
      if let paired = program.instructions[index].paired(with: next) {
        program.instructions[index].opcode = paired
      }
    }
  }

  // MARK: - Registers

  mutating func allocate() throws(LinkError) -> UInt16 {
    if let index = occupants.firstIndex(of: .nothing) {
      occupants[index] = .reserved
      return UInt16(index)
    }
    guard occupants.count < Int(UInt16.max) - Emitter.linkSize else {
      throw tooLarge("it needs more than \(UInt16.max) registers")
    }
    occupants.append(.reserved)
    return UInt16(occupants.count - 1)
  }

  /// From here on the register has the variable's value.
  mutating func hold(_ variable: Int, in register: UInt16) {
    registers[variable] = register
    occupants[Int(register)] = .variable(variable)
  }

  mutating func free(_ register: UInt16) { occupants[Int(register)] = .nothing }

  mutating func restore(_ before: [Occupant]) {
    occupants = before + [Occupant](repeating: .nothing, count: occupants.count - before.count)
  }

  // MARK: - Instructions

  @discardableResult
  mutating func write(
    _ opcode: Opcode, a: UInt16 = 0, b: UInt16 = 0, c: UInt16 = 0, x: Int32 = 0, y: Int32 = 0
  ) -> Int {
    program.instructions.append(Instruction(opcode: opcode, a: a, b: b, c: c, x: x, y: y))
    program.origins.append(origin)
    let position = program.instructions.count - 1
    if program.isTraced, [.call, .traceBegin, .traceEnd].contains(opcode) {
      program.layouts[position] = layout
    }
    return position
  }

  /// What the frame holds now.
  private var layout: [(register: Int, type: Type)] {
    occupants.enumerated().compactMap { register, occupant in
      switch occupant {
      case .nothing, .reserved: nil
      case .variable(let variable): (register, types[variable])
      case .value(let type): (register, type)
      }
    }
  }

  /// Writes a branch or the end of a round on a condition that nobody else reads; gives its position.
  ///
  /// Where the last instruction was the comparison that gave the condition, the two become one; a trace
  /// tells what the register of the condition holds.
  mutating func test(
    _ condition: UInt16, _ instruction: Instruction, isLast: Bool
  ) -> Int {
    if isLast, !program.isTraced, isWrittenLast(condition), let last = program.instructions.last,
      let fused = last.fused(with: instruction)
    {
      program.instructions[program.instructions.count - 1] = fused
      return program.instructions.count - 1
    }
    program.instructions.append(instruction)
    program.origins.append(origin)
    return program.instructions.count - 1
  }

  mutating func release(_ register: UInt16) { write(.release, b: register) }
  mutating func retain(_ register: UInt16) { write(.retain, b: register) }

  /// The position of the next instruction, to which something will jump.
  mutating func label() -> Int32 {
    firstFixed = program.instructions.count
    return Int32(firstFixed)
  }

  mutating func load(_ word: Word, into register: UInt16) {
    write(.constant, a: register, x: constant(word))
  }

  /// The position of a constant in the image.
  private mutating func constant(_ word: Word) -> Int32 {
    if let known = constants[word] { return known }
    let index = Int32(program.constants.count)
    program.constants.append(word)
    constants[word] = index
    return index
  }

  // MARK: - Regions

  /// Emits a region whose results go to the targets. What the targets' registers hold is not needed
  /// at the region's end.
  mutating func emit(_ region: Region, to targets: [Target]) throws(LinkError) {
    for (index, node) in region.nodes.enumerated() {
      let isTail =
        index == region.nodes.count - 1 && node.results == region.results
        && region.resultDies.allSatisfy { $0 } && node.application == nil
      if isTail, case .branch = node.body {
        // The arms know where their values go.
        return try emit(node, targets: targets)
      }
      try emit(node, targets: nil)
    }
    try deliver(region, to: targets)
  }

  /// Moves the results to the targets, all at once.
  private mutating func deliver(_ region: Region, to targets: [Target]) throws(LinkError) {
    var moves: [(from: UInt16, to: UInt16)] = []
    for (index, target) in targets.enumerated() {
      let variable = region.results[index]
      let register = registers[variable]
      let isGiven = region.results[..<index].contains(variable)
      if kinds[variable] == .reference, isGiven || !region.resultDies[index] { retain(register) }
      switch target {
      case .list(let list): write(.push, a: list, b: register)
      case .register(let target) where target == register: break
      case .register(let target): moves.append((register, target))
      }
    }
    if let last = moves.firstIndex(where: { isWrittenLast($0.from) }),
      !moves.contains(where: { $0.from == moves[last].to }),
      moves.filter({ $0.from == moves[last].from }).count == 1,
      zip(region.results, region.resultDies).allSatisfy({ $1 || registers[$0] != moves[last].from })
    {
      program.instructions[program.instructions.count - 1].a = moves.remove(at: last).to
    }
    while !moves.isEmpty {
      // A register that nobody has to read any more may be written.
      if let free = moves.firstIndex(where: { move in
        !moves.contains { $0.from == move.to }
      }) {
        write(.move, a: moves[free].to, b: moves[free].from)
        moves.remove(at: free)
      } else {
        let spare = try allocate()
        write(.move, a: spare, b: moves[0].from)
        let from = moves[0].from
        for index in moves.indices where moves[index].from == from { moves[index].from = spare }
      }
    }
  }

  /// Whether the register's value comes from the last instruction, however that was reached.
  private func isWrittenLast(_ register: UInt16) -> Bool {
    guard program.instructions.count > firstFixed, let last = program.instructions.last else {
      return false
    }
    return last.a == register && last.opcode.writesRegister
  }

  /// Emits a node; its results go to the targets if there are any, else to registers of their own.
  private mutating func emit(_ node: Node, targets: [Target]?) throws(LinkError) {
    let outer = origin
    origin = node.origin
    defer { origin = outer }
    let application = begin(node.application)
    switch node.body {
    case .constant(let word):
      let register = try allocate()
      load(word, into: register)
      hold(node.results[0], in: register)
    case .operation(let operation, let operands):
      try emit(node, .operation(operation), operands)
    case .call(let function, let operands): try emit(node, .call(function), operands)
    case .branch(let branch): try emit(node, branch, targets)
    case .loop(let loop): try emit(node, loop)
    }
    if let application { write(.traceEnd, b: registers[node.results[0]], x: application) }
    if targets == nil {
      for result in node.unused { discard(result) }
    }
  }

  /// Tells a trace that an application begins; nothing where there is none to tell.
  ///
  /// - Returns: The number of the application, for its end.
  private mutating func begin(_ application: TracedApplication?) -> Int32? {
    guard let application else { return nil }
    let number = Int32(program.applications.count)
    program.applications.append(application.mapped { [registers] in Int(registers[$0]) })
    write(.traceBegin, x: number)
    return number
  }

  /// Ends a variable's life without a reader.
  mutating func discard(_ variable: Int) {
    if kinds[variable] == .reference { release(registers[variable]) }
    free(registers[variable])
  }

  private mutating func emit(
    _ node: Node, _ branch: BranchRegions, _ chosen: [Target]?
  ) throws(LinkError) {
    var targets = chosen ?? []
    if chosen == nil {
      for result in node.results {
        let register = try allocate()
        registers[result] = register
        targets.append(.register(register))
      }
    }
    let condition = registers[branch.condition]
    let test = test(
      condition,
      Instruction(
        opcode: .branch, b: condition, c: UInt16(branch.then.cost), y: Int32(branch.otherwise.cost)),
      isLast: node.dying.contains(branch.condition) && !branch.reads(branch.condition))
    let before = occupants
    for variable in branch.deadInThen { discard(variable) }
    try emit(branch.then, to: targets)
    let isEmpty = program.instructions.count == test + 1
    var end: Int?
    if isEmpty, let inverted = program.instructions[test].inverted {
      program.instructions[test] = inverted
    } else {
      end = write(.jump)
      program.instructions[test].x = label()
    }

    restore(before)
    for variable in branch.deadInOtherwise { discard(variable) }
    try emit(branch.otherwise, to: targets)
    if let end, program.instructions.count == end + 1 {
      // There is nothing to jump over.
      program.instructions.removeLast()
      program.origins.removeLast()
      program.instructions[test].x = label()
    } else {
      program.instructions[end ?? test].x = label()
    }

    restore(before)
    if chosen == nil {
      for result in node.results { hold(result, in: registers[result]) }
    }
    for variable in node.dying { free(registers[variable]) }
  }

  // MARK: - Applications

  private enum Skill {
    case operation(Operation)
    case call(Int)

    func consumes(_ operand: Int) -> Bool {
      switch self {
      case .operation(let operation): operation.consumes >> operand & 1 == 1
      case .call: true
      }
    }
  }

  /// Emits one application and what the counts of its operands need before and after it.
  private mutating func emit(
    _ node: Node, _ skill: Skill, _ operands: [Int]
  ) throws(LinkError) {
    var released: [UInt16] = []
    for (index, operand) in operands.enumerated() where kinds[operand] == .reference {
      let isLast = node.dying.contains(operand) && operands.firstIndex(of: operand) == index
      if skill.consumes(index) {
        // A value that is read twice is not moved: the other operand still needs it.
        let isShared = operands.filter { $0 == operand }.count > 1
        if isLast, !isShared { continue }
        retain(registers[operand])
      }
      if isLast { released.append(registers[operand]) }
    }
    let read = operands.map { registers[$0] }
    // What is released afterwards keeps its register until then.
    let freed = node.dying.filter { !released.contains(registers[$0]) }
    for variable in freed { free(registers[variable]) }
    for result in node.results { registers[result] = try allocate() }
    defer {
      for result in node.results { hold(result, in: registers[result]) }
    }
    let target = node.results.first.map { registers[$0] } ?? 0
    switch skill {
    case .call(let function):
      let pool = program.pool.count
      program.pool += read
      calls.append(
        write(.call, a: target, b: UInt16(read.count), x: Int32(function), y: Int32(pool)))
    case .operation(let operation) where operation.opcode == .make:
      let pool = program.pool.count
      program.pool += read
      let fields = MadeObject.bits(operands.map { kinds[$0] })
      write(
        .make, a: target, b: UInt16(read.count), c: UInt16(operation.x),
        x: constant(Word(bitPattern: UInt(fields))), y: Int32(pool))
    case .operation(let operation):
      func register(_ index: Int) -> UInt16 { index < read.count ? read[index] : 0 }
      let x = node.results.count > 1 ? Int32(registers[node.results[1]]) : operation.x
      let isWord = operation.opcode == .get && kinds[node.results[0]] != .reference
      write(
        isWord ? .getWord : operation.opcode, a: target, b: register(0), c: register(1), x: x,
        y: read.count > 2 ? Int32(register(2)) : operation.y)
      if operation.opcode == .select, kinds[node.results[0]] == .reference { retain(target) }
    }
    for register in released {
      release(register)
      free(register)
    }
  }
}
