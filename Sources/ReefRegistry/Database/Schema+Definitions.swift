import ReefMachine

/// What a file defines beside its rows. Views, triggers and some tables are programs, and a stranger's file
/// may have some that never end or that write what they like; so a registry has those of its schema or is
/// none.
extension Schema {
  /// A table, a view, an index or a trigger, as SQLite keeps it.
  struct Definition: Hashable, Sendable {
    let kind: String
    let name: String
    let sql: String
    /// The same without what a release of SQLite may write otherwise: quotes and white space.
    private let form: [UInt8]

    init(kind: String, name: String, sql: String) {
      self.kind = kind
      self.name = name
      self.sql = sql
      form = sql.utf8.filter { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: "\"") }
    }

    var label: String { "the \(kind) \(name)" }

    static func == (left: Definition, right: Definition) -> Bool {
      left.kind == right.kind && left.name == right.name && left.form == right.form
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      hasher.combine(form)
    }
  }

  /// What the file of `database` has.
  struct Deviations {
    /// What is not Reef's, or not as Reef would have it.
    let foreign: [Definition]
    /// What Reef would have, and is not there, or not so.
    let missing: [Definition]

    /// Whether all that is read is where Reef would have it.
    var isReadable: Bool {
      (foreign + missing).allSatisfy { ["index", "trigger"].contains($0.kind) }
    }

    var problems: [RegistryProblem] {
      let replaced = Set(foreign.map(\.name))
      let reasons =
        foreign.map { "\($0.label) is not as Reef makes it" }
        + missing.filter { !replaced.contains($0.name) }.map { "\($0.label) is gone" }
      return reasons.map { RegistryProblem(subject: "the file", reason: $0) }
    }
  }

  /// How the file differs from a new one of the same schema. Tables and views that Reef has no use for
  /// are left out: nothing leads to them.
  static func deviations(
    of database: Database, schema: Int = Schema.version
  ) throws(RegistryError) -> Deviations {
    let own = schema == version ? try newest.get() : try Store.definitions(ofSchema: schema)
    let found = try definitions(in: database)
    let names = Set(own.map(\.name))
    return Deviations(
      foreign: found.subtracting(own).filter {
        names.contains($0.name) || ["trigger", "index"].contains($0.kind)
      }.sorted { $0.name < $1.name },
      missing: own.subtracting(found).sorted { $0.name < $1.name })
  }

  /// Without SQLite's own, and without the tables in which FTS5 keeps what it finds: how it defines
  /// those is the release's affair.
  static func definitions(in database: Database) throws(RegistryError) -> Set<Definition> {
    Set(
      try database.rows(
        """
        SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite@_%' ESCAPE '@'
          AND NOT (type = 'table' AND name LIKE 'search@_%' ESCAPE '@')
        """
      ) { Definition(kind: $0.text(0), name: $0.text(1), sql: $0.text(2)) })
  }

  /// Refuses a file that would run what is not Reef's.
  static func refusePrograms(of database: Database, schema: Int) throws(RegistryError) {
    let foreign = try deviations(of: database, schema: schema).foreign
    if let program = foreign.first(where: { $0.kind != "index" }) {
      throw .registryDamaged(
        path: database.path, reason: "\(program.label) is not as Reef makes it")
    }
  }

  private static let newest = Result { () throws(RegistryError) in
    try Store.definitions(ofSchema: version)
  }
}

extension Store {
  /// What a new file of a schema has.
  fileprivate static func definitions(
    ofSchema schema: Int
  ) throws(RegistryError) -> Set<Schema.Definition> {
    let store = try Store(inMemoryWithSchema: schema)
    return try Schema.definitions(in: store.database)
  }

  /// Brings back the views, indexes and triggers of the schema, and of its tables those whose rows can
  /// be made anew from objects.
  func restoreDefinitions() throws(RegistryError) {
    let deviations = try Schema.deviations(of: database)
    let kept = (deviations.foreign + deviations.missing).first {
      $0.kind == "table" && !Store.derivedTables.contains($0.name)
    }
    if let kept {
      throw damaged("\(kept.label) is not as Reef makes it, and its rows cannot be made anew")
    }
    for definition in deviations.foreign {
      try database.run("DROP \(definition.kind.uppercased()) IF EXISTS \"\(definition.name)\"")
    }
    // Tables before what is defined on them.
    for definition in deviations.missing.sorted(by: { $0.rank < $1.rank }) {
      try database.run(definition.sql)
    }
  }

  /// The tables that `rebuildIndex` fills.
  private static let derivedTables: Set = ["claims", "edges", "parts", "quarantine", "search"]
}

extension Schema.Definition {
  fileprivate var rank: Int { ["table", "index", "view", "trigger"].firstIndex(of: kind) ?? 0 }
}
