import ReefMachine
import ReefTasks
import Testing

@testable import ReefRegistry

@Suite struct SearchTests {
  let registry: Registry
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    registry = try Registry(path: folder.file())
    _ = try registry.register([
      try adding(1, name: "graph.bfsDistances", summary: "The distance of every vertex."),
      try adding(2, name: "graph.reachable", summary: "Whether a walk leads to each vertex."),
      try adding(3, name: "sorting.sort", summary: "The numbers in ascending order."),
      try adding(4, name: "sorting.isSorted", summary: "Whether the numbers ascend."),
    ])
  }

  @Test(
    "Words find names by their parts, and summaries by their stems",
    arguments: [
      ("bfs", ["graph.bfsDistances"]), ("bfsdistances", ["graph.bfsDistances"]),
      ("distances", ["graph.bfsDistances"]), ("walks", ["graph.reachable"]),
      ("SORT!", ["sorting.isSorted", "sorting.sort"]), ("nothing like it", []), ("", []),
      ("far vertex, near vertex", ["graph.bfsDistances", "graph.reachable"]),
    ])
  func words(query: String, expected: [String]) throws {
    #expect(try registry.search(query, limit: 10).map(\.name).sorted() == expected)
  }

  @Test("The best comes first, and a name counts more than a summary")
  func ranking() throws {
    #expect(try registry.search("sorting order", limit: 1).map(\.name) == ["sorting.sort"])
    #expect(try registry.search("reachable vertex", limit: 1).map(\.name) == ["graph.reachable"])
    #expect(try registry.search("vertex", limit: 0) == [])
  }

  @Test("A word that many names fit says nothing beside a rarer one; of such words all must fit")
  func commonWords() throws {
    func found(_ text: String, many: Int) throws -> [String] {
      try registry.reading { (store) throws(RegistryError) in
        let ids = try store.search(SearchWords.terms(text), nil, limit: 9, many: many)
        return try store.skills(named: ids).map(\.name).sorted()
      }
    }
    // Two names fit "whether", two "sorting", one "walk", two "vertex".
    #expect(try found("whether walk", many: 2) == ["graph.reachable", "sorting.isSorted"])
    #expect(try found("whether walk", many: 1) == ["graph.reachable"])
    #expect(try found("whether vertex", many: 1) == ["graph.reachable"])
    #expect(try found("whether sorting vertex", many: 1) == [])
  }

  @Test(
    "Types find skills, and the name of a declared type finds whatever is declared under it",
    arguments: [
      ("(tree(int)) -> int", ["trees.depth", "trees.sum"]),
      ("(a, tree(b)) -> tree(b)", ["trees.put"]),
      ("(tree(bool)) -> int", []), ("(tree) -> int", []), ("(trees(int)) -> int", []),
      ("([tree(int)]) -> int", []), ("(b, tree(c)) -> tree(b)", []),
    ])
  func types(text: String, expected: [String]) throws {
    let other = "type tree(a) = none | fork(tree(a), tree(a)) | tip(a)"
    func skill(_ name: String, _ signature: String, _ result: String) throws -> NewSkill {
      let code = try SkillCode(parsing: "\(other)\nskill \(signature)\n  return \(result)\n")
      return NewSkill(
        name: name, summary: "", code: code, tests: [], certificate: try adding(1).certificate,
        provenance: try adding(1).provenance)
    }
    _ = try registry.register(
      try EarlierReef.treeSum() + [
        skill("trees.depth", "(t: tree(int)) -> int", "0"),
        skill("trees.put", "(x: b, t: tree(a)) -> tree(a)", "t"),
      ])
    let type = try Type(parsing: text, acceptsUndeclared: true)
    #expect(try registry.search("", type: type, limit: 9).map(\.name).sorted() == expected)
    #expect(try registry.check() == [])
  }

  @Test("Ties are broken by digest")
  func ties() throws {
    let twins = try registry.register(
      (100..<120).map { try adding($0, name: "twin.n\($0)") })
    let found = try registry.search("twin", limit: 7)
    #expect(found.map(\.digest) == Array(twins.map(\.digest).sorted().prefix(7)))
  }

  @Test(
    "Any text is a query",
    arguments: [
      "\"", "'", "a AND", "NEAR(", "name:x", "x*", "^x", "(", ")", "-", "\0", "a\0b", "x\" OR \"y",
      "½ ² 🪸 é e\u{301} ß İ",
    ])
  func anyText(query: String) throws {
    _ = try registry.search(query, limit: 3)
  }

  @Test("Long text is a query")
  func longText() throws {
    let sorting = "sorting "
    #expect(try registry.search(String(repeating: sorting, count: 10_000), limit: 3).count == 2)
    let words = (0..<1_000).map { "w\($0)" }.joined(separator: " ")
    #expect(try registry.search(sorting + words, limit: 3).count == 2)
    #expect(try registry.search(String(repeating: "a", count: 1 << 20), limit: 3).isEmpty)
  }
}

