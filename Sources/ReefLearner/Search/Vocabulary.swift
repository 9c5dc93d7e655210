import ReefMachine

/// The operations that one search may use, instantiated at the types that matter to it.
struct Vocabulary {
  let operations: [Operation]
  /// What wanted values may be taken apart with: the operations that have inverses, and further
  /// atoms that are met from this side only.
  let invertible: [Operation]
  let listTypes: [Type]
  let declaredTypes: [Type]
  let hasReals: Bool
  /// What may shrink at a self-call; empty where there is none.
  let measures: [Measure]

  /// Types are numbered; 0 is the wanted type.
  let types: [Type]
  let typeIndex: [Type: Int]
  let kinds: [Kind]
  /// By operation.
  let parameterTypeIDs: [[Int]]
  let resultTypeIDs: [Int]
  let evaluations: [Evaluation]
  let arities: [Int]

  struct Constant {
    let value: Value
    let type: Type
    let cost: Int
  }

  /// A skill or atom that may be called or passed as a function.
  struct Callable {
    let digest: Digest
    let type: Type
    var cost: Int
    let atom: Atom?
    /// Whether a control form may take it as a function.
    var isFunction = true
    /// Whether the guide puts it first.
    var isLikely = false
    /// Whether the search may only take wanted values apart with it.
    var isForInverses = false
  }

  /// A callable with its types filled in.
  private struct Instance {
    let callable: Callable
    let parameters: [Type]
    let result: Type

    var isLikelySkill: Bool { callable.isLikely && callable.atom == nil }

    /// Its application to data.
    func operation(in library: FrozenLibrary) -> Operation {
      Operation(
        callee: .skill(callable.digest), functions: [], dataCount: parameters.count,
        parameterTypes: parameters, resultType: result, cost: callable.cost,
        isCommutative: callable.atom?.isCommutative ?? false,
        inverses: callable.atom?.inverses ?? library.inverses(of: callable.digest),
        integerOperation: callable.atom?.integerOperation, varying: nil,
        isLikely: isLikelySkill)
    }
  }

  /// Of a form with more functions there are too many applications to try.
  private static let maximumFunctions = 2

  /// How many variables of types an atom's instances may draw on.
  static let maximumTypes = 14

  /// - Parameters:
  ///   - callables: Atoms and the skills that the guide admitted, with their costs, cheapest first.
  ///   - allowsBranches: Whether `control.if` is an operation; enumeration finds branches otherwise.
  ///   - costOfForm: What a control form adds to the cost of its functions.
  init(
    signature: Signature, callables: [Callable], library: FrozenLibrary, allowsRecursion: Bool,
    allowsBranches: Bool, costOfForm: (Atom) -> Int
  ) throws {
    let inverting = callables.filter(\.isForInverses)
    let callables = callables.filter { !$0.isForInverses }
    let universe = Vocabulary.universe(signature: signature, callables: callables)
    let members = Set(universe)
    // Where a generic atom works on types that neither the task nor a likely skill mentions, it
    // costs more.
    var home: Set<Type> = [.int, .bool]
    for callable in callables where callable.isLikely {
      if case .function(_, let result) = callable.type { result.addParts(to: &home) }
    }
    for type in signature.parameterTypes + [signature.result] {
      type.addParts(to: &home)
    }
    func filled(_ callables: [Callable]) -> [Instance] {
      var found: [Instance] = []
      for callable in callables where callable.atom?.takesFunctions != true {
        for (parameters, result) in Vocabulary.instances(of: callable.type, over: universe)
        where members.contains(result) {
          var callable = callable
          if !callable.type.variables.isEmpty, !(parameters + [result]).allSatisfy(home.contains) {
            callable.cost += 1
          }
          found.append(Instance(callable: callable, parameters: parameters, result: result))
        }
      }
      return found
    }
    // What has no operands is a constant.
    let instances = filled(callables).filter { !$0.parameters.isEmpty }
    // One with more parameters can still be mapped or folded, where captures leave few enough.
    var operations = instances.filter { $0.parameters.count <= Bank.maximumArity }
      .map { $0.operation(in: library) }
    for callable in callables {
      guard let form = callable.atom, form.takesFunctions else { continue }
      if form.controlForm == .branch {
        guard allowsBranches else { continue }
        let result = signature.result
        operations.append(
          Operation(
            callee: .skill(form.digest), functions: [], dataCount: 3,
            parameterTypes: [.bool, result, result], resultType: result, cost: callable.cost,
            isCommutative: false, inverses: [], integerOperation: nil, varying: nil))
        continue
      }
      operations += Vocabulary.applications(
        of: form, cost: callable.cost + costOfForm(form), instances: instances, universe: universe)
    }
    measures = allowsRecursion ? Measure.all(for: signature.parameterTypes) : []
    if allowsRecursion { operations += Vocabulary.recursions(of: signature) }
    self.operations = Vocabulary.useful(operations, for: signature)
    invertible = (self.operations + filled(inverting).map { $0.operation(in: library) })
      .filter { !$0.inverses.isEmpty }
    listTypes = universe.filter { if case .list = $0 { true } else { false } }
    declaredTypes = universe.filter { if case .named = $0 { true } else { false } }
    hasReals = members.contains(.real)
    var numbering = Numbering()
    for type in [signature.result] + signature.parameterTypes { numbering.add(type) }
    for type in [.int, .bool] + (hasReals ? [.real] : []) + listTypes + declaredTypes {
      numbering.add(type)
    }
    parameterTypeIDs = self.operations.map { $0.parameterTypes.map { numbering.add($0) } }
    resultTypeIDs = self.operations.map { numbering.add($0.resultType) }
    numbering.addParts(of: signature.result)
    types = numbering.types
    typeIndex = numbering.index
    kinds = types.map { Kind(of: $0) }
    evaluations = try self.operations.map { try Evaluation(of: $0, library: library) }
    arities = self.operations.map(\.arity)
  }

