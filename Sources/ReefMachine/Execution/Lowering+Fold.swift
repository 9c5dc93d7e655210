/// What writes items of blocks.
protocol ItemWriter {
  /// Adds an item; gives the variable that it writes.
  mutating func add(
    _ body: Item.Body, _ type: Type, _ step: Int, to block: Block
  ) throws(LinkError) -> Int
  /// The concrete type of a variable.
  func type(of variable: Int) -> Type
}

extension ItemWriter {
  /// The fields of a value of a declared type that was made by the constructor.
  mutating func fields(
    of subject: Int, _ constructor: Int, _ types: [Type], _ step: Int, to block: Block
  ) throws(LinkError) -> [Int] {
    var fields: [Int] = []
    for (number, type) in types.enumerated() {
      let field = Operation(opcode: .field, x: Int32(number), y: Int32(constructor))
      fields.append(try add(.operation(field, [subject]), type, step, to: block))
    }
    return fields
  }

  /// The application of a skill, for a step.
  ///
  /// - Parameters:
  ///   - operand: The position of the skill among the step's operands.
  ///   - callee: What a trace calls it; nil where nothing is traced.
  mutating func apply(
    _ target: Target, _ operands: [Int], _ result: Type, _ step: Int, to block: Block,
    operand: Int, callee: Digest??
  ) throws(LinkError) -> Int {
    block.cost += 1
    let body: Item.Body =
      switch target {
      case .operation(let operation): .operation(operation, operands)
      case .call(let function): .call(function: function, operands)
      case .control, .match, .fold: preconditionFailure("a control form takes its skills at a step")
      }
    let variable = try add(body, result, step, to: block)
    if let callee {
      block.items[block.items.count - 1].application = TracedApplication(
        callee: callee, place: .round(operand: operand),
        operands: operands.map { .value($0, type(of: $0)) }, resultType: result)
    }
    return variable
  }

  /// A block for each of `count` constructors, of which the one of `subject` is executed.
  mutating func choose(
    _ subject: Int, _ count: Int, _ type: Type, _ step: Int, in block: Block,
    _ arm: (inout Self, Int, Block) throws(LinkError) -> Int
  ) throws(LinkError) -> Int {
    let tag = try add(.operation(Operation(opcode: .tag), [subject]), .int, step, to: block)
    return try choose(tag, 0..<count, type, step, in: block, arm)
  }

  private mutating func choose(
    _ tag: Int, _ numbers: Range<Int>, _ type: Type, _ step: Int, in block: Block,
    _ arm: (inout Self, Int, Block) throws(LinkError) -> Int
  ) throws(LinkError) -> Int {
    let number = numbers.lowerBound
    let isTag = Operation(opcode: .equalWordsImmediate, x: Int32(number))
    let condition = try add(.operation(isTag, [tag]), .bool, step, to: block)
    let (then, otherwise) = (Block(), Block())
    then.result = try arm(&self, number, then)
    otherwise.result =
      numbers.count == 2
      ? try arm(&self, number + 1, otherwise)
      : try choose(tag, numbers.dropFirst(), type, step, in: otherwise, arm)
    let branch = Item.Branch(condition: condition, then: then, otherwise: otherwise)
    return try add(.branch(branch), type, step, to: block)
  }
}

/// One use of a type's fold: what it does with each constructor.
struct Fold {
  struct Arm {
    /// What is applied to the fields, and what a trace calls it; nil where the arm is a value.
    let skill: (target: Target, callee: Digest??)?
    /// The arm's part of `bound`: the value, or what is bound to the skill.
    let bound: Range<Int>
  }

  let definition: TypeDefinition
  /// Concrete.
  let arguments: [Type]
  let result: Type
  /// The position of the step in the code around it.
  let step: Int
  /// By constructor.
  var arms: [Arm] = []
  /// The types of what all arms together have from outside.
  var bound: [Type] = []
}

/// Writes the function that a fold is: it takes a value and what is bound, goes into the value's
/// fields by calling itself, and applies the skill of the constructor to what that gives. So a fold
/// nests as calls do, on the machine's own stack and within the limit of depth.
///
/// A step is charged for each value that it comes to, one for each skill that is applied, and two for
/// each element of a list on the way.
struct FoldLowering: ItemWriter {
  private let fold: Fold
  /// A number for one function more.
  private let number: () throws(LinkError) -> Int
  /// The number of the fold's own function.
  let own: Int
  private var types: [Type] = []
  /// The functions for what stands around the type in its fields, such as the inner lists of `[[tree]]`.
  private var helpers: [Type: Int] = [:]
  private(set) var functions: [(number: Int, function: LoweredFunction)] = []

