import ReefMachine

/// What a language writes for the parts of structured code. Statements are whole lines without
/// indentation; expressions may stand in any place.
///
/// A dialect gathers what its expressions need of its runtime.
protocol Dialect {
  /// The line that ends a block, where the language has one.
  var blockEnd: String? { get }

  mutating func literal(_ value: Value, _ type: Type) -> String
  /// A new name for a value; `isVariable` where it is assigned again.
  mutating func binding(_ name: String, _ type: Type, _ value: String, isVariable: Bool) -> String
  /// A new name whose value follows; nil where none is needed.
  mutating func declaration(_ name: String, _ type: Type) -> String?
  func assignment(_ name: String, _ value: String) -> String
  /// Marks a value that nothing reads.
  func ignoring(_ name: String) -> String?
  /// Pays for steps; `isChecked` where running out of fuel has to be noticed here.
  mutating func charge(_ steps: Int, isChecked: Bool) -> String

  /// Whether a loop may take over the work of one before it; then there are the three below.
  var fusesLoops: Bool { get }
  func comment(_ text: String) -> String
  /// Pays so much for each round through the lists.
  mutating func charge(_ steps: Int, asLongAs lists: [String], isChecked: Bool) -> String
  /// Whether there is fuel for so many steps a round through the lists.
  func fuelLasts(_ steps: Int, asLongAs lists: [String]) -> String

  // MARK: Ownership

  /// Whether owners are counted in the source: what only reads then borrows.
  var countsReferences: Bool { get }
  /// The statement that counts one owner more; nil where there is nothing to count.
  mutating func retain(_ name: String, _ type: Type) -> String?
  /// A use that leaves the owner its value.
  mutating func copy(_ name: String, _ type: Type) -> String
  /// The last use.
  func move(_ name: String, _ type: Type) -> String
  /// Ends a value's life without a use; nil where nothing is to be done.
  mutating func end(_ name: String, _ type: Type) -> String?

  /// Whether an application ends the life of an argument whose last use it is.
  func consumes(_ argument: Argument) -> Bool

  // MARK: Applications

  mutating func apply(_ atom: Atom, _ arguments: [Argument], _ result: Type) -> String
  /// What an atom of a declared type does; the first argument, or of `make` the result, is of that
  /// type.
  mutating func apply(
    _ operation: MadeOperation, _ arguments: [Argument], _ result: Type
  ) -> String
  mutating func call(_ function: EmittedFunction, _ arguments: [Argument]) -> String

  // MARK: Control flow

  func ifBegin(_ condition: String) -> String
  var elseLine: String { get }
  /// A list for a loop through the lists to make; where it `fills` it, each round puts one element.
  mutating func newList(_ type: Type, asLongAs lists: [String], fills: Bool) -> String
  /// Puts the element of a round into a list that the loop fills.
  func put(_ list: String, _ value: String) -> String
  mutating func push(_ list: String, _ value: String) -> String
  /// The lines before a loop over the elements of lists at equal positions, the one that begins it,
  /// and those that its body begins with. `made` is the list that the loop fills, if it does.
  mutating func eachBegin(
    _ elements: [(name: String, type: Type, list: String)],
    filling made: (name: String, type: Type)?,
    named name: String
  ) -> (before: [String], line: String, first: [String])
  func repeatBegin(_ count: String) -> String
  func whileBegin(_ condition: String) -> String
  /// Takes the pair that a scan's skill gave apart: assigns `state`, and puts the output after
  /// `outputs`.
  mutating func scanStep(
    _ pair: String, _ type: Type, state: String, outputs: String
  ) -> [String]
}

extension Type {
  /// Whether values of declared types are, or are inside, its values.
  var holdsDeclared: Bool {
    switch self {
    case .named: true
    case .list(let element): element.holdsDeclared
    case .pair(let first, let second): first.holdsDeclared || second.holdsDeclared
    default: false
    }
  }

  /// Whether a value of the type refers to something in memory: only then has it owners.
  var isCounted: Bool {
    switch self {
    case .list, .named: true
    case .pair(let first, let second): first.isCounted || second.isCounted
    default: false
    }
  }
}

extension Dialect {
  var fusesLoops: Bool { false }
  func comment(_ text: String) -> String { preconditionFailure("no loops are fused") }
  func charge(_ steps: Int, asLongAs lists: [String], isChecked: Bool) -> String {
    preconditionFailure("no loops are fused")
  }
  func fuelLasts(_ steps: Int, asLongAs lists: [String]) -> String {
    preconditionFailure("no loops are fused")
  }
  var countsReferences: Bool { false }
  func retain(_ name: String, _ type: Type) -> String? { nil }
}

/// One argument of an application.
struct Argument {
  let name: String
  let type: Type
  /// Whether this is the last use of the variable.
  let isLast: Bool
  /// Whether the same variable is another argument too.
  let isShared: Bool
  /// Whether the skill takes the value over.
  var isTaken = false
}

/// A function of the emitted program.
struct EmittedFunction {
  var name: String
  let function: StructuredFunction
  /// Whether it calls itself.
  let isRecursive: Bool
  /// What a comment says about it.
  let comment: [String]
  /// Whether the program calls it.
  let isReached: Bool
  /// The parameters that the caller keeps an owner of, where owners are counted.
  var borrowed: Set<Int> = []
  /// Whether it, or what it calls, counts the calls that are open, where that number is handed down.
  var isToldDepth = false

  /// The parameters' names, changed where they could stand for something else: no other name of an
  /// emitted program ends in `_`, and none without a `_` is missing in `reserved`.
  func parameterNames(_ reserved: Set<String>) -> [String] {
    function.parameterNames.map { name in
      let isNumbered = "sc".contains(name.first!) && name.dropFirst().allSatisfy(\.isNumber)
      let isPlain = name.contains(where: \.isLowercase) && !name.contains("_") && !isNumbered
      return isPlain && !reserved.contains(name) ? name : name + "_"
    }
  }
}
