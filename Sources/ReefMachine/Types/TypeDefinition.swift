/// A sum or record that code declares: `type tree(a) = leaf | node(a, tree(a), tree(a))`.
///
/// Immutable and shared, so that a type which names it is cheap to copy; two definitions are equal
/// where their texts are, with those of all definitions that they name. A type carries its
/// definition: there is no list of types anywhere else.
///
/// A definition that mentions itself would be a cycle of references; a field's type has the
/// variable ``own`` there instead. What it stands for is the type with the same arguments.
public final class TypeDefinition: Sendable {
  /// One way to make a value.
  public struct Constructor: Hashable, Sendable {
    /// A record's is `make`.
    public let name: String
    /// Of the parameters of the definition, and of ``TypeDefinition/own``.
    public let fields: [Type]
  }

  /// The variable that stands for the type itself in its fields: no name of a variable, which is a
  /// single letter.
  public static let own = "self"
  static let maximumConstructors = 64
  static let maximumFields = 32
  static let maximumParameters = 8
  /// Constructors of types in one field.
  static let maximumFieldSize = 64
  /// Definitions that one names, directly or not.
  static let maximumClosure = 64

  /// Such as `tree`.
  public let name: String
  /// How many types it takes. In the fields they are the variables `a`, `b`, …
  public let arity: Int
  /// In the order in which they were declared; a record has one.
  public let constructors: [Constructor]
  /// The names of a record's fields; nil for a sum.
  public let labels: [String]?
  /// The definitions that its fields name, and those that these name in turn, each after those
  /// that it names.
  let others: [TypeDefinition]
  /// Covers its text and those of `others`.
  public let digest: Digest
  /// What each of its atoms does, by digest.
  private let forms: [Digest: DerivedForm]
  /// The digests of its atoms, in the order of their declaration.
  let atomDigests: [Digest]
  /// Whether a field is a real, whatever the parameters are.
  let holdsReals: Bool

  /// - Precondition: The parts keep the rules of a declaration: the parser checks them.
  init(
    name: String, arity: Int, constructors: [Constructor], labels: [String]?,
    others: [TypeDefinition]
  ) {
    self.name = name
    self.arity = arity
    self.constructors = constructors
    self.labels = labels
    self.others = others
    holdsReals = constructors.contains { $0.fields.contains(where: \.holdsReals) }
    let text = TypeDefinition.text(name, arity, constructors, labels)
    let all = (others.map(\.text) + [text]).joined()
    digest = SHA256.hash("reef.type\n\(all)".utf8)
    let forms = TypeDefinition.forms(constructors, labels)
    // The atoms' types are written as they will be: a type needs its definition to be there.
    let digests = forms.map { form in
      SHA256.hash("reef.atom\n\(all)\(name).\(form.name(constructors, labels)) 1".utf8)
    }
    self.forms = Dictionary(uniqueKeysWithValues: zip(digests, forms))
    atomDigests = digests
  }

  /// What stands for any type of a name.
  static func undeclared(_ name: String, _ arity: Int) -> TypeDefinition {
    TypeDefinition(name: name, arity: arity, constructors: [], labels: nil, others: [])
  }

  /// The declaration as one line, its parameters called `a`, `b`, …: what digests cover.
  public var text: String { TypeDefinition.text(name, arity, constructors, labels) }

  /// The variables of its parameters.
  static func parameters(_ arity: Int) -> [String] {
    (0..<arity).map { String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0))) }
  }

  private static func text(
    _ name: String, _ arity: Int, _ constructors: [Constructor], _ labels: [String]?
  ) -> String {
    func list(_ words: [String]) -> String {
      words.isEmpty ? "" : "(" + words.joined(separator: ", ") + ")"
    }
    let head = name + list(parameters(arity))
    func text(_ field: Type) -> String {
      field.replacing([own: .variable(head)]).description
    }
    let body: String
    if let labels {
      let fields = zip(labels, constructors[0].fields).map { "\($0): \(text($1))" }
      body = "{" + fields.joined(separator: ", ") + "}"
    } else {
      body = constructors.map { $0.name + list($0.fields.map(text)) }.joined(separator: " | ")
    }
    return "type \(head) = \(body)\n"
  }

  /// Whether it is a record.
  public var isRecord: Bool { labels != nil }

  /// Whether its values contain values of the type itself.
  public var isRecursive: Bool {
    constructors.contains { $0.fields.contains { $0.mentions(TypeDefinition.own) } }
  }

  /// The variables that stand for its parameters in the fields.
  package var parameterNames: [String] { TypeDefinition.parameters(arity) }

  /// The type at its own parameters: `tree(a)`.
  var type: Type {
    .named(self, TypeDefinition.parameters(arity).map { .variable($0) })
  }

  /// What the variables in the fields stand for.
  func bindings(_ arguments: [Type]) -> [String: Type] {
    var bindings = Dictionary(
      uniqueKeysWithValues: zip(TypeDefinition.parameters(arity), arguments))
    bindings[TypeDefinition.own] = .named(self, arguments)
    return bindings
  }

  /// The types of a constructor's fields where the parameters are `arguments`.
  public func fields(of constructor: Int, _ arguments: [Type]) -> [Type] {
    let fields = constructors[constructor].fields
    if fields.isEmpty { return [] }
    let bindings = bindings(arguments)
    return fields.map { $0.replacing(bindings) }
  }

  /// The definitions of a closure of `roots`, each once and after those that it names; roots of one
  /// level in the order of their names.
  static func closure(of roots: some Sequence<TypeDefinition>) -> [TypeDefinition] {
    var all: [TypeDefinition] = []
    for root in Set(roots).sorted(by: { ($0.name, $0.digest) < ($1.name, $1.digest) }) {
      for definition in root.others + [root] where !all.contains(definition) {
        all.append(definition)
      }
    }
    return all
  }
}

