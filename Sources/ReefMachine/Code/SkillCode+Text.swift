extension SkillCode {
  /// The text form with full digests and without names or labels.
  public var canonicalText: String {
    render(
      header: "\(SkillCode.word(isMemoised))\(signature.type)",
      slotName: { [inputs = signature.parameters.count] in
        $0 < inputs ? "i\($0)" : "s\($0 - inputs)"
      },
      calleeName: { "#\($0.hex)" })
  }

  /// The text form, which parses back to the identical digest.
  ///
  /// ```
  /// skill (xs: [int], k: int) -> [int]
  ///   s0 = list.map#1f0c2d3e numbers.scaledBy#77a25b6c{k} xs
  ///   s1 = list.reverse#90bd4e1a s0
  ///   return s1
  /// ```
  ///
  /// Weights stand as `@name`; to parse them takes the weights themselves. Declared types stand before
  /// the first line, as `type tree(a) = …`.
  ///
  /// - Parameters:
  ///   - digits: How many hexadecimal digits of a digest to print; 64 needs no look-up to parse.
  ///   - names: The label of a skill; `skill` stands where there is none.
  public func text(digits: Int = 64, names: (Digest) -> String?) -> String {
    let labels = SkillCode.slotLabels(signature)
    let parameters = zip(labels, signature.parameterTypes).map { "\($0): \($1)" }
    return render(
      header: SkillCode.word(isMemoised)
        + "(\(parameters.joined(separator: ", "))) -> \(signature.result)",
      slotName: { $0 < labels.count ? labels[$0] : "s\($0 - labels.count)" },
      calleeName: { "\(names($0) ?? derivedAtom($0)?.name ?? "skill")#\($0.hex.prefix(digits))" })
  }

  /// The code on one line, as nested calls without digests: for people only.
  public func oneLine(names: (Digest) -> String?) -> String {
    let labels = signature.parameters.map(\.name)
    func callee(_ callee: Callee) -> String {
      switch callee {
      case .recursion: "self"
      case .skill(let digest): names(digest) ?? derivedAtom(digest)?.name ?? digest.short
      }
    }
    func show(_ operand: Operand) -> String {
      switch operand {
      case .constant(let value): return SkillCode.literal(value)
      case .weight(let weight): return "@\(weight.name)"
      case .function(let function, let captures):
        return callee(function)
          + (captures.isEmpty ? "" : "{" + captures.map(show).joined(separator: ", ") + "}")
      case .slot(let slot):
        if slot < labels.count { return labels[slot] }
        let step = steps[slot - labels.count]
        return callee(step.callee) + "(" + step.operands.map(show).joined(separator: ", ") + ")"
      }
    }
    return show(result)
  }

  /// What the text begins with.
  fileprivate static func word(_ isMemoised: Bool) -> String {
    isMemoised ? "skill memo " : "skill "
  }

  /// Parameter names, changed where they would read as a slot or a word of the language.
  private static func slotLabels(_ signature: Signature) -> [String] {
    var labels: [String] = []
    for parameter in signature.parameters {
      var label = parameter.name
      while isReserved(label) || labels.contains(label) { label += "_" }
      labels.append(label)
    }
    return labels
  }

  private static func isReserved(_ label: String) -> Bool {
    ["self", "true", "false", "return", "skill"].contains(label)
      || (label.hasPrefix("s") && label.count > 1 && label.dropFirst().allSatisfy(\.isNumber))
  }

  private func render(
    header: String, slotName: (Int) -> String, calleeName: (Digest) -> String
  ) -> String {
    func callee(_ callee: Callee) -> String {
      switch callee {
      case .recursion: "self"
      case .skill(let digest): calleeName(digest)
      }
    }
    func show(_ operand: Operand) -> String {
      switch operand {
      case .slot(let slot): slotName(slot)
      case .constant(let value): SkillCode.literal(value)
      case .weight(let weight): "@\(weight.name)"
      case .function(let function, let captures):
        callee(function)
          + (captures.isEmpty ? "" : "{" + captures.map(show).joined(separator: ", ") + "}")
      }
    }
    var lines = neededDefinitions.map(\.description) + [header]
    for (index, step) in steps.enumerated() {
      let words = [callee(step.callee)] + step.operands.map(show)
      lines.append(
        "  \(slotName(signature.parameters.count + index)) = " + words.joined(separator: " "))
    }
    lines.append("  return \(show(result))")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Constants as code writes them: JSON for ints, bools and lists; reals always show a point, an
  /// exponent or a `#`, pairs are in round brackets, and what a constructor makes has its name before
  /// them, so that the text alone gives the type.
  static func literal(_ value: Value) -> String {
    switch value {
    case .int(let value): return String(value)
    case .bool(let value): return value ? "true" : "false"
    case .real(let real):
      let value = real.value
      if value.isNaN { return "#nan" }
      if value.isInfinite { return value < 0 ? "#-inf" : "#inf" }
      return "\(value)"
    case .list(let values): return "[" + values.map(literal).joined(separator: ", ") + "]"
    case .pair(let first, let second): return "(\(literal(first)), \(literal(second)))"
    case .made(let definition, let constructor, let fields):
      return "\(definition.name).\(definition.constructors[constructor].name)("
        + fields.map(literal).joined(separator: ", ") + ")"
    }
  }
}

extension SkillCode {
  /// Reads the text form. `resolve` turns an abbreviated digest (8 to 63 digits) into the whole
  /// one, or nil where none or several fit; types are not checked here. The code reads
  /// every one of the weights, by name.
  public init(
    parsing text: String, weights: [Weight] = [], resolve: (String) -> Digest? = { _ in nil }
  ) throws(ParseError) {
    var parser = CodeParser(scanner: Scanner(text), weights: weights)
    self = try parser.code(resolve: resolve)
  }

  /// The types that the text of a skill declares.
  package static func declarations(
    in text: some StringProtocol
  ) throws(ParseError) -> [TypeDefinition] {
    var parser = CodeParser(scanner: Scanner(String(text)), weights: [])
    try parser.definitions()
    return parser.scanner.definitions
  }

  /// Reads `canonicalText` of code that has the types of `signature`, and gets its labels.
  package init(
    canonical text: String, signature: Signature, weights: [Weight]
  ) throws(ParseError) {
    var parser = CodeParser(scanner: Scanner(text), weights: weights)
    self = try parser.canonicalCode(signature)
  }
}

private struct CodeParser {
  var scanner: Scanner
  let weights: [Weight]
  var readWeights: Set<String> = []
  var parameters: [String] = []
  /// How many steps there are so far.
  var stepCount = 0

  mutating func code(resolve: (String) -> Digest?) throws(ParseError) -> SkillCode {
    try definitions()
    try scanner.expect("skill ")
    let isMemoised = scanner.accept("memo ")
    let signature = try scanner.signature()
    parameters = signature.parameters.map(\.name)
    try endLine()
    return try body(of: signature, isMemoised, resolve: resolve)
  }

  /// Reads the lines `type …` that the text begins with.
  mutating func definitions() throws(ParseError) {
    while scanner.startsLine(with: "type ") {
      scanner.definitions.append(try scanner.definition())
      try endLine()
    }
  }

  mutating func canonicalCode(_ signature: Signature) throws(ParseError) -> SkillCode {
    try definitions()
    let isMemoised = scanner.accept(text: SkillCode.word(true))
    guard isMemoised || scanner.accept(text: SkillCode.word(false)),
      scanner.accept(text: signature.type.description), scanner.accept("\n")
    else { throw scanner.error("the first line is not 'skill \(signature.type)'") }
    parameters = signature.parameters.indices.map { "i\($0)" }
    return try body(of: signature, isMemoised, resolve: { _ in nil })
  }

  mutating func body(
    of signature: Signature, _ isMemoised: Bool, resolve: (String) -> Digest?
  ) throws(ParseError) -> SkillCode {
    var steps: [SkillCode.Step] = []
    while true {
      scanner.skipSpaces()
      if scanner.accept("return ") {
        let result = try operand(resolve: resolve, depth: 0)
        scanner.skipSpaces()
        if !scanner.isAtEnd { try scanner.expect("\n") }
        try scanner.expectEnd()
        if let unread = weights.first(where: { !readWeights.contains($0.name) }) {
          throw scanner.error("the weights '\(unread.name)' are read nowhere")
        }
        var code = SkillCode(
          definitions: scanner.definitions, signature: signature, steps: steps, result: result,
          isMemoised: isMemoised)
        code.definitions = code.neededDefinitions
        if let idle = scanner.definitions.first(where: { !code.definitions.contains($0) }) {
          throw scanner.error("the type '\(idle.name)' is declared, but not used")
        }
        if let other = code.definitions.first(where: { !scanner.definitions.contains($0) }) {
          throw scanner.error("the type '\(other.name)' is not the one that is declared")
        }
        return code
      }
      let slot = "s\(steps.count)"
      let start = scanner.position
      guard scanner.accept(text: slot), scanner.accept(" = ") else {
        throw scanner.error("expected '\(slot) = …' or 'return …'", at: start)
      }
      let callee = try callee(resolve: resolve)
      var operands: [SkillCode.Operand] = []
      while true {
        scanner.skipSpaces()
        if scanner.next == UInt8(ascii: "\n") || scanner.isAtEnd { break }
        operands.append(try operand(resolve: resolve, depth: 0))
      }
      try endLine()
      steps.append(.init(callee, operands))
      stepCount += 1
    }
  }

  /// The slot of a step so far, `s0` and so on, or of a parameter.
  func slot(named name: String) -> Int? {
    let digits = name.utf8.dropFirst()
    let isStep =
      name.utf8.first == UInt8(ascii: "s") && !digits.isEmpty && digits.allSatisfy(\.isDigit)
      && (digits.count == 1 || digits.first != UInt8(ascii: "0"))
    if isStep, let step = Int(name.dropFirst()), step < stepCount { return parameters.count + step }
    return parameters.firstIndex(of: name)
  }

  mutating func endLine() throws(ParseError) {
    scanner.skipSpaces()
    try scanner.expect("\n")
  }

  mutating func word() -> String {
    scanner.take {
      $0.isLetter || $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: "-")
    }
  }

  mutating func callee(resolve: (String) -> Digest?) throws(ParseError) -> SkillCode.Callee {
    let name = word()
    if name == "self", scanner.next != UInt8(ascii: "#") { return .recursion }
    return try digest(of: name, resolve: resolve)
  }

  mutating func digest(
    of name: String, resolve: (String) -> Digest?
  ) throws(ParseError) -> SkillCode.Callee {
    try scanner.expect("#")
    let start = scanner.position
    let hex = scanner.take {
      $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    let count = hex.utf8.count
    guard let digest = count == 64 ? Digest(hex: hex) : count >= 8 ? resolve(hex) : nil
    else {
      throw scanner.error("no single skill has the digest '\(name)#\(hex)'", at: start)
    }
    return .skill(digest)
  }

  mutating func operand(
    resolve: (String) -> Digest?, depth: Int
  ) throws(ParseError) -> SkillCode.Operand {
    guard depth < Scanner.maximumDepth else { throw scanner.error("operands nest too deeply") }
    guard let first = scanner.next else { throw scanner.error("expected an operand") }
    let start = scanner.position
    if scanner.accept("@") {
      let name = word()
      guard let weight = weights.first(where: { $0.name == name }) else {
        throw scanner.error("the skill has no weights '\(name)'", at: start)
      }
      readWeights.insert(name)
      return .weight(weight)
    }
    // Canonical text has no names: `#1f0c…`, which no `#nan` or `#-inf` can be taken for.
    let sign = UInt8(ascii: "#")
    let isHex = { (byte: UInt8) in
      byte.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
    if first.isLetter || (first == sign && scanner.peek(1).map(isHex) == true) {
      let name = word()
      if scanner.next == sign || (name == "self" && slot(named: name) == nil) {
        let callee =
          scanner.next == sign ? try digest(of: name, resolve: resolve) : SkillCode.Callee.recursion
        return .function(callee, captures: try captures(resolve: resolve, depth: depth))
      }
      if let slot = slot(named: name) { return .slot(slot) }
      if scanner.next == UInt8(ascii: "(") {
        return .constant(try made(by: name, at: start, depth: depth))
      }
      switch name {
      case "true": return .constant(.bool(true))
      case "false": return .constant(.bool(false))
      default: throw scanner.error("'\(name)' is no parameter and no earlier step", at: start)
      }
    }
    return .constant(try literal(depth: depth))
  }

  mutating func captures(
    resolve: (String) -> Digest?, depth: Int
  ) throws(ParseError) -> [SkillCode.Operand] {
    guard scanner.accept("{") else { return [] }
    var captures: [SkillCode.Operand] = []
    if scanner.accept("}") { return captures }
    repeat {
      scanner.skipSpaces()
      captures.append(try operand(resolve: resolve, depth: depth + 1))
      scanner.skipSpaces()
    } while scanner.accept(",")
    try scanner.expect("}")
    return captures
  }

  mutating func literal(depth: Int) throws(ParseError) -> Value {
    guard depth < Scanner.maximumDepth else { throw scanner.error("constants nest too deeply") }
    scanner.skipSpaces()
    if scanner.accept("true") { return .bool(true) }
    if scanner.accept("false") { return .bool(false) }
    if scanner.accept("#nan") { return .real(Double.nan) }
    if scanner.accept("#inf") { return .real(Double.infinity) }
    if scanner.accept("#-inf") { return .real(-Double.infinity) }
    if scanner.accept("[") {
      var values: [Value] = []
      scanner.skipSpaces()
      if scanner.accept("]") { return .list(values) }
      repeat {
        values.append(try literal(depth: depth + 1))
        scanner.skipSpaces()
      } while scanner.accept(",")
      try scanner.expect("]")
      return .list(values)
    }
    if scanner.accept("(") {
      let first = try literal(depth: depth + 1)
      scanner.skipSpaces()
      try scanner.expect(",")
      let second = try literal(depth: depth + 1)
      scanner.skipSpaces()
      try scanner.expect(")")
      return .pair(first, second)
    }
    let start = scanner.position
    if scanner.next?.isLetter == true {
      return try made(by: word(), at: start, depth: depth)
    }
    let digits = scanner.take {
      switch $0 {
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
        UInt8(ascii: "E"):
        true
      default: $0.isDigit
      }
    }
    if let value = Int(digits) { return .int(value) }
    guard digits.contains(where: { ".eE".contains($0) }), let value = Double(digits), value.isFinite
    else {
      throw scanner.error(
        "expected an operand, found \(digits.isEmpty ? scanner.found : "'\(digits)'")", at: start)
    }
    return .real(value)
  }

  /// Reads what the constructor `tree.node` makes of the constants in round brackets.
  mutating func made(by name: String, at start: Int, depth: Int) throws(ParseError) -> Value {
    let definition = scanner.definitions.first { name.hasPrefix("\($0.name).") }
    guard let definition,
      let number = definition.constructors.firstIndex(where: {
        name == "\(definition.name).\($0.name)"
      })
    else { throw scanner.error("'\(name)' is no constructor of a declared type", at: start) }
    try scanner.expect("(")
    scanner.skipSpaces()
    var fields: [Value] = []
    if !scanner.accept(")") {
      repeat {
        fields.append(try literal(depth: depth + 1))
        scanner.skipSpaces()
      } while scanner.accept(",")
      try scanner.expect(")")
    }
    let wanted = definition.constructors[number].fields.count
    guard fields.count == wanted else {
      throw scanner.error(
        "'\(name)' takes \(wanted) \(wanted == 1 ? "field" : "fields"), not \(fields.count)",
        at: start)
    }
    return .made(definition, constructor: number, fields)
  }
}
