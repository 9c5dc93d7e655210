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
      var form: [UInt8] = []
      var isInText = false
      for byte in sql.utf8 {
        if byte == UInt8(ascii: "'") { isInText.toggle() }
        if isInText || byte > UInt8(ascii: " ") && byte != UInt8(ascii: "\"") { form.append(byte) }
      }
      self.form = form
    }

    var label: String { "the \(kind) \(name)" }

    /// Whether it computes what it seems to hold.
    var isVirtual: Bool { form.starts(with: "CREATEVIRTUAL".utf8) }

    static func == (left: Definition, right: Definition) -> Bool {
      left.kind == right.kind && left.name == right.name && left.form == right.form
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      hasher.combine(form)
    }
  }

  /// How a file differs from a new one.
  struct Deviations {
    /// What is not Reef's, or not as Reef would have it.
    let foreign: [Definition]
    /// What Reef would have, and is not there, or not so.
    let missing: [Definition]

    /// Whether all that is read is where Reef would have it.
    var isReadable: Bool {
      (foreign + missing).allSatisfy { ["index", "trigger"].contains($0.kind) }
    }

    /// Clauses, those about indexes last, which only make things slow.
    var reasons: [String] {
      let replaced = Set(foreign.map { $0.name.lowercased() })
      let gone = missing.filter { !replaced.contains($0.name.lowercased()) }
      return (foreign.map { ($0, "is not as Reef makes it") } + gone.map { ($0, "is gone") })
        .sorted { $0.0.kind != "index" && $1.0.kind == "index" }
        .map { "\($0.label) \($1)" }
    }

    /// Whether Reef would run what is not its own, or without what keeps rows as they are.
    var areHarmful: Bool { (foreign + missing).contains { $0.kind != "index" } }
  }

  /// How the file differs from a new one of the same schema. Plain tables that Reef has no use for are
  /// left out: nothing leads to them.
  static func deviations(
    of database: Database, schema: Int = Schema.version
  ) throws(RegistryError) -> Deviations {
    let own = schema == version ? try newest.get() : try Store.definitions(ofSchema: schema)
    let found = try definitions(in: database)
    // To SQLite capitals make no other name.
    let names = Set(own.map { $0.name.lowercased() })
    return Deviations(
      foreign: found.subtracting(own).filter {
        $0.kind != "table" || $0.isVirtual || names.contains($0.name.lowercased())
      }.sorted { $0.name < $1.name },
      missing: own.subtracting(found).sorted { $0.name < $1.name })
  }

  /// Without SQLite's own, and without the tables in which FTS5 keeps what it finds: how it defines
  /// those is the release's affair.
  static func definitions(in database: Database) throws(RegistryError) -> Set<Definition> {
    Set(
      try database.rows(
        """
        SELECT type, name, sql FROM sqlite_schema WHERE NOT (type = 'index' AND sql IS NULL)
          AND NOT (type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name IN (
            'sqlite_sequence', 'sqlite_stat1', 'sqlite_stat2', 'sqlite_stat3', 'sqlite_stat4',
            'search_data', 'search_idx', 'search_docsize', 'search_config'))
        """
      ) { Definition(kind: $0.text(0), name: $0.text(1), sql: $0.text(2)) })
  }

  /// Refuses a file that would run what is not Reef's, or that nothing keeps as it is.
  static func refuseHarm(of database: Database, schema: Int) throws(RegistryError) {
    let deviations = try deviations(of: database, schema: schema)
    if deviations.areHarmful {
      throw .registryDamaged(path: database.path, reason: deviations.reasons[0])
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
    let kept = deviations.missing.first {
      $0.kind == "table" && !Store.derivedTables.contains($0.name)
    }
    if let kept {
      throw damaged("\(kept.label) is not as Reef makes it, and its rows cannot be made anew")
    }
    for definition in deviations.foreign {
      let name = definition.name.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"")
      try database.run("DROP \(definition.kind.uppercased()) IF EXISTS \"\(name)\"")
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
