extension Library {
  /// The library root: one digest for all that a search can see of the library.
  public func root() throws -> Digest { libraryRoot(of: try skills()) }
}

/// The digest of the names, summaries and digests of `skills`, whatever their order: two searches
/// with equal roots see the same library. Versions, which are local, do not count.
///
/// - Complexity: O(n log n) for n skills.
public func libraryRoot(of skills: some Sequence<Skill>) -> Digest {
  let lines = skills.map { skill in
    Array(
      JSON.array([.string(skill.name), .string(skill.summary), .string(skill.digest.hex)]).text.utf8
    )
  }
  var hasher = SHA256()
  hasher.update("reef.library\n".utf8)
  for line in lines.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
    hasher.update(line)
    hasher.update("\n".utf8)
  }
  return hasher.finalize()
}
