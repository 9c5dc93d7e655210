import ReefMachine

/// A map of an atom over lists of numbers, the result of which only the loop behind it reads: that loop
/// makes each element where it needs it, and no list is made (deforestation, Wadler 1990).
struct FusedMap {
  let item: Item
  let loop: Loop
  /// The errors in which an application of the atom may end.
  let errors: Set<String>
  /// The most steps that one round of both loops takes.
  let roundCost: Int
}

/// What an application that only computes with scalars may come to.
private struct ScalarWork {
  var cost = 0
  var errors: Set<String> = []

  mutating func add(_ other: ScalarWork) {
    cost += other.cost
    errors.formUnion(other.errors)
  }
}

extension BodyWriter {
  /// The map at `index` where it can be fused with the next loop.
  ///
  /// The rounds of both loops then take turns. That nobody can tell takes that neither does more than
  /// compute with scalars, and that the errors of both are one, or only one of them has any.
  func fusedMap(at index: Int, of items: [Item]) -> FusedMap? {
    let item = items[index]
    guard dialect.fusesLoops, case .loop(let loop) = item.body,
      loop.form == .map || loop.form == .map2, case .operation = loop.bodies[0].target,
      let own = work(of: loop, types[item.destination]),
      let next = items[(index + 1)...].first(where: { !$0.isConstant }),
      case .loop(let reader) = next.body, reader.operands.last == item.destination,
      next.dying.contains(item.destination),
      reader.variables.count(where: { $0 == item.destination }) == 1,
      [.map, .filter, .fold, .scan].contains(reader.form),
      let others = work(of: reader, types[next.destination]),
      own.errors.isEmpty || others.errors.isEmpty || own.errors.union(others.errors).count == 1
    else { return nil }
    return FusedMap(
      item: item, loop: loop, errors: own.errors, roundCost: own.cost + others.cost)
  }

  /// What a round comes to; nil where it does more than compute with scalars.
  private func work(of loop: Loop, _ result: Type) -> ScalarWork? {
    let operands = loop.operands.map { types[$0].elementOrSelf }
    let results: [Type] =
      if case .pair(let state, let outputs) = result, loop.form == .scan {
        [state, outputs.elementOrSelf]
      } else {
        [result.elementOrSelf]
      }
    let captures = loop.bodies[0].captures.map { types[$0] }
    guard (operands + results + captures).allSatisfy({ !$0.isCounted }) else { return nil }
    guard var work = work(of: loop.bodies[0].target, on: operands[0]) else { return nil }
    work.cost += Int(loop.bodies[0].cost)
    return work
  }

  private func work(of target: Target, on operand: Type?) -> ScalarWork? {
    switch target {
    case .operation(let operation):
      guard operation.made == nil,
        let errors = operation.atom.flatMap(Atoms.with)?.scalarErrors(on: operand)
      else { return nil }
      return ScalarWork(errors: errors)
    case .call(let number):
      let called = functions[number]
      guard !called.isRecursive, called.function.types.allSatisfy({ !$0.isCounted }) else {
        return nil
      }
      return work(of: called.function.block, called.function.types)
    case .control, .match, .fold: return nil
    }
  }

  private func work(of block: Block, _ types: [Type]) -> ScalarWork? {
    var work = ScalarWork(cost: block.cost)
    for item in block.items {
      switch item.body {
      case .constant: break
      case .operation(let operation, let operands):
        let operand = operands.first.map { types[$0] }
        guard let one = self.work(of: .operation(operation), on: operand) else { return nil }
        work.add(one)
      case .call(let number, _):
        guard let one = self.work(of: .call(number), on: nil) else { return nil }
        work.add(one)
      case .branch(let branch):
        guard let then = self.work(of: branch.then, types),
          let otherwise = self.work(of: branch.otherwise, types)
        else { return nil }
        work.add(
          ScalarWork(
            cost: max(then.cost, otherwise.cost), errors: then.errors.union(otherwise.errors)))
      case .loop: return nil
      }
    }
    return work
  }

  /// Writes what stands in the map's place: pays for its rounds. An error of the map is found there,
  /// too, where the steps might end before the loop that makes the elements has come to it.
  mutating func payAhead(for map: FusedMap) {
    source.add(dialect.comment("The next loop makes the elements of this one's list."))
    let lists = map.loop.operands.map { names[$0]! }
    let cost = Int(map.loop.bodies[0].cost)
    guard !map.errors.isEmpty else {
      return source.add(dialect.charge(cost, asLongAs: lists, isChecked: true))
    }
    source.add(dialect.ifBegin(dialect.fuelLasts(map.roundCost, asLongAs: lists)))
    source.level += 1
    source.add(dialect.charge(cost, asLongAs: lists, isChecked: false))
    source.level -= 1
    source.add(dialect.elseLine)
    source.level += 1
    each(map.item, map.loop, map.loop.operands) { writer in
      writer.source.add(writer.dialect.ignoring(writer.element(of: map)))
    }
    source.level -= 1
    source.add(dialect.blockEnd)
  }
}

extension Item {
  fileprivate var isConstant: Bool { if case .constant = body { true } else { false } }
}

extension Type {
  fileprivate var elementOrSelf: Type {
    if case .list(let element) = self { element } else { self }
  }
}

extension Atom {
  /// The errors in which it may end on scalars and pairs of them; nil where it may need lists, or charges
  /// for what is in its operands.
  fileprivate func scalarErrors(on operand: Type?) -> Set<String>? {
    switch name {
    case "int.add", "int.subtract", "int.multiply": return ["overflow"]
    case "int.divide": return ["overflow", "divisionByZero"]
    case "int.modulo": return ["divisionByZero"]
    case "equal": if case .pair = operand { return nil } else { return [] }
    default:
      let family = name.prefix { $0 != "." }
      return ["int", "bool", "real", "pair"].contains(family) || controlForm == .branch ? [] : nil
    }
  }
}
