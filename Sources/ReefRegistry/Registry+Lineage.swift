import ReefMachine

/// Who calls whom. The code of a skill cannot change, so neither can its parents; they were
/// registered before it, so there are no cycles. Atoms are parents without parents.
extension Registry {
  /// The skills and atoms that `digest` calls: in the order of its code; or, if `deep`, all that it
  /// is made of at any depth, in the order in which they came into this registry.
  ///
  /// - Complexity: O(edges followed · log edges); who asks often, of one state of the registry, is
  ///   answered from memory in O(edges followed).
  public func parents(of digest: Digest, deep: Bool = false) throws(RegistryError) -> [Digest] {
    try reading { (store) throws(RegistryError) in
      deep ? try store.closure(of: digest, .parents) : try store.parents(of: digest)
    }
  }

  /// The skills that call `digest`, an entry or an atom, in the order of their digests; or, if `deep`,
  /// also those that call them, and so on, in the order in which they came into this registry.
  ///
  /// - Complexity: As that of `parents`.
  public func users(of digest: Digest, deep: Bool = false) throws(RegistryError) -> [Digest] {
    try reading { (store) throws(RegistryError) in
      deep
        ? try store.closure(of: digest, .users)
        : try store.digests(
          """
          SELECT used.digest FROM edges JOIN digests ON digests.id = parent
          JOIN digests AS used ON used.id = user WHERE digests.digest = ? ORDER BY used.digest
          """, digest)
    }
  }

  /// The atom with that digest: the machine's own, or one of a type that a skill declares; nil where it
  /// is none that the machine or a skill here knows.
  public func calledAtom(_ digest: Digest) throws(RegistryError) -> Atom? {
    if let atom = Atoms.with(digest) { return atom }
    guard let user = try users(of: digest).first else { return nil }
    return try skill(digest) == nil ? try skill(user)?.code.atom(digest) : nil
  }

  /// A shortest chain of calls from `user` down to `part`, both included, or nil where `user` is not
  /// made of `part`. Among equally short chains, the one whose calls stand first in the code.
  ///
  /// - Complexity: O(edges below `user` · log edges).
  public func path(from user: Digest, to part: Digest) throws(RegistryError) -> [Digest]? {
    try reading { (store) throws(RegistryError) in
      guard try store.digestID(user) != nil else { return nil }
      // Breadth first, each skill reached once, by its first caller.
      var callers: [Digest: Digest] = [user: user]
      var queue = [user]
      var next = 0
      while callers[part] == nil, next < queue.count {
        for parent in try store.parents(of: queue[next]) where callers[parent] == nil {
          callers[parent] = queue[next]
          queue.append(parent)
        }
        next += 1
      }
      guard callers[part] != nil else { return nil }
      var path = [part]
      while let caller = callers[path[path.count - 1]], caller != path[path.count - 1] {
        path.append(caller)
      }
      return path.reversed()
    }
  }
}

extension Store {
  func parents(of digest: Digest) throws(RegistryError) -> [Digest] {
    try digests(
      """
      SELECT called.digest FROM edges JOIN digests ON digests.id = user
      JOIN digests AS called ON called.id = parent WHERE digests.digest = ? ORDER BY position
      """, digest)
  }
}
