import Foundation
import ReefMachine

/// Ranks skills by how well their names and summaries fit a text: BM25 (Robertson and Zaragoza
/// 2009, doi:10.1561/1500000019) over lower-case words without plural endings, camel case split.
///
/// The registry's full-text index ranks for people; this one ranks for learners, because it must
/// see the frozen library and nothing else, or a resumed growth would not repeat itself.
struct LexicalIndex {
  private let skills: [Skill]
  private let documents: [[String: Int]]
  private let lengths: [Double]
  private let documentCounts: [String: Int]

  init(_ skills: [Skill]) {
    self.skills = skills
    documents = skills.map { skill in
      LexicalIndex.words(skill.name + " " + skill.summary).reduce(into: [:]) {
        $0[$1, default: 0] += 1
      }
    }
    lengths = documents.map { Double($0.values.reduce(0, +)) }
    documentCounts = documents.reduce(into: [:]) { counts, document in
      for word in document.keys { counts[word, default: 0] += 1 }
    }
  }

  /// The skills that share a word with the text, best first, ties broken by digest.
  func rank(_ text: String) -> [Skill] {
    let query = Set(LexicalIndex.words(text)).sorted()
    let meanLength = max(1, lengths.reduce(0, +) / Double(max(1, lengths.count)))
    var scored: [(score: Double, index: Int)] = []
    for (index, document) in documents.enumerated() {
      var score = 0.0
      for word in query {
        guard let count = document[word].map(Double.init) else { continue }
        let n = Double(documentCounts[word] ?? 0)
        let rarity = log(1 + (Double(skills.count) - n + 0.5) / (n + 0.5))
        score += rarity * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[index] / meanLength))
      }
      if score > 0 { scored.append((score, index)) }
    }
    return scored.sorted {
      $0.score != $1.score
        ? $0.score > $1.score : skills[$0.index].digest < skills[$1.index].digest
    }.map { skills[$0.index] }
  }

  private static let ignored: Set<String> = [
    "the", "of", "a", "an", "and", "or", "to", "in", "is", "are", "it", "its", "by", "for", "with",
    "that", "this", "as", "at", "on", "from", "each", "if", "where", "which", "no", "not", "one",
  ]

  /// Without the ending of a plural: the S stemmer (Harman 1991).
  private static func stem(_ word: String) -> String {
    guard word.count > 3, word.hasSuffix("s") else { return word }
    if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
    let isPlural = !word.hasSuffix("ss") && !word.hasSuffix("us") && !word.hasSuffix("is")
    return isPlural ? String(word.dropLast()) : word
  }

  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var current = ""
    func end() {
      if current.count > 1, !ignored.contains(current) { words.append(stem(current)) }
      current = ""
    }
    for character in text {
      if character.isLetter {
        if character.isUppercase { end() }
        current += character.lowercased()
      } else if character.isNumber {
        current.append(character)
      } else {
        end()
      }
    }
    end()
    return words
  }
}
