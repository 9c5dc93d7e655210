import ReefMachine

extension ButterflyTransform {
  /// The skill that computes the transform: the permutations are constants of its code, the factors its
  /// weights.
  ///
  /// - Returns: The code, and the skills that it calls, callees first; these are the same for all
  ///   transforms.
  func code(_ signature: Signature) -> (code: SkillCode, parts: [SkillCode]) {
    let parts = ButterflyTransform.parts
    let stage = SkillCode.Callee.skill(parts[parts.count - 1].digest)
    let steps = stages.enumerated().map { index, content in
      SkillCode.Step(
        stage,
        [.slot(index), .constant(.ints(content.order)), .weight(content.weight("factors\(index)"))])
    }
    return (SkillCode(signature: signature, steps: steps, result: .slot(steps.count)), parts)
  }

  /// How factors are applied, written in the skill language.
  private static let parts = SkillCode.written([
    // A complex number times the one that stands in a list of reals at a place.
    (
      "product",
      """
      skill (x: (real, real), w: [real], place: int) -> (real, real)
        s0 = pair.first x
        s1 = pair.second x
        s2 = list.get w place
        s3 = int.add place 1
        s4 = list.get w s3
        s5 = real.multiply s0 s2
        s6 = real.multiply s1 s4
        s7 = real.subtract s5 s6
        s8 = real.multiply s0 s4
        s9 = real.multiply s1 s2
        s10 = real.add s8 s9
        s11 = pair.make s7 s10
        return s11
      """
    ),
    // An element of a factor's result, from two neighbours.
    (
      "element",
      """
      skill (k: int, w: [[real]], x: [(real, real)]) -> (real, real)
        s0 = list.length x
        s1 = int.divide s0 2
        s2 = int.modulo k s1
        s3 = int.multiply s2 2
        s4 = int.add s3 1
        s5 = list.get w k
        s6 = list.get x s3
        s7 = list.get x s4
        s8 = product s6 s5 0
        s9 = product s7 s5 2
        s10 = pair.first s8
        s11 = pair.first s9
        s12 = real.add s10 s11
        s13 = pair.second s8
        s14 = pair.second s9
        s15 = real.add s13 s14
        s16 = pair.make s12 s15
        return s16
      """
    ),
    (
      "factor",
      """
      skill (x: [(real, real)], w: [[real]]) -> [(real, real)]
        s0 = list.length w
        s1 = list.range 0 s0
        s2 = list.map element{w, x} s1
        return s2
      """
    ),
    (
      "taken",
      """
      skill (k: int, x: [(real, real)]) -> (real, real)
        s0 = list.get x k
        return s0
      """
    ),
    (
      "stage",
      """
      skill (x: [(real, real)], order: [int], w: [[[real]]]) -> [(real, real)]
        s0 = list.map taken{x} order
        s1 = list.fold factor s0 w
        return s1
      """
    ),
  ])
}

extension ButterflyTransform.Stage {
  /// The factors as numbers: for each of them its rows, of four reals.
  fileprivate func weight(_ name: String) -> Weight {
    let numbers = factors.joined().flatMap { row in
      [row.first.real, row.first.imaginary, row.second.real, row.second.imaginary]
    }
    return Weight(name: name, shape: [factors.count, order.count, 4], numbers)
  }
}
