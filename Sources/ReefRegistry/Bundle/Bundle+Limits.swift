import ReefMachine

extension Bundle {
  /// What a bundle may have at most, so that a stranger's one takes no more memory than that.
  struct Limits: Sendable {
    /// In bytes.
    var size = 1 << 30
    var partCount = Zip.maximumEntryCount
    /// In bytes, as the other parts.
    var manifestSize = 64 << 20
    /// The labels of a text form may make it longer than the canonical text, but not so much longer.
    var codeSize = 8 * SkillCode.maximumTextSize
    var testsSize = TestCase.maximumTextSize
  }
}
