/// The linker's second pass: from lowered functions to regions.
///
/// Small skills that do not call themselves are written out where they are applied, which saves the
/// call and brings what makes a pair and what takes it apart together. A pair whose parts are known is
/// then not made, unless something wants it whole. Neither changes what a run gives or what it is
/// charged, but for copies of lists that are no longer shared.
struct RegionBuilder {
  let inlining: Inlining
  /// The type of each variable.
  private(set) var types: [Type] = []
  var region = Region()
  /// The parts of variables that are pairs, where they are known.
  var parts: [Int: (first: Int, second: Int)] = [:]
  private var constants: [Int: Value] = [:]
  /// The bounds of variables that are `list.range` of two ints.
  private(set) var ranges: [Int: (low: Int, high: Int)] = [:]
  /// How many more items of other functions may be written out here.
  private(set) var room = Inlining.maximumGrowth

  /// The names of a function's variables while its items are being taken over.
  struct Scope {
    let function: Int
    let types: [Type]
    var variables: [Int]

    func callAsFunction(_ variable: Int) -> Int { variables[variable] }
    func callAsFunction(_ variables: [Int]) -> [Int] { variables.map { self.variables[$0] } }
  }

  /// A function in regions.
  struct Function {
    let parameterCount: Int
    let types: [Type]
    let region: Region
    /// The parameters that something reads.
    let live: BitSet
    /// Whether it calls itself, so that its calls count for the limit of depth.
    let isRecursive: Bool
    /// Whether it looks its calls up, and remembers them.
    let isMemoised: Bool
  }

  static func build(_ number: Int, _ inlining: Inlining) -> Function {
    var builder = RegionBuilder(inlining: inlining)
    let function = inlining.functions[number]!
    var scope = builder.scope(number, function)
    for parameter in 0..<function.parameterCount {
      scope.variables[parameter] = builder.variable(function.types[parameter])
    }
    let region = builder.region(of: function.block, &scope)
    builder.finish(region)
    return Function(
      parameterCount: function.parameterCount, types: builder.types, region: region,
      live: RegionLiveness.mark(region, variableCount: builder.types.count),
      isRecursive: inlining.recursive.contains(number),
      isMemoised: inlining.isMemoised(number))
  }

  private init(inlining: Inlining) { self.inlining = inlining }

  private func scope(_ number: Int, _ function: LoweredFunction) -> Scope {
    Scope(
      function: number, types: function.types,
      variables: [Int](repeating: -1, count: function.types.count))
  }

  mutating func variable(_ type: Type) -> Int {
    types.append(type)
    return types.count - 1
  }

  /// Removes what nothing reads; a trace tells everything.
  func finish(_ region: Region) {
    if inlining.isOn { region.removeUnread(variableCount: types.count) }
  }

  // MARK: - Regions

  /// What `build` adds, as a region of its own, with the variables that `build` gives as its results.
  mutating func inRegion(_ build: (inout RegionBuilder) -> [Int]) -> Region {
    let outer = region
    let inner = Region()
    region = inner
    inner.results = build(&self)
    region = outer
    return inner
  }

  private mutating func region(of block: Block, _ scope: inout Scope) -> Region {
    var inside = scope
    let region = inRegion { builder in
      builder.append(block, &inside)
      return [inside(block.result)]
    }
    scope = inside
    return region
  }

  /// Adds the items of a block, with their cost, to the region at hand.
  private mutating func append(_ block: Block, _ scope: inout Scope) {
    region.cost += block.cost
    for item in block.items { append(item, &scope) }
  }

  private mutating func append(_ item: Item, _ scope: inout Scope) {
    let type = scope.types[item.destination]
    let origin = Image.Origin(function: Int32(scope.function), step: Int32(item.step))
    let application = item.application.map { [scope] in $0.mapped { scope($0) } }
    let destination: Int
    switch item.body {
    case .constant(let word, let value):
      destination = variable(type)
      constants[destination] = value
      region.nodes.append(
        Node(
          body: .constant(word), results: [destination], origin: origin, application: application))
    case .operation(let operation, let operands):
      destination = append(operation, scope(operands), type, origin, application)
    case .call(let function, let operands):
      destination = call(function, scope(operands), type, origin, application)
    case .branch(let branch):
      destination = append(branch, type, &scope, origin, application)
    case .loop(let loop):
      destination = append(loop, type, scope, origin, application)
    }
    scope.variables[item.destination] = destination
  }

  // MARK: - Applications

  /// - Returns: The variable that holds the result, which may be one that was there before.
  mutating func append(
    _ operation: Operation, _ operands: [Int], _ type: Type, _ origin: Image.Origin,
    _ application: TracedApplication? = nil
  ) -> Int {
    if inlining.isOn, operation.isProjection, let parts = parts[operands[0]] {
      return operation.opcode == .pairFirst ? parts.first : parts.second
    }
    let result = variable(type)
    if inlining.isOn {
      switch operation.opcode {
      case .pairMake: parts[result] = (operands[0], operands[1])
      case .range: ranges[result] = (operands[0], operands[1])
      default: break
      }
    }
    let (folded, rest) = fold(operation, operands)
    region.nodes.append(
      Node(
        body: .operation(folded, rest), results: [result], origin: origin,
        application: application))
    return result
  }

  /// The operation with a constant operand inside the instruction, and the other operand.
  private func fold(_ operation: Operation, _ operands: [Int]) -> (Operation, [Int]) {
    guard inlining.isOn, operands.count == 2 else { return (operation, operands) }
    for (constant, other) in [(1, 0), (0, 1)] {
      if let value = constants[operands[constant]],
        let folded = operation.folding(value, isSecond: constant == 1)
      {
        return (folded, [operands[other]])
      }
    }
    return (operation, operands)
  }