  init(
    _ fold: Fold, number: @escaping () throws(LinkError) -> Int
  ) throws(LinkError) {
    self.fold = fold
    self.number = number
    own = try number()
    try write()
  }

  mutating func add(
    _ body: Item.Body, _ type: Type, _ step: Int, to block: Block
  ) throws(LinkError) -> Int {
    types.append(type)
    block.items.append(Item(body: body, destination: types.count - 1, step: step))
    return types.count - 1
  }

  func type(of variable: Int) -> Type { types[variable] }

  /// The variables of what is bound, behind the function's first parameter.
  private var bound: [Int] { Array(1..<1 + fold.bound.count) }

  private var before: [String: Type] { fold.definition.bindings(fold.arguments) }
  private var after: [String: Type] {
    before.merging([TypeDefinition.own: fold.result]) { $1 }
  }

  private mutating func function(
    _ number: Int, on type: Type, cost: Int,
    _ write: (inout FoldLowering, Block) throws(LinkError) -> Int
  ) throws(LinkError) {
    let outer = types
    types = [type] + fold.bound
    let block = Block()
    block.cost = cost
    block.result = try write(&self, block)
    var function = LoweredFunction(
      block: block, parameterCount: 1 + fold.bound.count, types: types, isMemoised: false)
    function.isFold = number == own
    functions.append((number, function))
    types = outer
  }

  private mutating func write() throws(LinkError) {
    let definition = fold.definition
    let count = definition.constructors.count
    try function(own, on: .named(definition, fold.arguments), cost: 1) {
      writer, block throws(LinkError) in
      if count == 1 { return try writer.arm(0, block) }
      return try writer.choose(0, count, writer.fold.result, writer.fold.step, in: block) {
        writer, number, block throws(LinkError) in try writer.arm(number, block)
      }
    }
  }

  private mutating func arm(_ constructor: Int, _ block: Block) throws(LinkError) -> Int {
    let arm = fold.arms[constructor]
    let bound = Array(bound[arm.bound])
    guard let skill = arm.skill else { return bound[0] }
    let declared = fold.definition.constructors[constructor].fields
    let fields = try fields(
      of: 0, constructor, fold.definition.fields(of: constructor, fold.arguments), fold.step,
      to: block)
    var folded: [Int] = []
    for (field, type) in zip(fields, declared) {
      folded.append(try self.folded(field, type, block))
    }
    return try apply(
      skill.target, folded + bound, fold.result, fold.step, to: block, operand: constructor,
      callee: skill.callee)
  }

  /// The variable of a field in which each value of the type is replaced.
  private mutating func folded(
    _ field: Int, _ declared: Type, _ block: Block
  ) throws(LinkError) -> Int {
    guard declared.mentions(TypeDefinition.own) else { return field }
    let result = declared.replacing(after)
    switch declared {
    case .list(let element):
      let body = LoopBody(
        target: .call(try function(for: element)), captures: bound,
        resultType: element.replacing(after))
      let loop = Loop(
        form: .map, bodies: [body], operands: [field],
        elementKind: Kind(of: element.replacing(after)))
      return try add(.loop(loop), result, fold.step, to: block)
    case .pair(let first, let second):
      let x = try add(
        .operation(.pairFirst, [field]), first.replacing(before), fold.step, to: block)
      let y = try add(
        .operation(.pairSecond, [field]), second.replacing(before), fold.step, to: block)
      let parts = [try folded(x, first, block), try folded(y, second, block)]
      return try add(
        .operation(.pairMake(types[parts[0]], types[parts[1]]), parts), result, fold.step,
        to: block)
    default:
      return try add(.call(function: own, [field] + bound), result, fold.step, to: block)
    }
  }

  /// The function that replaces each value of the type inside a value.
  private mutating func function(for declared: Type) throws(LinkError) -> Int {
    if declared == .variable(TypeDefinition.own) { return own }
    if let known = helpers[declared] { return known }
    let number = try number()
    helpers[declared] = number
    try function(number, on: declared.replacing(before), cost: 0) {
      writer, block throws(LinkError) in try writer.folded(0, declared, block)
    }
    return number
  }
}

extension Operation {
  private static func pairs(_ atom: KnownAtom) -> Operation {
    Operation(opcode: atom.atom.opcode!, atom: atom.atom.digest)
  }
  static var pairFirst: Operation { pairs(.pairFirst) }
  static var pairSecond: Operation { pairs(.pairSecond) }

  /// Makes a pair of values of the types.
  static func pairMake(_ first: Type, _ second: Type) -> Operation {
    var operation = pairs(.pairMake)
    operation.x = Int32(Kind(of: first).rawValue)
    operation.y = Int32(Kind(of: second).rawValue)
    operation.consumes = 0b11
    return operation
  }
}
