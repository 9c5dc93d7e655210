import ReefMachine
import ReefTasks

/// What a term was made of.
enum Origin {
  case input(Int)
  case constant(Int)
  case operation(Int)
}

/// One class of terms with the same behaviour, by its first term.
struct Entry {
  let origin: Origin
  let operands: SIMD4<Int32>
  let type: Int32
  let cost: Int32
}

/// The values that a search has computed on its rows, one representative for each behaviour, and
/// the means to compute more. A bank belongs to its rows.
///
/// Entry `id` has its words at `id * rowCount`; a row on which it has no value holds 0 there and
/// is missing from its mask. One candidate at a time is evaluated into `scratch` and `rowHashes`;
/// `keep` makes it an entry, and `discard` forgets it. Candidates are computed in
/// `Bank+Evaluation`, self-calls among them in `Bank+SelfCalls`; `Bank+Columns` compares them with
/// what is wanted.
final class Bank {
  /// The most operands of an operation.
  static let maximumArity = 4

  let problem: Problem
  let vocabulary: Vocabulary
  let rowCount: Int
  let allRows: UInt64
  /// Fuel for one skill on one row.
  let rowFuel: Int
  /// Longer lists than this lead nowhere from rows as small as these.
  private let maximumCount: Int

  let columns = GrowingBuffer<Word>()
  let masks = GrowingBuffer<UInt64>()
  let entries = GrowingBuffer<Entry>()
  let table = BehaviourTable()

  let constants: [Vocabulary.Constant]
  var types: [Type] { vocabulary.types }
  var typeIndex: [Type: Int] { vocabulary.typeIndex }
  var kinds: [Kind] { vocabulary.kinds }
  let typeSalt: [UInt64]
  var parameterTypeIDs: [[Int]] { vocabulary.parameterTypeIDs }
  var resultTypeIDs: [Int] { vocabulary.resultTypeIDs }

  /// Where the candidate's words are: in `own`, or in the block that was looked up.
  var scratch: UnsafeMutablePointer<Word>
  let own: UnsafeMutablePointer<Word>
  /// The words and the hashes of a block of candidates.
  let block: UnsafeMutablePointer<Word>
  let blockHashes: UnsafeMutablePointer<UInt64>
  let rowHashes: UnsafeMutablePointer<UInt64>
  let multipliers: UnsafeMutablePointer<UInt64>

  let machine: Machine
  /// Keeps the values of the entries.
  let heap: Heap
  var selfCalls: SelfCalls

  /// Of operations that run an image: how often, and the search steps of all runs.
  var imageRuns: [Runs]
  /// The same of runs that end at the first row on which the value is not wanted.
  var filteredRuns: [Runs]
  /// Row and hash of the values that are wanted, mixed with the type's salt.
  var wanted: Set<UInt64> = []

  struct Runs {
    var count = 0
    var steps = 0
  }

  /// In search steps: one atom applied to one row, or one machine step of a skill.
  var stepsSpent = 0
  var candidates = 0

  /// A candidate's behaviour: where it has a value, and the hash of type, mask and values.
  struct Behaviour {
    let typeID: Int
    let mask: UInt64
    let hash: UInt64
  }

  init(problem: Problem, vocabulary: Vocabulary, rowFuel: Int) {
    precondition(!problem.rows.isEmpty && problem.rows.count <= Problem.maximumRows)
    self.problem = problem
    self.rowFuel = rowFuel
    rowCount = problem.rows.count
    allRows = rowCount == 64 ? .max : (1 << UInt64(rowCount)) - 1
    self.vocabulary = vocabulary
    constants = vocabulary.constants(for: problem)
    imageRuns = vocabulary.operations.map { _ in Runs() }
    filteredRuns = imageRuns
    let longest =
      problem.rows.flatMap { $0.input + [$0.output].compactMap(\.self) }
      .map { $0.list?.count ?? 0 }.max() ?? 0
    maximumCount = max(64, 4 * longest)
    var generator = SplitMix64(seed: 0x5EED as UInt64)
    typeSalt = vocabulary.types.indices.map { _ in generator.next() }
    multipliers = .allocate(capacity: rowCount)
    for row in 0..<rowCount { multipliers[row] = generator.next() | 1 }

    own = .allocate(capacity: rowCount)
    scratch = own
    block = .allocate(capacity: rowCount * Bank.blockCount)
    blockHashes = .allocate(capacity: Bank.blockCount)
    rowHashes = .allocate(capacity: rowCount)
    selfCalls = SelfCalls(measures: vocabulary.measures.count)
    machine = Machine(limits: Limits(fuel: rowFuel, bytes: 1 << 24, depth: 2_000))
    heap = Heap(byteLimit: 1 << 30)
  }