  mutating func call(
    _ function: Int, _ operands: [Int], _ type: Type, _ origin: Image.Origin,
    _ application: TracedApplication? = nil
  ) -> Int {
    if let size = inlining.size(function), size <= room {
      room -= size
      let callee = inlining.functions[function]!
      var inner = scope(function, callee)
      for (index, operand) in operands.enumerated() { inner.variables[index] = operand }
      append(callee.block, &inner)
      return inner(callee.block.result)
    }
    let result = variable(type)
    region.nodes.append(
      Node(
        body: .call(function: function, operands), results: [result], origin: origin,
        application: application))
    return result
  }

  private mutating func append(
    _ branch: Item.Branch, _ type: Type, _ scope: inout Scope, _ origin: Image.Origin,
    _ application: TracedApplication?
  ) -> Int {
    let condition = scope(branch.condition)
    let then = region(of: branch.then, &scope)
    let otherwise = region(of: branch.otherwise, &scope)
    let body = Node.Body.branch(
      BranchRegions(condition: condition, then: then, otherwise: otherwise))
    guard case .pair(let first, let second) = type, let ofThen = parts[then.results[0]],
      let ofOtherwise = parts[otherwise.results[0]]
    else {
      let result = variable(type)
      region.nodes.append(
        Node(body: body, results: [result], origin: origin, application: application))
      return result
    }
    then.results = [ofThen.first, ofThen.second]
    otherwise.results = [ofOtherwise.first, ofOtherwise.second]
    let results = [variable(first), variable(second)]
    region.nodes.append(Node(body: body, results: results, origin: origin))
    return pair(results[0], results[1], origin)
  }

  /// A pair of two variables, which goes if nothing wants it whole.
  mutating func pair(_ first: Int, _ second: Int, _ origin: Image.Origin) -> Int {
    append(
      Operation(
        opcode: .pairMake, x: Int32(Kind(of: types[first]).rawValue),
        y: Int32(Kind(of: types[second]).rawValue), consumes: 0b11), [first, second],
      .pair(types[first], types[second]), origin)
  }
}

// MARK: - Taking back

extension RegionBuilder {
  /// What there was before an attempt. A region that the attempt made is dropped by whoever asked.
  struct Attempt {
    fileprivate let types: Int
    fileprivate let parts: [Int: (first: Int, second: Int)]
    fileprivate let constants: [Int: Value]
    fileprivate let ranges: [Int: (low: Int, high: Int)]
    fileprivate let nodes: Int
  }

  func attempt() -> Attempt {
    Attempt(
      types: types.count, parts: parts, constants: constants, ranges: ranges,
      nodes: region.nodes.count)
  }

  /// The room that was used stays used, so that attempts are few.
  mutating func takeBack(_ attempt: Attempt) {
    types.removeLast(types.count - attempt.types)
    parts = attempt.parts
    constants = attempt.constants
    ranges = attempt.ranges
    region.nodes.removeLast(region.nodes.count - attempt.nodes)
  }
}

// MARK: - Which functions

/// Which functions are written out where they are called.
struct Inlining {
  /// Items of a function, those of the functions that are written out in it included.
  static let maximumSize = 60
  /// Items of other functions in one function.
  static let maximumGrowth = 1_500

  let functions: [Int: LoweredFunction]
  /// Off where a trace is to tell every call.
  let isOn: Bool
  /// Whether skills that ask for it are memoised.
  let remembers: Bool
  /// The functions that call themselves, those of folds perhaps through others.
  private(set) var recursive: Set<Int> = []
  /// Of the functions that are small enough.
  private var sizes: [Int: Int] = [:]

  init(_ functions: [Int: LoweredFunction], isOn: Bool, remembers: Bool) {
    self.functions = functions
    self.isOn = isOn
    self.remembers = remembers
    var own: [Int: Int] = [:]
    var callees: [Int: [Int]] = [:]
    // Callees come first. Code is no deeper than the library is; the only cycle is the self-call.
    var pending = functions.keys.sorted()
    while let number = pending.last {
      guard let known = callees[number] else {
        var found: [Int] = []
        own[number] = functions[number]!.block.size(&found)
        callees[number] = found
        pending += found.filter { callees[$0] == nil }
        continue
      }
      pending.removeLast()
      guard let size = own.removeValue(forKey: number) else { continue }
      if known.contains(number) || functions[number]!.isFold {
        recursive.insert(number)
      } else if isOn, !isMemoised(number) {
        let all = known.reduce(size) { $0 + (sizes[$1] ?? 0) }
        if all <= Inlining.maximumSize { sizes[number] = all }
      }
    }
  }

  /// A trace tells every call, also one that was made before.
  func isMemoised(_ function: Int) -> Bool { remembers && functions[function]!.isMemoised }

  /// Nil where it is to be called.
  func size(_ function: Int) -> Int? { sizes[function] }
}

extension Block {
  /// The items inside, and the functions that they call.
  fileprivate func size(_ callees: inout [Int]) -> Int {
    var size = items.count
    for item in items {
      switch item.body {
      case .constant, .operation: break
      case .call(let function, _): callees.append(function)
      case .branch(let branch):
        size += branch.then.size(&callees) + branch.otherwise.size(&callees)
      case .loop(let loop):
        for body in loop.bodies {
          size += 1
          if case .call(let function) = body.target { callees.append(function) }
        }
      }
    }
    return size
  }
}
