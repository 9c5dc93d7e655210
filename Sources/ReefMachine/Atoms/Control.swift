extension Atoms {
  /// Control flow. The linker turns these into jumps and loops; a function operand is a skill,
  /// with the operands captured in braces bound to its trailing parameters.
  static let control: [Atom] = [
    Atom(
      "control.if", "(bool, a, a) -> a",
      "The second operand where the first is true, else the third; the other is not evaluated.",
      .control(.branch)),
    Atom(
      "list.map", "((a) -> b, [a]) -> [b]", "The results of a skill on each element.",
      .control(.map)),
    Atom(
      "list.map2", "((a, b) -> c, [a], [b]) -> [c]",
      "The results of a skill on elements at equal positions, as many as the shorter list has.",
      .control(.map2)),
    Atom(
      "list.filter", "((a) -> bool, [a]) -> [a]", "The elements for which a skill says true.",
      .control(.filter)),
    Atom(
      "list.fold", "((b, a) -> b, b, [a]) -> b",
      "Begins with a value and replaces it, for each element in turn, by the skill's result on it "
        + "and the element.",
      .control(.fold)),
    Atom(
      "list.scan", "((b, a) -> (b, c), b, [a]) -> (b, [c])",
      "Carries a value along the list: for each element the skill gives the next carry and an "
        + "output. The last carry and all outputs.",
      .control(.scan)),
    Atom(
      "control.iterate", "((a) -> a, int, a) -> a",
      "Applies a skill a number of times, each time to the last result; below 1 time the value "
        + "itself.",
      .control(.iterate)),
    Atom(
      "control.while", "((a) -> bool, (a) -> a, a) -> a",
      "Applies the second skill for as long as the first says true.",
      .control(.loop)),
  ]
}
