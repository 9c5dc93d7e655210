import ReefMachine

/// C as GCC and Clang understand it. References are counted as in the machine, so that the same
/// lists are updated in place and the same number of steps is charged.
struct CDialect: Dialect {
  var runtime = CRuntime()

  var blockEnd: String? { "}" }
  var elseLine: String { "} else {" }

  mutating func literal(_ value: Value, _ type: Type) -> String { runtime.constant(value, type) }

  mutating func binding(
    _ name: String, _ type: Type, _ value: String, isVariable: Bool
  ) -> String {
    "\(runtime.declaration(name, type)) = \(value);"
  }

  mutating func declaration(_ name: String, _ type: Type) -> String? {
    runtime.declaration(name, type) + ";"
  }

  func assignment(_ name: String, _ value: String) -> String { "\(name) = \(value);" }
  func ignoring(_ name: String) -> String? { "(void)\(name);" }

  mutating func charge(_ steps: Int, isChecked: Bool) -> String {
    isChecked ? "charge(\(steps));" : "fuel -= \(steps);"
  }

  var fusesLoops: Bool { true }
  func comment(_ text: String) -> String { "/* \(text) */" }

  func charge(_ steps: Int, asLongAs lists: [String], isChecked: Bool) -> String {
    let all = "\(steps) * \(shortest(lists))"
    return isChecked ? "charge(\(all));" : "fuel -= \(all);"
  }

  func fuelLasts(_ steps: Int, asLongAs lists: [String]) -> String {
    "fuel / \(steps) >= \(shortest(lists))"
  }

  // MARK: Ownership

  var countsReferences: Bool { true }

  mutating func retain(_ name: String, _ type: Type) -> String? {
    let retained = runtime.retained(name, type)
    return retained == name ? nil : retained + ";"
  }

  mutating func copy(_ name: String, _ type: Type) -> String { runtime.retained(name, type) }
  func move(_ name: String, _ type: Type) -> String { name }
  mutating func end(_ name: String, _ type: Type) -> String? { runtime.released(name, type) }

  func consumes(_ argument: Argument) -> Bool { argument.isTaken && !argument.isShared }

  private mutating func pass(_ argument: Argument) -> String {
    argument.isTaken && !(argument.isLast && !argument.isShared)
      ? runtime.retained(argument.name, argument.type) : argument.name
  }

  // MARK: Applications

  mutating func apply(_ atom: Atom, _ arguments: [Argument], _ result: Type) -> String {
    var passed: [String] = []
    for argument in arguments { passed.append(pass(argument)) }
    return runtime.apply(atom, passed, arguments.map(\.type), result)
  }

  mutating func apply(
    _ operation: MadeOperation, _ arguments: [Argument], _ result: Type
  ) -> String {
    var passed: [String] = []
    for argument in arguments { passed.append(pass(argument)) }
    switch operation {
    case .make(let constructor):
      return "\(runtime.make(result, constructor))(\(passed.joined(separator: ", ")))"
    case .field(let field, let constructor): return "\(passed[0])->fields.c\(constructor).f\(field)"
    case .tag: return "\(passed[0])->tag"
    case .isTag(let tag): return "\(passed[0]) == \(tag)"
    }
  }

  mutating func call(_ function: EmittedFunction, _ arguments: [Argument]) -> String {
    var passed: [String] = []
    for argument in arguments { passed.append(pass(argument)) }
    if function.isToldDepth { passed.append("depth") }
    return "\(function.name)(\(passed.joined(separator: ", ")))"
  }

  // MARK: Control flow

  func ifBegin(_ condition: String) -> String { "if (\(condition)) {" }

  mutating func newList(_ type: Type, asLongAs lists: [String], fills: Bool) -> String {
    "\(fills ? runtime.filled(type) : runtime.new(type))(\(shortest(lists)))"
  }

  /// The length of the shortest of one or two lists.
  private func shortest(_ lists: [String]) -> String {
    let counts = lists.map { "\($0)->count" }
    return counts.count == 1
      ? counts[0] : "(\(counts[0]) < \(counts[1]) ? \(counts[0]) : \(counts[1]))"
  }

  func put(_ list: String, _ value: String) -> String { "*\(list)_item++ = \(value);" }

  func push(_ list: String, _ value: String) -> String {
    "\(list)->items[\(list)->count++] = \(value);"
  }

  mutating func eachBegin(
    _ elements: [(name: String, type: Type, list: String)],
    filling made: (name: String, type: Type)?,
    named name: String
  ) -> (before: [String], line: String, first: [String]) {
    // A compiler cannot know that the lists' lengths and places stay what they are.
    var before: [String] = []
    var first: [String] = []
    for element in elements {
      let next = "\(name)_\(element.name)"
      before.append(
        "\(runtime.declaration("*\(next)", element.type)) = \(element.list)->items;")
      first.append("\(runtime.declaration(element.name, element.type)) = *\(next)++;")
    }
    let (next, end) = ("\(name)_\(elements[0].name)", "\(name)_end")
    let count = shortest(elements.map(\.list))
    before.append(
      "\(runtime.declaration("*\(end)", elements[0].type)) = \(next) + \(count);")
    if let made, case .list(let element) = made.type {
      before.append(
        "\(runtime.declaration("*\(made.name)_item", element)) = \(made.name)->items;")
    }
    return (before, "while (\(next) < \(end)) {", first)
  }

  func repeatBegin(_ count: String) -> String { "for (int64_t i = \(count); i > 0; i--) {" }
  func whileBegin(_ condition: String) -> String { "while (\(condition)) {" }

  func scanStep(_ pair: String, _ type: Type, state: String, outputs: String) -> [String] {
    ["\(state) = \(pair).first;", put(outputs, "\(pair).second")]
  }
}
