import ReefMachine

/// A frozen library with the guide that admits its skills to searches: what trials share.
package struct TrialLibrary: Sendable {
  let guide: Guide

  /// - Complexity: O(words of all names and summaries).
  package init(_ skills: [Skill]) { self.init(FrozenLibrary(skills)) }

  private init(_ library: FrozenLibrary) { guide = Guide(library: library) }

  /// Without those skills and all that calls them, however far up.
  package func excluding(_ digests: Set<Digest>) -> TrialLibrary {
    TrialLibrary(guide.library.excluding(digests))
  }
}