extension TypeDefinition: Hashable {
  public static func == (left: TypeDefinition, right: TypeDefinition) -> Bool {
    left === right || left.digest == right.digest
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension TypeDefinition: CustomStringConvertible {
  public var description: String { String(text.dropLast()) }
}

// MARK: - Atoms

extension TypeDefinition {
  private static func forms(
    _ constructors: [Constructor], _ labels: [String]?
  ) -> [DerivedForm] {
    var forms = constructors.indices.map { DerivedForm.make($0) }
    forms += (labels ?? []).indices.map { .field($0) }
    forms.append(.match)
    if canFold(constructors) { forms.append(.fold) }
    return forms
  }

  /// Whether there is something to fold: it mentions itself, and nowhere inside another definition,
  /// where no fold would reach it.
  private static func canFold(_ constructors: [Constructor]) -> Bool {
    func isReached(_ type: Type) -> Bool {
      switch type {
      case .list(let element): isReached(element)
      case .pair(let first, let second): isReached(first) && isReached(second)
      case .named: !type.mentions(own)
      default: true
      }
    }
    let fields = constructors.flatMap(\.fields)
    return fields.contains { $0.mentions(own) } && fields.allSatisfy(isReached)
  }

  /// The atoms that come with the type: its constructors, the fields of a record, match and fold.
  public var atoms: [Atom] { atomDigests.map { atom($0)! } }

  /// What its atom with that digest does; nil where it has none. O(1), unlike ``atom(_:)``, which makes
  /// the atom's type.
  func form(_ digest: Digest) -> DerivedForm? { forms[digest] }

  /// The atom of the definition with that digest; nil where it has none.
  public func atom(_ digest: Digest) -> Atom? {
    forms[digest].map { atom($0, digest) }
  }

  private func atom(_ form: DerivedForm, _ digest: Digest) -> Atom {
    let type = type
    // The letter after those of the parameters.
    let result = Type.variable(TypeDefinition.parameters(arity + 1)[arity])
    /// A value where there are no fields, else a skill on the fields.
    func arms(_ fields: (Int) -> [Type]) -> [Type] {
      constructors.indices.map { index in
        constructors[index].fields.isEmpty ? result : .function(fields(index), result)
      }
    }
    let parameters = TypeDefinition.parameters(arity).map { Type.variable($0) }
    let full = "\(name).\(form.name(constructors, labels))"
    switch form {
    case .make(let constructor):
      return Atom(
        full, .function(fields(of: constructor, parameters), type),
        isRecord
          ? "The \(name) of values for its fields."
          : "The \(name) that is \(constructors[constructor].name)"
            + (constructors[constructor].fields.isEmpty ? "." : ", of values for its fields."),
        digest: digest, .derived(form))
    case .field(let field):
      return Atom(
        full, .function([type], fields(of: 0, parameters)[field]),
        "The field \(labels![field]) of a \(name).", digest: digest, .derived(form))
    case .match:
      return Atom(
        full, .function(arms { fields(of: $0, parameters) } + [type], result),
        "The result of the operand for the way in which a \(name) was made, a skill on its fields or, "
          + "where it has none, a value; the others are not evaluated.",
        digest: digest, .derived(form))
    case .fold:
      let folded = bindings(parameters).merging([TypeDefinition.own: result]) { $1 }
      return Atom(
        full,
        .function(
          arms { constructors[$0].fields.map { $0.replacing(folded) } } + [type], result),
        "Replaces each \(name) inside a \(name), from the inside out, by the result of the operand for "
          + "the way in which it was made: a skill on its fields, in which each \(name) is replaced "
          + "already, or a value.",
        digest: digest, .derived(form))
    }
  }
}

extension DerivedForm {
  /// The last part of the name of the atom that does it.
  fileprivate func name(
    _ constructors: [TypeDefinition.Constructor], _ labels: [String]?
  ) -> String {
    switch self {
    case .make(let constructor): constructors[constructor].name
    case .field(let field): labels![field]
    case .match: "match"
    case .fold: "fold"
    }
  }
}
