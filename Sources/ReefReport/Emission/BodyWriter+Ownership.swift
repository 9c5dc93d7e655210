import ReefMachine

/// Where a *borrowed* variable's value stands: inside the value of another variable, which lives longer.
/// It has no owner of its own in the counts.
///
/// Nothing that is charged can tell: a value that is borrowed has the owners of what it stands in, and
/// gets one of its own before that is given away or where it is taken over, so that what is shared
/// stays shared.
struct Place {
  enum Part { case first, second }

  var parent: Int
  /// From the parent through pairs; nil for an element of a list.
  var path: [Part]?

  /// What a place in this one's variable is in this one's parent.
  func appending(_ place: Place) -> Place {
    Place(parent: parent, path: path.flatMap { own in place.path.map { own + $0 } })
  }
}

extension Atom {
  /// Where in its first operand the result stands; nil where it is a value of its own.
  func place(in operand: Int) -> Place? {
    switch name {
    case "pair.first": Place(parent: operand, path: [.first])
    case "pair.second": Place(parent: operand, path: [.second])
    case "list.get", "list.first", "list.last": Place(parent: operand, path: nil)
    default: nil
    }
  }
}

extension BodyWriter {
  private func isOwned(_ variable: Int) -> Bool {
    places[variable] == nil && !own.borrowed.contains(variable)
  }

  private func borrowed(from variable: Int) -> [Int] {
    places.keys.filter { places[$0]!.parent == variable }.sorted()
  }

  /// Whether the last use of a variable may take its value over.
  func mayGive(_ variable: Int) -> Bool { !dialect.countsReferences || isOwned(variable) }

  /// To be called before a variable's value is given away: what is borrowed from it is kept.
  mutating func give(_ variable: Int) {
    for heir in inherit(from: variable) {
      source.add(dialect.retain(names[heir.variable]!, types[heir.variable]))
    }
  }

  /// Ends the lives of variables whose values were not given away.
  mutating func end(_ variables: [Int]) {
    guard dialect.countsReferences else {
      for variable in variables { source.add(dialect.end(names[variable]!, types[variable])) }
      return
    }
    let owned = variables.filter(isOwned)
    for variable in variables {
      guard let place = places.removeValue(forKey: variable) else { continue }
      for inner in borrowed(from: variable) { places[inner] = place.appending(places[inner]!) }
    }
    for variable in owned { release(variable) }
  }

  /// Lets what is borrowed from a variable have an owner of its own; what stands inside another such
  /// value is borrowed from that instead.
  ///
  /// - Returns: The new owners of parts of a pair, still to be counted; those of elements are.
  private mutating func inherit(
    from variable: Int
  ) -> [(path: [Place.Part], variable: Int)] {
    var heirs: [(path: [Place.Part], variable: Int)] = []
    let borrowed = borrowed(from: variable).sorted {
      (places[$0]!.path?.count ?? 0, $0) < (places[$1]!.path?.count ?? 0, $1)
    }
    for inner in borrowed {
      guard let path = places[inner]!.path else {
        places[inner] = nil
        source.add(dialect.retain(names[inner]!, types[inner]))
        continue
      }
      if let heir = heirs.first(where: { path.starts(with: $0.path) }) {
        places[inner] = Place(
          parent: heir.variable, path: Array(path.dropFirst(heir.path.count)))
      } else {
        places[inner] = nil
        heirs.append((path, inner))
      }
    }
    return heirs
  }

  /// The parts of a pair change hands without a count.
  private mutating func release(_ variable: Int) {
    let heirs = inherit(from: variable)
    release(names[variable]!, types[variable], [], besides: heirs.map(\.path))
  }

  private mutating func release(
    _ value: String, _ type: Type, _ path: [Place.Part], besides kept: [[Place.Part]]
  ) {
    if kept.contains(path) { return }
    guard kept.contains(where: { $0.starts(with: path) }), case .pair(let first, let second) = type
    else { return source.add(dialect.end(value, type)) }
    release("\(value).first", first, path + [.first], besides: kept)
    release("\(value).second", second, path + [.second], besides: kept)
  }
}

extension EmittedFunction {
  /// Finds the parameters that the caller keeps an owner of in every call; these are borrowed.
  ///
  /// The parameters of the first function are the caller's to give.
  static func findBorrowed(in functions: inout [EmittedFunction]) {
    for index in functions.indices.dropFirst() {
      functions[index].borrowed = Set(0..<functions[index].function.parameterCount)
    }
    var isDone = false
    while !isDone {
      isDone = true
      for caller in functions where caller.isReached {
        caller.forEachGift { callee, parameter in
          if functions[callee].borrowed.remove(parameter) != nil { isDone = false }
        }
      }
    }
  }

  /// Calls `body` with each function's parameter that a call here gives a value to.
  private func forEachGift(_ body: (_ callee: Int, _ parameter: Int) -> Void) {
    func visit(_ block: Block) {
      for item in block.items {
        switch item.body {
        case .constant, .operation: break
        case .call(let callee, let operands):
          for (index, operand) in operands.enumerated()
          where item.dying.contains(operand) && !borrowed.contains(operand)
            && operands.count(where: { $0 == operand }) == 1
          {
            body(callee, index)
          }
        case .branch(let branch):
          visit(branch.then)
          visit(branch.otherwise)
        case .loop(let loop):
          // A state is given to the body, but not to a test; elements stay their list's.
          guard case .call(let callee) = loop.bodies.last!.target else { break }
          switch loop.form {
          case .fold, .scan, .iterate, .loop: body(callee, 0)
          case .map, .map2, .filter, .branch: break
          }
        }
      }
    }
    visit(function.block)
  }
}
