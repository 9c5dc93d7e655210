import ReefMachine

/// `0.8 s`, `12 s`, `3 min 20 s`.
func formatted(seconds: Double) -> String {
  switch seconds {
  case ..<10: "\((seconds * 10).rounded() / 10) s"
  case ..<120: "\(Int(seconds.rounded())) s"
  default: "\(Int(seconds.rounded()) / 60) min \(Int(seconds.rounded()) % 60) s"
  }
}

/// `950`, `81.2 k`, `3.5 M`, `2.0 G`.
func formatted(count: Int) -> String {
  var value = Double(count)
  guard value >= 1000 else { return "\(count)" }
  for unit in ["k", "M", "G"] {
    value /= 1000
    let rounded = (value * 10).rounded() / 10
    if rounded < 1000 || unit == "G" { return "\(rounded) \(unit)" }
  }
  return "\(count)"
}

/// `1 skill`, `2 skills`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) " + (count == 1 ? noun : plural ?? noun + "s")
}

/// Rows as columns two spaces apart, the last one ragged, without spaces at the ends of lines.
func columns(_ rows: [[String]]) -> String {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { $0 == row.count - 1 ? $1 : $1.padded(to: widths[$0]) }
    var line = cells.joined(separator: "  ")
    while line.hasSuffix(" ") { line.removeLast() }
    return line + "\n"
  }.joined()
}

extension String {
  /// The words of the text in lines of at most `width` characters; a longer word has its own line.
  func wrapped(to width: Int) -> String {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
