import ReefMachine

/// Why a stored or imported text is not what it should be: a clause, such as `"seed" is no int`.
struct RecordError: Error, Hashable, Sendable {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  /// Runs `body`; the sentence of its error, after `context`, is the reason.
  static func wrapping<T, Failure: Error>(
    _ context: String = "", _ body: () throws(Failure) -> T
  ) throws(RecordError) -> T {
    do {
      return try body()
    } catch {
      throw RecordError("\(context)\(error)")
    }
  }
}

extension String {
  func parsed() throws(RecordError) -> JSON {
    try RecordError.wrapping { () throws(ParseError) in try JSON(parsing: self) }
  }
}

extension JSON {
  /// The member `name` as `read` takes it; nil from `read` means that it is no `kind`.
  func member<T>(
    _ name: String, _ kind: String, _ read: (JSON) -> T?
  ) throws(RecordError) -> T {
    guard let member = self[name] else { throw RecordError("\"\(name)\" is missing") }
    guard let value = read(member) else { throw RecordError("\"\(name)\" is no \(kind)") }
    return value
  }

  func int(_ name: String) throws(RecordError) -> Int { try member(name, "int") { $0.int } }

  func string(_ name: String) throws(RecordError) -> String {
    try member(name, "string") { $0.string }
  }

  func array(_ name: String) throws(RecordError) -> [JSON] {
    try member(name, "array") { $0.array }
  }

  func digest(_ name: String) throws(RecordError) -> Digest {
    try member(name, "digest") { $0.digest }
  }

  func digests(_ name: String) throws(RecordError) -> [Digest] {
    try member(name, "array of digests") { json in
      guard let values = json.array else { return nil }
      let digests = values.compactMap(\.digest)
      return digests.count == values.count ? digests : nil
    }
  }

  var digest: Digest? { string.flatMap { Digest(hex: $0) } }

  static func digest(_ digest: Digest) -> JSON { .string(digest.hex) }
}
