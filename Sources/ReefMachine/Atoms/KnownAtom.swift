/// The atoms that Reef's own code puts into skills: a slip in their names does not compile.
package enum KnownAtom: String, CaseIterable, Sendable {
  case boolNot = "bool.not"
  case controlIf = "control.if"
  case intAdd = "int.add"
  case listAppend = "list.append"
  case listFilter = "list.filter"
  case listFold = "list.fold"
  case listGet = "list.get"
  case listIsEmpty = "list.isEmpty"
  case listLength = "list.length"
  case listMap = "list.map"
  case listMap2 = "list.map2"
  case listPrepend = "list.prepend"
  case listRange = "list.range"
  case listReplicate = "list.replicate"
  case listReverse = "list.reverse"
  case listScan = "list.scan"
  case pairFirst = "pair.first"
  case pairMake = "pair.make"
  case pairSecond = "pair.second"
  case realAdd = "real.add"
  case realMultiply = "real.multiply"

  package var atom: Atom {
    // A test finds every case among the atoms.
    guard let atom = Atoms.named(rawValue) else { preconditionFailure("no atom is \(rawValue)") }
    return atom
  }
}

extension SkillCode.Callee {
  package static func atom(_ known: KnownAtom) -> SkillCode.Callee { .skill(known.atom.digest) }
}