@Suite struct LookupTests {
  let registry: Registry
  let folder: TemporaryFolder
  let skills: [Skill]

  init() throws {
    folder = try TemporaryFolder()
    registry = try Registry(path: folder.file())
    skills = try registry.register([
      try adding(1, name: "sorting.sort"), try adding(2, name: "sorting.sort"),
      try adding(3, name: "sorting.merge"), try adding(4, name: "sorting.abcdef01"),
    ])
  }

  @Test("A name, a version and the start of a digest lead to a skill")
  func references() throws {
    #expect(try registry.resolve("sorting.sort") == skills[1])
    #expect(try registry.resolve("sorting.sort@latest") == skills[1])
    #expect(try registry.resolve("sorting.sort@1") == skills[0])
    #expect(try registry.resolve(skills[2].digest.hex) == skills[2])
    #expect(try registry.resolve(skills[2].digest.short) == skills[2])
    #expect(try registry.resolve(String(skills[2].digest.hex.prefix(9))) == skills[2])
    #expect(try registry.resolve("sorting.sort@LATEST") == skills[1])
  }

  @Test(
    "A name that could be taken for a digest is none",
    arguments: ["abcdef01", "ABCDEF0123", String(repeating: "0", count: 64)])
  func digestLikeNames(name: String) throws {
    let reason = "it could be taken for the first digits of a digest"
    let error = registryError { _ = try registry.register([try adding(5, name: name)]) }
    #expect(error == .invalidSkill(name, reason: reason))
    #expect(
      registryError { try registry.rename("sorting.merge", to: name) }
        == .invalidName(name, reason: reason))
  }

  @Test(
    "What leads to nothing says so, with the closest name",
    arguments: [
      ("sorting.sotr", "sorting.sort"), ("merge", "sorting.merge"), ("quite.other", nil),
      ("", nil), ("@", nil), ("0000000", nil),
      ("00000000", nil), (String(repeating: "0", count: 65), nil), ("'; DROP TABLE names", nil),
    ] as [(String, String?)])
  func notFound(reference: String, closest: String?) {
    #expect(
      registryError { _ = try registry.resolve(reference) }
        == .skillNotFound(reference, closest: closest))
  }

  @Test("An alias that is not there says so, with the closest one")
  func noSuchAlias() throws {
    try registry.setAlias("stable", of: "sorting.sort", to: 1)
    #expect(
      registryError { _ = try registry.resolve("sorting.sort@two") }
        == .aliasNotFound(
          name: "sorting.sort", alias: "two", reason: "no alias of it is called so"))
    #expect(
      registryError { _ = try registry.resolve("sorting.sort@stabel") }
        == .aliasNotFound(
          name: "sorting.sort", alias: "stabel",
          reason: "no alias of it is called so; did you mean 'stable'?"))
    #expect(try registry.resolve("sorting.sort@STABLE") == skills[0])
  }

  @Test("A version that is not there is no skill", arguments: [0, 3, -1, Int.max])
  func noSuchVersion(version: Int) {
    #expect(
      registryError { _ = try registry.resolve("sorting.sort@\(version)") }
        == .versionNotFound(name: "sorting.sort", version: version, latest: 2))
  }

  @Test("The start of two digests is ambiguous")
  func ambiguous() throws {
    // Two digests with eight equal digits take 2^16 tries; planting an object is quicker.
    let database = try Database(path: folder.file(), mode: .existing)
    let target = skills[2].digest
    let twin = try #require(
      Digest(hex: target.hex.dropLast() + (target.hex.hasSuffix("0") ? "1" : "0")))
    try database.run("INSERT INTO digests (digest) VALUES (?)", [.digest(twin)])
    try database.run(
      "INSERT INTO objects (id, kind, codec, size, bytes) VALUES (?, 'skill', 'raw', 0, ?)",
      [.int(database.lastInsertedID), .bytes([])])
    let error = registryError { _ = try registry.resolve(target.short) }
    guard case .ambiguousReference(target.short, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try registry.resolve(target.hex) == skills[2])
  }
}