  deinit {
    own.deallocate()
    block.deallocate()
    blockHashes.deallocate()
    rowHashes.deallocate()
    multipliers.deallocate()
  }

  /// What one application of an operation has cost so far, in search steps.
  func averageSteps(of index: Int, onlyWanted: Bool) -> Int {
    let runs = onlyWanted ? filteredRuns[index] : imageRuns[index]
    return runs.count > 0 ? 1 + runs.steps / runs.count : rowCount * (onlyWanted ? 4 : 16)
  }

  /// The same where enough have run to tell; nil for what the machine need not run.
  func measuredSteps(of index: Int) -> Int? {
    let runs = imageRuns[index]
    return runs.count >= Bank.tellingRuns ? 1 + runs.steps / runs.count : nil
  }

  private static let tellingRuns = 16

  func spend(_ steps: Int) { stepsSpent += steps }

  /// The values of an entry, row by row; valid until the next one is kept.
  @inline(__always)
  func column(of id: Int32) -> UnsafePointer<Word> {
    columns.elements.baseAddress.unsafelyUnwrapped + Int(id) * rowCount
  }

  // MARK: Keeping

  /// The entry with that behaviour.
  @inline(__always)
  func find(_ hash: UInt64) -> Int32? { table.find(hash) }

  /// Forgets the candidate.
  @inline(__always)
  func discard() { machine.heap.reset() }

  /// Makes the candidate an entry if no entry behaves like it.
  @inline(__always)
  func keepIfNew(
    _ behaviour: Behaviour, _ origin: Origin, _ operands: SIMD4<Int32>, cost: Int
  ) throws -> Int32? {
    guard isSmall(behaviour),
      table.insert(behaviour.hash, Int32(truncatingIfNeeded: entries.count))
    else { return nil }
    return try keep(behaviour, origin, operands, cost: cost)
  }

  /// Whether no list of the candidate is longer than any that could help.
  @inline(__always)
  private func isSmall(_ behaviour: Behaviour) -> Bool {
    guard kinds[behaviour.typeID] == .reference, case .list = types[behaviour.typeID] else {
      return true
    }
    for row in 0..<rowCount where behaviour.mask & (1 << UInt64(row)) != 0 {
      if Heap.count(ofList: scratch[row]) > maximumCount { return false }
    }
    return true
  }

  /// Makes the candidate an entry, whether or not another behaves like it.
  func keep(
    _ behaviour: Behaviour, _ origin: Origin, _ operands: SIMD4<Int32>, cost: Int
  ) throws -> Int32 {
    let kind = kinds[behaviour.typeID]
    if kind == .reference {
      for row in 0..<rowCount where behaviour.mask & (1 << UInt64(row)) != 0 {
        scratch[row] = try heap.copyImmortal(scratch[row], kind)
      }
    }
    columns.appendUninitialized(rowCount).update(from: scratch, count: rowCount)
    entries.append(
      Entry(
        origin: origin, operands: operands, type: Int32(truncatingIfNeeded: behaviour.typeID),
        cost: Int32(truncatingIfNeeded: cost)))
    masks.append(behaviour.mask)
    let id = Int32(truncatingIfNeeded: entries.count - 1)
    if case .operation(let index) = origin, !vocabulary.measures.isEmpty {
      noteSoundRows(id, index, operands)
    }
    return id
  }

  /// The rows on which an entry, of type bool, is true.
  func truth(of id: Int32) -> UInt64 {
    var rows: UInt64 = 0
    for row in 0..<rowCount where column(of: id)[row] != 0 { rows |= 1 << UInt64(row) }
    return rows
  }

  /// How long an entry, of list type, is on a row of its mask.
  func listCount(of id: Int, row: Int) -> Int { Heap.count(ofList: columns[id * rowCount + row]) }

  /// An entry's value on a row of its mask.
  func value(of id: Int32, row: Int) throws -> Value {
    try heap.value(of: column(of: id)[row], as: types[Int(entries[Int(id)].type)])
  }

}
