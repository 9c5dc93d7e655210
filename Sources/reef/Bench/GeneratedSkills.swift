import ReefMachine
import ReefTasks

/// Skills that nobody wants, to fill a library with: random well-typed compositions of the atoms
/// over ints and lists, with names and summaries of words that real skills use.
struct GeneratedSkills {
  private var generator: SplitMix64
  private let atoms: [Atom]
  private var seen: Set<Digest> = []

  init(seed: Int) {
    generator = SplitMix64(seed: seed)
    atoms = Atoms.all.filter { atom in
      guard atom.controlForm == nil, let type = GeneratedSkills.atInts(atom.type),
        case .function(let parameters, let result) = type
      else { return false }
      return (parameters + [result]).allSatisfy { $0 == .int || $0 == .list(.int) }
    }
  }

  /// So many skills, all different; a longer list begins with the shorter one.
  static func list(count: Int, seed: Int) -> [Skill] {
    var skills = GeneratedSkills(seed: seed)
    return (0..<count).map { skills.next(number: $0) }
  }

  private mutating func next(number: Int) -> Skill {
    while true {
      let code = randomCode().normalized()
      guard code.steps.count > 1, seen.insert(code.digest).inserted,
        (try? Image(linking: code, library: { _ in nil })) != nil
      else { continue }
      let (name, summary) = randomText(number: number)
      return Skill(
        digest: code.digest, name: name, version: 1, summary: summary, code: code,
        certificate: Certificate(method: .sampled, seed: 0, checks: [], tolerance: 0),
        provenance: Provenance(
          task: name, curriculum: "generated", generation: 0, learner: "none", seed: 0,
          searchSteps: 0, candidates: 0, pluginHash: ""))
    }
  }

  /// Two to four steps, each on slots so far or a small constant; the last one is the result.
  private mutating func randomCode() -> SkillCode {
    let parameters = (0..<generator.int(in: 1...2)).map { index in
      Signature.Parameter("x\(index)", generator.int(in: 0...1) == 0 ? .int : .list(.int))
    }
    var types = parameters.map(\.type)
    var steps: [SkillCode.Step] = []
    for _ in 0..<generator.int(in: 2...4) {
      let atom = atoms[generator.int(in: 0...atoms.count - 1)]
      guard case .function(let wanted, let result)? = GeneratedSkills.atInts(atom.type) else {
        continue
      }
      let operands = wanted.map { operand(of: $0, among: types) }
      steps.append(.init(.skill(atom.digest), operands))
      types.append(result)
    }
    return SkillCode(
      signature: Signature(parameters: parameters, result: types[types.count - 1]), steps: steps,
      result: .slot(types.count - 1))
  }

  private mutating func operand(of type: Type, among slots: [Type]) -> SkillCode.Operand {
    let fitting = slots.indices.filter { slots[$0] == type }
    // The latest slot twice as often: chains, not heaps of single steps.
    let choice = generator.int(in: 0...fitting.count + 1)
    if choice < fitting.count { return .slot(fitting[choice]) }
    if let last = fitting.last, choice == fitting.count { return .slot(last) }
    return .constant(type == .int ? .int(generator.int(in: 0...9)) : .list([]))
  }

  private static let words = [
    "digit", "digits", "sum", "carry", "column", "number", "prime", "product", "power", "list",
    "element", "first", "last", "largest", "smallest", "step", "count", "difference", "quotient",
    "remainder", "sorted", "vertex", "distance", "weight", "half", "scaled", "shifted", "common",
    "divisor", "negative", "position", "length",
  ]

  private mutating func randomText(number: Int) -> (name: String, summary: String) {
    func word(_ generator: inout SplitMix64) -> String {
      GeneratedSkills.words[generator.int(in: 0...GeneratedSkills.words.count - 1)]
    }
    let (first, second) = (word(&generator), word(&generator))
    let words = (0..<generator.int(in: 4...9)).map { _ in word(&generator) }
    return (
      "generated.\(first)\(second.prefix(1).uppercased())\(second.dropFirst())\(number)",
      "The \(words.joined(separator: " "))."
    )
  }

  /// The type with ints for its variables; nil where it has something else than ints and lists.
  private static func atInts(_ type: Type) -> Type? {
    switch type {
    case .int, .variable: return .int
    case .list(let element): return atInts(element).map { .list($0) }
    case .function(let parameters, let result):
      let concrete = parameters.compactMap(atInts)
      guard concrete.count == parameters.count, let result = atInts(result) else { return nil }
      return .function(concrete, result)
    case .bool, .real, .pair, .named: return nil
    }
  }
}