@Suite struct LineageTests {
  @Test("Lineage is that of a slow walk over all code", arguments: UInt64(0)..<10)
  func againstReference(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let registry = try Registry(path: folder.file())
    let skills = try registry.register(try randomLibrary(count: 16, seed: seed))
    let reference = SlowLineage(skills)
    for node in reference.nodes {
      #expect(try registry.parents(of: node) == reference.parents[node, default: []])
      #expect(
        try registry.parents(of: node, deep: true).sorted() == reference.allParts(of: node))
      let users = reference.nodes.filter { reference.parents[$0, default: []].contains(node) }
      #expect(try registry.users(of: node) == users)
      let allUsers = reference.nodes.filter { reference.allParts(of: $0).contains(node) }
      #expect(try registry.users(of: node, deep: true).sorted() == allUsers)
    }
    for user in reference.nodes {
      for part in reference.nodes {
        let path = try registry.path(from: user, to: part)
        #expect(path?.count == reference.distance(from: user, to: part).map { $0 + 1 })
        guard let path else { continue }
        #expect(path.first == user && path.last == part)
        for (user, part) in zip(path, path.dropFirst()) {
          #expect(reference.parents[user, default: []].contains(part))
        }
      }
    }
  }

  @Test("A closure from memory is that of SQL, before and after the library grows")
  func graph() throws {
    let registry = try Registry(inMemory: ())
    var skills = try registry.register(try randomLibrary(count: 30, seed: 5))
    for round in 0..<3 {
      let bundle = try registry.wholeBundle()
      for node in skills.suffix(6).map(\.digest) + [atom("int.add")] {
        // The first few of a state are answered by SQL, the others from memory.
        let slow = try Registry(inMemory: ())
        _ = try slow.add(bundle)
        #expect(
          try registry.parents(of: node, deep: true).sorted()
            == slow.parents(of: node, deep: true).sorted())
        #expect(
          try registry.users(of: node, deep: true).sorted()
            == slow.users(of: node, deep: true).sorted())
      }
      skills += try registry.register([
        try newSkill(
          "late.skill\(round)", "(x: int) -> int\n  s0 = {0} x\n  s1 = {1} s0\n  return s1",
          parents: [skills[round].digest, skills[29].digest])
      ])
    }
  }

  @Test(
    "A closure needs no order of numbers: those of any graph, from SQL and from memory",
    arguments: seeds(8))
  func anyGraph(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let folder = try TemporaryFolder()
    let registry = try Registry(path: folder.file())
    let database = try Database(path: folder.file(), mode: .existing)
    // Rows far apart, in circles, many or few for a number: what no library has. A connection of
    // SQLite's own making does not look at references.
    let digests = (0..<60).map { SHA256.hash("\(seed) \($0)".utf8) }
    let stride = 1 + 40 * Int(seed % 8)
    let numbers: [Int] = (0..<60).map { 1 + stride * $0 * random.int(in: 1...2) }
    var places: [Int: Digest] = [:]
    for (number, digest) in zip(numbers, digests) where places[number] == nil {
      places[number] = digest
      try database.run(
        "INSERT INTO digests (id, digest) VALUES (?, ?)", [.int(number), .digest(digest)])
    }
    let nodes = places.keys.sorted()
    var edges: Set<[Int]> = []
    for position in 0..<random.int(in: 20...120) {
      let edge = [0, 1].map { _ in nodes[random.int(in: 0...(nodes.count - 1))] }
      guard edges.insert(edge).inserted else { continue }
      try database.run(
        "INSERT INTO edges (user, position, parent) VALUES (?, ?, ?)",
        [.int(edge[0]), .int(position), .int(edge[1])])
    }
    func reference(_ start: Int, from: Int, to: Int) -> [Digest] {
      var reached: Set<Int> = []
      var open = [start]
      while let node = open.popLast() {
        for edge in edges where edge[from] == node && reached.insert(edge[to]).inserted {
          open.append(edge[to])
        }
      }
      return reached.sorted().compactMap { places[$0] }
    }
    for node in nodes {
      // The first of a connection are answered by SQL, the others from memory.
      let fresh = try Registry(path: folder.file(), access: .reading)
      for registry in [fresh, registry] {
        let digest = try #require(places[node])
        #expect(
          try registry.parents(of: digest, deep: true) == reference(node, from: 0, to: 1))
        #expect(try registry.users(of: digest, deep: true) == reference(node, from: 1, to: 0))
      }
    }
  }

  @Test("What the registry does not know has no lineage")
  func unknown() throws {
    let folder = try TemporaryFolder()
    let registry = try Registry(path: folder.file())
    let nobody = SHA256.hash("nobody".utf8)
    #expect(try registry.parents(of: nobody, deep: true) == [])
    #expect(try registry.users(of: nobody, deep: true) == [])
    #expect(try registry.path(from: nobody, to: nobody) == nil)
  }
}

/// Lineage straight from the code, by repeated relaxation.
private struct SlowLineage {
  /// Skills and atoms, by digest.
  let nodes: [Digest]
  let parents: [Digest: [Digest]]
  private let distances: [Digest: [Digest: Int]]

  init(_ skills: [Skill]) {
    let parents = Dictionary(uniqueKeysWithValues: skills.map { ($0.digest, $0.code.callees) })
    let nodes = Set(parents.keys).union(parents.values.joined()).sorted()
    var distances: [Digest: [Digest: Int]] = [:]
    for node in nodes { distances[node] = [node: 0] }
    for _ in nodes {
      for node in nodes {
        for parent in parents[node, default: []] {
          for (part, distance) in distances[parent]! {
            distances[node]![part] = min(distances[node]![part] ?? .max, distance + 1)
          }
        }
      }
    }
    self.nodes = nodes
    self.parents = parents
    self.distances = distances
  }

  func distance(from user: Digest, to part: Digest) -> Int? { distances[user]![part] }

  func allParts(of node: Digest) -> [Digest] {
    distances[node]!.filter { $0.value > 0 }.map(\.key).sorted()
  }
}