  // MARK: Types

  /// The types that values may have: those of the signature and their parts, ints and bools and
  /// lists of scalars, and what admitted skills return when given such types.
  private static func universe(signature: Signature, callables: [Callable]) -> [Type] {
    var found: Set<Type> = [.int, .bool, .list(.int), .list(.bool)]
    for type in signature.parameterTypes + [signature.result] {
      type.addParts(to: &found)
    }
    if found.contains(.real) { found.insert(.list(.real)) }
    for _ in 0..<2 {
      for callable in callables where callable.atom == nil {
        guard case .function(let parameters, let result) = callable.type,
          found.count < maximumTypes, parameters.allSatisfy(found.contains)
        else { continue }
        result.addParts(to: &found)
      }
    }
    return found.sorted()
  }

  /// Every way to fill the variables of a function type from `universe`.
  private static func instances(of type: Type, over universe: [Type]) -> [([Type], Type)] {
    guard case .function(let parameters, let result) = type else { return [] }
    let variables = type.variables
    if variables.isEmpty { return [(parameters, result)] }
    let members = Set(universe)
    return fillings(of: variables, over: universe, [:]).compactMap { bindings in
      let filled = parameters.map { $0.replacing(bindings) }
      return filled.allSatisfy(members.contains) ? (filled, result.replacing(bindings)) : nil
    }
  }

  /// Every choice of types for the variables, added to `bindings`.
  private static func fillings(
    of variables: [String], over universe: [Type], _ bindings: [String: Type]
  ) -> [[String: Type]] {
    variables.reduce([bindings]) { fillings, variable in
      fillings.flatMap { filling in universe.map { filling.merging([variable: $0]) { $1 } } }
    }
  }

  // MARK: Control forms

  /// The control form with each fitting choice of function operands.
  private static func applications(
    of form: Atom, cost: Int, instances: [Instance], universe: [Type]
  ) -> [Operation] {
    guard case .function(let operands, let result) = form.type else { return [] }
    let positions = operands.indices.filter { operands[$0].isFunction }
    guard positions.count <= maximumFunctions else { return [] }
    let functionTypes = positions.map { operands[$0] }
    let data = operands.filter { !$0.isFunction }
    let areFirst = positions == Array(positions.indices)
    let members = Set(universe)
    var found: [Operation] = []

    func choose(
      _ index: Int, _ bindings: [String: Type], _ functions: [Operation.Function],
      _ captures: [Type], _ cost: Int, isLikely: Bool
    ) {
      guard index < functionTypes.count else {
        // What no function says about the types is free.
        let free = form.type.variables.filter { bindings[$0] == nil }
        for bindings in Vocabulary.fillings(of: free, over: universe, bindings) {
          let parameters = data.map { $0.replacing(bindings) } + captures
          let result = result.replacing(bindings)
          guard parameters.count <= Bank.maximumArity, parameters.allSatisfy(members.contains),
            members.contains(result)
          else { continue }
          found.append(
            Operation(
              callee: .skill(form.digest), functions: functions,
              functionPositions: areFirst ? nil : positions, dataCount: data.count,
              parameterTypes: parameters, resultType: result, cost: cost, isCommutative: false,
              inverses: [], integerOperation: nil, varying: nil, isLikely: isLikely))
        }
        return
      }
      guard case .function(let wanted, let wantedResult) = functionTypes[index] else { return }
      for instance in instances where instance.callable.isFunction {
        let captureCount = instance.parameters.count - wanted.count
        guard captureCount >= 0, captureCount <= (instance.callable.atom == nil ? 3 : 1) else {
          continue
        }
        var bindings = bindings
        guard zip(wanted, instance.parameters).allSatisfy({ $0.matches($1, &bindings) }),
          wantedResult.matches(instance.result, &bindings)
        else { continue }
        choose(
          index + 1, bindings,
          functions + [.init(callee: instance.callable.digest, captureCount: captureCount)],
          captures + instance.parameters.dropFirst(wanted.count),
          cost + instance.callable.cost, isLikely: isLikely && instance.isLikelySkill)
      }
    }
    choose(0, [:], [], [], cost, isLikely: true)
    return found
  }

