import ReefMachine

/// Schema 5: the digest of test data covers their kind, as those of the other objects do, and claims name
/// them by it. Search knows declared types. What a search took is kept.
extension Schema {
  /// What is damaged stays as it is, under the digest that it had; `mend` knows of that.
  static func makeFifth(_ store: Store) throws(RegistryError) {
    // What the search for the skill took, 0 where nobody knows: local, as the time and the author are.
    try store.database.run("ALTER TABLE names ADD COLUMN microseconds INTEGER NOT NULL DEFAULT 0")
    let data = try store.objects(.tests)
    guard !data.isEmpty else { return }
    try store.unprotected { () throws(RegistryError) in
      let sealed = try store.sealedNames()
      // By the digest that test data had.
      var tests: [Digest: Digest] = [:]
      for (id, digest) in data {
        guard let stored = try store.stored(.tests, id), let bytes = try store.unpacked(stored),
          SHA256.hash(bytes) == digest
        else { continue }
        tests[digest] = Store.ObjectKind.tests.digest(of: bytes)
        try store.redirect(id, to: tests[digest]!)
      }
      for (id, digest) in try store.objects(.claim) {
        guard
          var claim = try store.unlessDamaged({ () throws(RegistryError) in try store.claim(id) }),
          claim.digest == digest, let new = tests[claim.tests]
        else { continue }
        claim.tests = new
        try store.replace(id, .claim, Array(claim.text.utf8), width: nil)
        try store.redirect(id, to: claim.digest)
      }
      try store.seal(sealed)
      try store.rebuildSearch()
    }
  }
}
