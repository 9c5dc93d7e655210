/// The candidate that `name` is most likely a slip of, or nil where none is near.
///
/// Near means that at most a third of the letters differ (but one may always), counting an
/// insertion, a deletion, a change or a swap of neighbours as one, letters of either case as the
/// same. A candidate with dots is also compared by its last part, so that `sort` finds
/// `sorting.sort`. Ties go to the name that sorts first.
///
/// - Complexity: O(letters of `name` · letters of all candidates).
package func closest(to name: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased())
  var best: (distance: Int, name: String)?
  for candidate in candidates {
    let whole = Array(candidate.lowercased())
    var distance = editDistance(wanted, whole)
    var length = max(wanted.count, whole.count)
    if let dot = whole.lastIndex(of: "."), !wanted.contains(".") {
      // One more than for a name without a prefix, so that an equally near plain name wins.
      let last = Array(whole[(dot + 1)...])
      let lastDistance = editDistance(wanted, last) + 1
      if lastDistance < distance {
        distance = lastDistance
        length = max(wanted.count, last.count) + 3
      }
    }
    guard distance <= max(1, length / 3), distance < length else { continue }
    if best.map({ (distance, candidate) < $0 }) ?? true { best = (distance, candidate) }
  }
  return best?.name
}

/// The number of insertions, deletions, changes and swaps of neighbours (each place touched at
/// most once: optimal string alignment) that turn one text into the other.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  // Three rows of the table: a swap looks two rows back.
  var before: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      var distance = min(
        previous[column] + (left[row] == right[column] ? 0 : 1),
        previous[column + 1] + 1,
        current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, before[column - 1] + 1)
      }
      current.append(distance)
    }
    (before, previous) = (previous, current)
  }
  return previous[right.count]
}