  // MARK: Recursion

  /// Self-calls that change one or two arguments.
  private static func recursions(of signature: Signature) -> [Operation] {
    let types = signature.parameterTypes
    let singles = types.indices.map { [$0] }
    let pairs = types.indices.flatMap { first in
      types.indices.filter { $0 > first }.map { [first, $0] }
    }
    return (singles + pairs).map { varying in
      Operation(
        callee: .recursion, functions: [], dataCount: varying.count,
        parameterTypes: varying.map { types[$0] }, resultType: signature.result,
        cost: varying.count == types.count ? 1 : varying.count,
        isCommutative: false, inverses: [], integerOperation: nil, varying: varying)
    }
  }

  // MARK: Relevance

  /// The operations from whose results the wanted type, or a condition, can be reached.
  private static func useful(_ operations: [Operation], for signature: Signature) -> [Operation] {
    var needed: Set<Type> = [signature.result, .bool]
    // A pair or a list is often met half-way, through its parts.
    signature.result.addParts(to: &needed)
    var produced = Set(signature.parameterTypes)
    produced.formUnion([.int, .bool, .list(.int)])
    signature.result.addParts(to: &produced)
    var grew = true
    while grew {
      grew = false
      for operation in operations where needed.contains(operation.resultType) {
        for type in operation.parameterTypes where needed.insert(type).inserted { grew = true }
      }
    }
    grew = true
    while grew {
      grew = false
      for operation in operations where operation.parameterTypes.allSatisfy(produced.contains) {
        if produced.insert(operation.resultType).inserted { grew = true }
      }
    }
    return operations.filter {
      needed.contains($0.resultType) && $0.parameterTypes.allSatisfy(produced.contains)
    }
  }

  /// Numbers types in the order in which they come.
  private struct Numbering {
    var types: [Type] = []
    var index: [Type: Int] = [:]

    @discardableResult
    mutating func add(_ type: Type) -> Int {
      if let known = index[type] { return known }
      index[type] = types.count
      types.append(type)
      return types.count - 1
    }

    mutating func addParts(of type: Type) {
      switch type {
      case .list(let element):
        add(element)
        addParts(of: element)
      case .pair(let first, let second):
        add(first)
        add(second)
      default: break
      }
    }
  }
}

extension Atom {
  /// Whether it is a control form, or goes on in one of several ways with values of a declared type.
  var takesFunctions: Bool {
    guard case .function(let parameters, _) = type else { return false }
    return controlForm != nil || parameters.contains(where: \.isFunction)
  }
}

/// How a search carries an operation out.
enum Evaluation {
  case integer(IntegerOperation)
  case native(NativeFunction, OperandKinds)
  case image(Image)
  case recursion(varying: [Int])
  case branch

  init(of operation: Operation, library: FrozenLibrary) throws {
    if let varying = operation.varying {
      self = .recursion(varying: varying)
    } else if operation.callee == Term.branch {
      self = .branch
    } else if let integer = operation.integerOperation {
      self = .integer(integer)
    } else if operation.functions.isEmpty, case .skill(let digest) = operation.callee,
      case .native(let function, _)? = Atoms.with(digest)?.implementation
    {
      let type = Type.function(operation.parameterTypes, operation.resultType)
      self = .native(function, OperandKinds(type))
    } else {
      self = .image(try library.images.image(of: operation, library: library))
    }
  }
}
