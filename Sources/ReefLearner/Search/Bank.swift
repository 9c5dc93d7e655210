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
/// `keep` makes it an entry, and `discard` forgets it.
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

  private let columns = GrowingBuffer<Word>()
  let masks = GrowingBuffer<UInt64>()
  let entries = GrowingBuffer<Entry>()
  private let table = BehaviourTable()

  let constants: [Vocabulary.Constant]
  var types: [Type] { vocabulary.types }
  var typeIndex: [Type: Int] { vocabulary.typeIndex }
  var kinds: [Kind] { vocabulary.kinds }
  private let typeSalt: [UInt64]
  var parameterTypeIDs: [[Int]] { vocabulary.parameterTypeIDs }
  var resultTypeIDs: [Int] { vocabulary.resultTypeIDs }

  /// Where the candidate's words are: in `own`, or in the block that was looked up.
  private var scratch: UnsafeMutablePointer<Word>
  private let own: UnsafeMutablePointer<Word>
  /// The words and the hashes of a block of candidates.
  private let block: UnsafeMutablePointer<Word>
  private let blockHashes: UnsafeMutablePointer<UInt64>
  let rowHashes: UnsafeMutablePointer<UInt64>
  private let multipliers: UnsafeMutablePointer<UInt64>

  let machine: Machine
  /// Keeps the values of the entries.
  let heap: Heap
  private var selfCalls: [UInt64: SelfCall] = [:]
  /// For each measure, on which rows the self-call that was evaluated last shrinks it.
  private var soundRowsOfCandidate: [UInt64]
  /// For entries that call the skill itself: for each measure, on which rows all of the entry's
  /// self-calls shrink it.
  private var soundRows: [Int32: [UInt64]] = [:]

  private struct SelfCall {
    /// A word of `heap`; nil outside the domain, or where nothing shrinks.
    let answer: Word?
    /// Which measures shrink.
    let shrinking: UInt64
  }

  /// Of operations that run an image: how often, and the search steps of all runs.
  private var imageRuns: [Runs]
  /// The same of runs that end at the first row on which the value is not wanted.
  private var filteredRuns: [Runs]
  /// Row and hash of the values that are wanted, mixed with the type's salt.
  private var wanted: Set<UInt64> = []

  private struct Runs {
    var count = 0
    var steps = 0
  }

  /// In search steps: one atom applied to one row, or one machine step of a skill.
  private(set) var stepsSpent = 0
  private(set) var candidates = 0

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
    soundRowsOfCandidate = vocabulary.measures.map { _ in 0 }
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

  /// Lets `evaluate(_:_:onlyWanted:)` pass the column's values.
  func want(_ column: Column) {
    for (row, hash) in column.rows.enumerated() {
      wanted.insert(wantedKey(column.typeID, row, hash))
    }
  }

  private func wantedKey(_ typeID: Int, _ row: Int, _ hash: UInt64) -> UInt64 {
    (typeSalt[typeID] &+ hash) &* multipliers[row]
  }

  func spend(_ steps: Int) { stepsSpent += steps }

  // MARK: Evaluating

  /// Evaluates an input or a constant.
  func evaluate(_ values: [Value], type: Type) throws -> Behaviour? {
    guard let typeID = typeIndex[type] else { return nil }
    candidates += 1
    scratch = own
    var hash = typeSalt[typeID]
    for (row, value) in values.enumerated() {
      scratch[row] = try machine.heap.word(of: value, as: type)
      rowHashes[row] = Bank.rowHash(scratch[row], kinds[typeID])
      hash &+= rowHashes[row] &* multipliers[row]
    }
    return Behaviour(typeID: typeID, mask: allRows, hash: hash)
  }

  /// Applies an operation to entries; nil where it has a value on no row.
  ///
  /// - Parameter onlyWanted: nil also where a value of a skill is none of those that some column
  ///   wants on its row, which is mostly seen at the first row.
  @inline(__always)
  func evaluate(
    _ index: Int, _ operands: SIMD4<Int32>, onlyWanted: Bool = false
  ) throws -> Behaviour? {
    candidates += 1
    scratch = own
    let typeID = resultTypeIDs[index]
    var mask: UInt64
    var hash = typeSalt[typeID]
    switch vocabulary.evaluations[index] {
    case .integer(let integer):
      mask = masks[Int(operands[0])] & masks[Int(operands[1])]
      stepsSpent += rowCount
      mask = integer.evaluate(
        column(of: operands[0]), column(of: operands[1]), into: scratch,
        count: rowCount, mask: mask)
      guard mask != 0 else { return nil }
      for row in 0..<rowCount {
        hash &+= UInt64(bitPattern: Int64(scratch[row])) &* multipliers[row]
      }
    case .native(let function, let operandKinds):
      mask = apply(
        function, operandKinds, vocabulary.arities[index], operands, kinds[typeID], &hash)
    case .image(let image):
      let before = stepsSpent
      if onlyWanted {
        mask = run(image, vocabulary.arities[index], operands, typeID, &hash, onlyWanted: true)
        filteredRuns[index].count += 1
        filteredRuns[index].steps += stepsSpent - before
      } else {
        mask = run(image, vocabulary.arities[index], operands, typeID, &hash, onlyWanted: false)
        imageRuns[index].count += 1
        imageRuns[index].steps += stepsSpent - before
      }
    case .recursion(let varying):
      mask = try recur(varying, operands, &hash)
    case .branch:
      mask = branch(operands, kinds[typeID], &hash)
    }
    guard mask != 0 else { return nil }
    if mask != allRows { hash &+= Bank.maskHash(mask) }
    return Behaviour(typeID: typeID, mask: mask, hash: hash)
  }

  /// The values of an entry, row by row; valid until the next one is kept.
  @inline(__always)
  private func column(of id: Int32) -> UnsafePointer<Word> {
    columns.elements.baseAddress.unsafelyUnwrapped + Int(id) * rowCount
  }

  /// How many candidates are looked up together.
  static let blockCount = 32

  /// Applies an operation on ints to `first`, which has a value on all rows, and each of `others`,
  /// at most `blockCount`, all at once; `candidate(_:of:)` gives them one by one.
  ///
  /// - Returns: Which of them have a value on all rows, and which of those behave like an entry, and
  ///   not like `target`: nothing will come of them. Not all of those are found, and they count as
  ///   candidates when `skip` is called.
  @inline(__always)
  func evaluateBlock(
    _ integer: IntegerOperation, _ index: Int, _ first: Int32, _ others: UnsafeBufferPointer<Int32>,
    but target: UInt64
  ) -> (whole: UInt64, known: UInt64) {
    guard masks[Int(first)] == allRows else { return (0, 0) }
    let salt = typeSalt[resultTypeIDs[index]]
    var whole: UInt64 = 0
    withUnsafeTemporaryAllocation(of: UnsafePointer<Word>.self, capacity: others.count) {
      columns in
      for (position, other) in others.enumerated() {
        columns[position] = column(of: other)
        if masks[Int(other)] == allRows { whole |= 1 << UInt64(position) }
      }
      let sound = integer.evaluate(
        column(of: first), UnsafeBufferPointer(columns), into: block, count: rowCount,
        multipliers: multipliers, hashes: blockHashes)
      whole &= sound
    }
    var known: UInt64 = 0
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: others.count) { keys in
      for position in others.indices {
        blockHashes[position] &+= salt
        keys[position] = table.firstKey(blockHashes[position])
      }
      for position in others.indices
      where BehaviourTable.isKey(keys[position], of: blockHashes[position])
        && blockHashes[position] != target
      {
        known |= 1 << UInt64(position)
      }
    }
    return (whole, known & whole)
  }

  /// A candidate of the block that was evaluated last, one with a value on all rows.
  @inline(__always)
  func candidate(_ position: Int, of index: Int) -> Behaviour {
    candidates += 1
    stepsSpent += rowCount
    scratch = block + position * rowCount
    return Behaviour(typeID: resultTypeIDs[index], mask: allRows, hash: blockHashes[position])
  }

  /// Counts candidates that need not be evaluated.
  func skip(_ count: Int) {
    candidates += count
    stepsSpent += count * rowCount
  }

  @inline(__always)
  static func rowHash(_ word: Word, _ kind: Kind) -> UInt64 {
    switch kind {
    case .word: UInt64(bitPattern: Int64(word))
    case .real: mixed(roundedBits(word.asReal))
    case .reference: Heap.hash(word, kind)
    }
  }

  /// Spreads the sign over the other bits: alone at the top it would cancel in the sum over an even
  /// number of rows, and a column would look like its opposite.
  @inline(__always)
  private static func mixed(_ bits: UInt64) -> UInt64 {
    let product = (bits ^ bits >> 32) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 29
  }

  /// Two ways to compute a real differ by rounding: those count as the same that agree to 32 bits,
  /// or are next to nothing. Where the values are close to a limit between two roundings they may
  /// still be told apart, which can only hide a candidate.
  @inline(__always)
  private static func roundedBits(_ value: Double) -> UInt64 {
    guard !value.isNaN else { return Double.nan.bitPattern }
    guard value.magnitude >= 0x1p-48 else { return 0 }
    return value.isInfinite ? value.bitPattern : (value.bitPattern &+ 1 << 19) & ~0xF_FFFF
  }

  /// Applies an atom row by row. Operands in the bank are immortal, so that none is consumed.
  private func apply(
    _ function: NativeFunction, _ operandKinds: OperandKinds, _ arity: Int,
    _ operands: SIMD4<Int32>, _ kind: Kind, _ hash: inout UInt64
  ) -> UInt64 {
    var mask = allRows
    for position in 0..<arity { mask &= masks[Int(operands[position])] }
    guard mask != 0 else { return 0 }
    let first = column(of: operands[0])
    let second = column(of: operands[arity > 1 ? 1 : 0])
    let third = column(of: operands[arity > 2 ? 2 : 0])
    let heap = machine.heap
    var work = 0
    for row in 0..<rowCount {
      let bit: UInt64 = 1 << UInt64(row)
      scratch[row] = 0
      rowHashes[row] = 0
      guard mask & bit != 0 else { continue }
      heap.fuel = rowFuel
      do throws(MachineError) {
        let word = try function(first[row], second[row], third[row], heap, operandKinds)
        scratch[row] = word
        rowHashes[row] = Bank.rowHash(word, kind)
        hash &+= rowHashes[row] &* multipliers[row]
      } catch {
        mask &= ~bit
      }
      work += rowFuel - max(0, heap.fuel)
    }
    stepsSpent += rowCount + work / 8
    if mask == 0 { heap.reset() }
    return mask
  }

  private func run(
    _ image: Image, _ arity: Int, _ operands: SIMD4<Int32>, _ typeID: Int, _ hash: inout UInt64,
    onlyWanted: Bool
  ) -> UInt64 {
    let kind = kinds[typeID]
    var mask = allRows
    for position in 0..<arity { mask &= masks[Int(operands[position])] }
    guard mask == allRows || mask != 0 && !onlyWanted else { return 0 }
    return withUnsafeTemporaryAllocation(of: Word.self, capacity: Bank.maximumArity) { arguments in
      for row in 0..<rowCount {
        let bit: UInt64 = 1 << UInt64(row)
        scratch[row] = 0
        rowHashes[row] = 0
        guard mask & bit != 0 else { continue }
        for position in 0..<arity {
          arguments[position] = column(of: operands[position])[row]
        }
        var fuel = rowFuel
        do throws(MachineError) {
          let word = try machine.run(
            image, UnsafeBufferPointer(rebasing: arguments[..<arity]), fuel: &fuel)
          scratch[row] = word
          rowHashes[row] = Bank.rowHash(word, kind)
          hash &+= rowHashes[row] &* multipliers[row]
        } catch {
          mask &= ~bit
        }
        stepsSpent += 1 + rowFuel - max(0, fuel)
        if onlyWanted, mask & bit == 0 || !wanted.contains(wantedKey(typeID, row, rowHashes[row])) {
          mask = 0
          break
        }
      }
      if mask == 0 { machine.heap.reset() }
      return mask
    }
  }

  /// On each row the chosen arm's value; the other arm need not have one.
  private func branch(
    _ operands: SIMD4<Int32>, _ kind: Kind, _ hash: inout UInt64
  ) -> UInt64 {
    stepsSpent += rowCount
    let isTrue = truth(of: operands[0])
    let mask =
      masks[Int(operands[0])]
      & (isTrue & masks[Int(operands[1])] | ~isTrue & masks[Int(operands[2])])
    for row in 0..<rowCount {
      let bit: UInt64 = 1 << UInt64(row)
      let arm = isTrue & bit != 0 ? operands[1] : operands[2]
      scratch[row] = mask & bit != 0 ? column(of: arm)[row] : 0
      rowHashes[row] = mask & bit != 0 ? Bank.rowHash(scratch[row], kind) : 0
      hash &+= rowHashes[row] &* multipliers[row]
    }
    return mask
  }

  /// The oracle's answers for the self-call, on the rows where some measure shrinks.
  private func recur(
    _ varying: [Int], _ operands: SIMD4<Int32>, _ hash: inout UInt64
  ) throws -> UInt64 {
    guard let oracle = problem.oracle else { return 0 }
    var defined = allRows
    for position in varying.indices { defined &= masks[Int(operands[position])] }
    stepsSpent += rowCount * 2
    var asked: [(key: UInt64, arguments: [Value], shrinking: UInt64)] = []
    var keys: [(row: Int, key: UInt64)] = []
    for row in 0..<rowCount where defined & (1 << UInt64(row)) != 0 {
      // A self-call is known by the row, for what does not vary, and the hashes of what does.
      var key = UInt64(row &+ 1) &* 0x9E37_79B9_7F4A_7C15
      for (position, index) in varying.enumerated() {
        let word = column(of: operands[position])[row]
        let kind = kinds[Int(entries[Int(operands[position])].type)]
        key = (key ^ UInt64(index &+ 1) << 56) &* 0xD6E8_FEB8_6659_FD93
        key = (key ^ key >> 29 ^ Bank.rowHash(word, kind)) &* 0xD6E8_FEB8_6659_FD93
        key ^= key >> 29
      }
      keys.append((row, key))
      guard selfCalls[key] == nil, !asked.contains(where: { $0.key == key }) else { continue }
      let own = problem.rows[row].input
      var arguments = own
      for (position, index) in varying.enumerated() {
        arguments[index] = try value(of: operands[position], row: row)
      }
      var shrinking: UInt64 = 0
      for (index, measure) in vocabulary.measures.enumerated()
      where measure.shrinks(from: own, to: arguments) {
        shrinking |= 1 << UInt64(index)
      }
      if shrinking != 0 {
        asked.append((key, arguments, shrinking))
      } else {
        selfCalls[key] = SelfCall(answer: nil, shrinking: 0)
      }
    }
    if !asked.isEmpty {
      stepsSpent += asked.count * 8
      for (call, answer) in zip(asked, try oracle(asked.map(\.arguments))) {
        let word = try answer.map { try heap.immortalWord(of: $0, as: problem.signature.result) }
        selfCalls[call.key] = SelfCall(answer: word, shrinking: call.shrinking)
      }
    }
    var mask: UInt64 = 0
    for row in 0..<rowCount {
      scratch[row] = 0
      rowHashes[row] = 0
    }
    for measure in soundRowsOfCandidate.indices { soundRowsOfCandidate[measure] = 0 }
    for (row, key) in keys {
      guard let call = selfCalls[key], let word = call.answer else { continue }
      scratch[row] = word
      rowHashes[row] = Bank.rowHash(word, kinds[0])
      hash &+= rowHashes[row] &* multipliers[row]
      mask |= 1 << UInt64(row)
      for measure in soundRowsOfCandidate.indices
      where call.shrinking & (1 << UInt64(measure)) != 0 {
        soundRowsOfCandidate[measure] |= 1 << UInt64(row)
      }
    }
    return mask
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
    } else if kind == .word {
      for row in 0..<rowCount { rowHashes[row] = UInt64(bitPattern: Int64(scratch[row])) }
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

  private func noteSoundRows(_ id: Int32, _ index: Int, _ operands: SIMD4<Int32>) {
    var rows = vocabulary.operations[index].varying == nil ? nil : soundRowsOfCandidate
    for position in 0..<vocabulary.arities[index] {
      guard let below = soundRows[operands[position]] else { continue }
      rows = rows.map { zip($0, below).map { $0 & $1 } } ?? below
    }
    if let rows { soundRows[id] = rows }
  }

  /// Whether the entry's term calls the skill itself.
  func isRecursive(_ id: Int32) -> Bool { soundRows[id] != nil }

  /// The rows on which all self-calls of the entry shrink the measure.
  func soundRows(of id: Int32, measure: Int) -> UInt64 { soundRows[id]?[measure] ?? allRows }

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

  // MARK: What is wanted

  /// A column of values that candidates are compared with; nil values match nothing.
  struct Column {
    let typeID: Int
    let rows: [UInt64]
    let defined: UInt64
    /// What a candidate with these values on all rows would have; meaningless unless all are defined.
    let hash: UInt64
  }

  func column(_ values: [Value?], type: Type) throws -> Column? {
    guard let typeID = typeIndex[type] else { return nil }
    var hash = typeSalt[typeID]
    var rows: [UInt64] = []
    var defined: UInt64 = 0
    for (row, value) in values.enumerated() {
      guard let value else {
        rows.append(0)
        continue
      }
      let word = try machine.heap.word(of: value, as: type)
      rows.append(Bank.rowHash(word, kinds[typeID]))
      hash &+= rows[row] &* multipliers[row]
      defined |= 1 << UInt64(row)
    }
    machine.heap.reset()
    return Column(typeID: typeID, rows: rows, defined: defined, hash: hash)
  }

  /// The rows on which the candidate that was just kept has the column's value.
  @inline(__always)
  func matching(_ column: Column, _ mask: UInt64) -> UInt64 {
    var rows: UInt64 = 0
    column.rows.withUnsafeBufferPointer { wanted in
      for row in 0..<rowCount where rowHashes[row] == wanted[row] { rows |= 1 << UInt64(row) }
    }
    return rows & mask & column.defined
  }

  /// The rows on which an entry has the column's value.
  func agreement(of id: Int32, with column: Column) -> UInt64 {
    var rows: UInt64 = 0
    for row in 0..<rowCount where rowHash(of: id, row: row) == column.rows[row] {
      rows |= 1 << UInt64(row)
    }
    return rows & masks[Int(id)] & column.defined
  }

  /// The hash that the entry's behaviour had as a candidate.
  func hash(of id: Int32) -> UInt64 {
    let mask = masks[Int(id)]
    var hash = typeSalt[Int(entries[Int(id)].type)]
    for row in 0..<rowCount where mask & (1 << UInt64(row)) != 0 {
      hash &+= rowHash(of: id, row: row) &* multipliers[row]
    }
    return mask == allRows ? hash : hash &+ Bank.maskHash(mask)
  }

  private func rowHash(of id: Int32, row: Int) -> UInt64 {
    guard masks[Int(id)] & (1 << UInt64(row)) != 0 else { return 0 }
    return Bank.rowHash(column(of: id)[row], kinds[Int(entries[Int(id)].type)])
  }

  @inline(__always)
  private static func maskHash(_ mask: UInt64) -> UInt64 {
    (mask &* 0xD6E8_FEB8_6659_FD93) ^ mask >> 7
  }
}
