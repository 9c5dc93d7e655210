import ReefMachine

/// What is wrong with a field of a JSON document, and where: `phases[1].tasks`.
struct FieldError: Error, Hashable, CustomStringConvertible {
  /// "" for the document itself.
  let path: String
  /// A sentence, with its full stop.
  let message: String

  var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// A JSON value that knows its place in the document, for errors that name it.
struct Field {
  let json: JSON
  let path: String

  init(_ json: JSON, path: String = "") {
    self.json = json
    self.path = path
  }

  func error(_ message: String) -> FieldError { FieldError(path: path, message: message) }

  private func expected(_ what: String) -> FieldError {
    let text = json.text
    return error("expected \(what), found \(text.count > 40 ? text.prefix(37) + "..." : text).")
  }

  // MARK: Objects

  func optional(_ name: String) throws(FieldError) -> Field? {
    guard case .object = json else { throw expected("an object") }
    return json[name].map { Field($0, path: path.isEmpty ? name : "\(path).\(name)") }
  }

  func required(_ name: String) throws(FieldError) -> Field {
    guard let field = try optional(name) else { throw error("the field '\(name)' is missing.") }
    return field
  }

  /// Refuses every field that is not in `names`.
  func allowOnly(_ names: [String]) throws(FieldError) {
    guard let members = json.members else { throw expected("an object") }
    for member in members where !names.contains(member.name) {
      throw unknown(member.name, in: names)
    }
  }

  /// Refuses the fields that look like slips of one of `names`, and ignores other unknown ones.
  func refuseSlips(of names: [String]) throws(FieldError) {
    guard let members = json.members else { throw expected("an object") }
    for member in members
    where !names.contains(member.name) && closest(to: member.name, in: names) != nil {
      throw unknown(member.name, in: names)
    }
  }

  private func unknown(_ name: String, in names: [String]) -> FieldError {
    let advice =
      closest(to: name, in: names).map { "did you mean '\($0)'?" }
      ?? "the fields are \(names.joined(separator: ", "))."
    return error("unknown field '\(name)'; \(advice)")
  }

  // MARK: Values

  func string() throws(FieldError) -> String {
    guard let string = json.string else { throw expected("a string") }
    return string
  }

  /// A string that is kept with skills, and that people will read.
  func plainText() throws(FieldError) -> String {
    let text = try string()
    if let problem = PlainText.problem(of: text) { throw error("the text \(problem).") }
    return text
  }

  func bool() throws(FieldError) -> Bool {
    guard let bool = json.bool else { throw expected("true or false") }
    return bool
  }

  func int(in range: ClosedRange<Int>) throws(FieldError) -> Int {
    guard let int = json.int, range.contains(int) else {
      let bound =
        range.upperBound == .max
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw expected("an integer \(bound)")
    }
    return int
  }

  /// A finite number above `minimum`, or equal to it where `orEqual`.
  func number(above minimum: Double, orEqual: Bool = false) throws(FieldError) -> Double {
    guard let number = json.double, number.isFinite,
      number > minimum || (orEqual && number == minimum)
    else {
      throw expected("a number \(orEqual ? "of at least" : "above") \(minimum.short)")
    }
    return number
  }

  func array() throws(FieldError) -> [Field] {
    guard let values = json.array else { throw expected("an array") }
    return values.enumerated().map { Field($1, path: "\(path)[\($0)]") }
  }

  func nonEmptyArray() throws(FieldError) -> [Field] {
    let fields = try array()
    guard !fields.isEmpty else { throw error("expected at least one element, found [].") }
    return fields
  }

  /// A value of the concrete `type`; errors lead into it.
  func value(as type: Type) throws(FieldError) -> Value {
    do {
      return try Value(json: json, as: type)
    } catch {
      throw FieldError(
        path: path + error.place,
        message: "expected \(error.expected), found \(error.found).")
    }
  }

  // MARK: Parts of a task

  /// One argument for each parameter of `signature`.
  func arguments(of signature: Signature) throws(FieldError) -> [Value] {
    let fields = try array()
    let parameters = signature.parameters
    guard fields.count == parameters.count else {
      throw error(
        "expected \(parameters.count) argument\(parameters.count == 1 ? "" : "s") for \(signature), "
          + "found \(fields.count).")
    }
    var values: [Value] = []
    for (field, parameter) in zip(fields, parameters) {
      values.append(try field.value(as: parameter.type))
    }
    return values
  }

  /// Declarations of types, each of which may name those before it.
  func typeDefinitions() throws(FieldError) -> [TypeDefinition] {
    var definitions: [TypeDefinition] = []
    for field in try array() {
      let text = try field.string()
      do {
        definitions.append(try TypeDefinition.parsing(text, after: definitions))
      } catch {
        throw field.error("'\(text)' declares no type (column \(error.column): \(error.message)).")
      }
    }
    return definitions
  }

  /// A signature that a task may have: concrete types, at least one parameter. It may name `types`.
  func taskSignature(types: [TypeDefinition] = []) throws(FieldError) -> Signature {
    let text = try string()
    let signature: Signature
    do {
      signature = try Signature(parsing: text, types: types)
    } catch {
      throw self.error("'\(text)' is no signature (column \(error.column): \(error.message)).")
    }
    guard !signature.parameters.isEmpty else {
      throw error("'\(text)' has no parameter; a task needs an input.")
    }
    for type in signature.parameterTypes + [signature.result] where !type.isConcrete {
      throw error("'\(text)' has the type '\(type)'; a task's types are concrete.")
    }
    return signature
  }

  /// The name of a task: letters, digits, `-`, `_` and `.`, a letter or a digit first. With the
  /// plugin's it has to make a name for a skill.
  func taskName(in plugin: String) throws(FieldError) -> String {
    let name = try name(
      allowing: "-_.", "letters, digits, '-', '_' and '.', and begins with none of the marks")
    if let problem = TaskReference.problem(ofName: "\(plugin).\(name)") {
      throw error("\(problem).")
    }
    return name
  }

  /// The name of a plugin: letters, digits, `-` and `_`, a letter or a digit first.
  func pluginName() throws(FieldError) -> String {
    try name(allowing: "-_", "letters, digits, '-' and '_', and begins with none of the marks")
  }

  private func name(allowing marks: String, _ rule: String) throws(FieldError) -> String {
    let name = try string()
    let isPlain = { (character: Character) in
      character.isASCII && (character.isLetter || character.isNumber)
    }
    guard name.first.map(isPlain) ?? false, name.allSatisfy({ isPlain($0) || marks.contains($0) })
    else { throw error("'\(name)' is no name; a name has \(rule).") }
    return name
  }
}

extension Double {
  /// `30` for 30.0, `0.5` for 0.5: a number in a sentence.
  var short: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
