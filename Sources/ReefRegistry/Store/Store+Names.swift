import Foundation
import ReefMachine

/// What people do to names. Nothing of it touches an entry.
enum MoveKind: String, Sendable {
  /// `word` is an alias of a version from now on, or of none where the version is 0.
  case alias
  /// The name is not listed, searched or learned with any more.
  case retire
  case revive
  /// The name has become `word`.
  case rename
  /// The version was collected as garbage.
  case collect
}

extension Store {
  /// Who works here: what the system calls the user.
  static let author: String = {
    let environment = ProcessInfo.processInfo.environment
    let names = [environment["USER"], environment["LOGNAME"], NSUserName()]
    return names.lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "user \(geteuid())"
  }()

  /// In seconds since 1970.
  static var now: Int { Int(Date().timeIntervalSince1970) }

  func move(
    _ name: String, _ kind: MoveKind, word: String = "", version: Int = 0
  ) throws(RegistryError) {
    let move = MoveRow(
      name: name, kind: kind, word: word, version: version, at: Store.now, author: Store.author)
    try database.run(
      """
      INSERT INTO moves (name, kind, word, version, at, author, seal) VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(move.name), .text(move.kind.rawValue), .text(move.word), .int(move.version),
        .int(move.at), .text(move.author), .int(move.seal),
      ])
    forget()
  }

  func isRetired(_ name: String) throws(RegistryError) -> Bool {
    try database.first(
      """
      SELECT kind FROM moves WHERE name = ? AND kind IN ('retire', 'revive')
      ORDER BY id DESC LIMIT 1
      """, [.text(name)]
    ) { $0.text(0) } == MoveKind.retire.rawValue
  }

  /// The name as it was first written; nil where the registry does not have it.
  func spelling(of name: String) throws(RegistryError) -> String? {
    try database.first("SELECT name FROM names WHERE name = ? LIMIT 1", [.text(name)]) {
      $0.text(0)
    }
  }

  /// Whether the version is, or was before it was collected, one of the name's.
  func everHad(_ version: Int, of name: String) throws(RegistryError) -> Bool {
    if try hasVersion(version, of: name) { return true }
    return try database.integer(
      "SELECT count(*) FROM moves WHERE name = ? AND kind = 'collect' AND version = ?",
      [.text(name), .int(version)]) > 0
  }

  /// Every row of `names`, by name and version, with its seal as it is kept.
  func nameRows() throws(RegistryError) -> [(id: Int, row: NameRow, seal: Int)] {
    try database.rows(
      """
      SELECT names.id, name, version, code.digest, said.digest, generation, origin, at, author, seal,
        microseconds
      FROM names JOIN digests AS code ON code.id = skill JOIN digests AS said ON said.id = claim
      ORDER BY name, version
      """
    ) { (row) throws(RegistryError) in
      (
        id: row.int(0),
        row: NameRow(
          name: row.text(1), version: row.int(2), skill: try row.digest(3),
          claim: try row.digest(4), generation: row.int(5),
          origin: Origin(rawValue: row.text(6)) ?? .grown, at: row.int(7), author: row.text(8),
          microseconds: row.int(10)),
        seal: row.int(9)
      )
    }
  }

  /// The history of a name, or of all, in order.
  func moves(of name: String? = nil) throws(RegistryError) -> [(row: MoveRow, seal: Int)] {
    let condition = name == nil ? "" : "WHERE name = ?"
    return try database.rows(
      """
      SELECT name, kind, word, version, at, author, seal FROM moves \(condition) ORDER BY id
      """, name.map { [.text($0)] } ?? []
    ) { (row) throws(RegistryError) in
      guard let kind = MoveKind(rawValue: row.text(1)) else {
        throw damaged("the history of \(row.text(0)) has something unknown")
      }
      return (
        MoveRow(
          name: row.text(0), kind: kind, word: row.text(2), version: row.int(3), at: row.int(4),
          author: row.text(5)), row.int(6)
      )
    }
  }

  /// Where the aliases of a name point, each as it was written last.
  func aliases(of name: String) throws(RegistryError) -> [String: Int] {
    var aliases: [String: (word: String, version: Int)] = [:]
    for move in try moves(of: name).map(\.row) where move.kind == .alias {
      aliases[move.word.lowercased()] = move.version == 0 ? nil : (move.word, move.version)
    }
    return Dictionary(uniqueKeysWithValues: aliases.values.map { ($0.word, $0.version) })
  }

  /// Where an alias of a name points; nil where it does not point anywhere.
  func version(of name: String, alias: String) throws(RegistryError) -> Int? {
    let version = try database.first(
      """
      SELECT version FROM moves WHERE name = ? AND kind = 'alias' AND word = ? COLLATE NOCASE
      ORDER BY id DESC LIMIT 1
      """, [.text(name), .text(alias)]
    ) { $0.int(0) }
    return version == 0 ? nil : version
  }
}

/// A row of the table `moves`.
struct MoveRow: Hashable, Sendable {
  let name: String
  let kind: MoveKind
  let word: String
  let version: Int
  let at: Int
  let author: String

  /// As `NameRow.seal`.
  var seal: Int {
    makeSeal([
      .string(name), .string(kind.rawValue), .string(word), .int(version), .int(at),
      .string(author),
    ])
  }
}
