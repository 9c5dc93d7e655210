import CSQLite

/// The release of SQLite that is in use, and what it is known for.
package struct SQLiteRelease: Hashable, Sendable, CustomStringConvertible {
  /// As SQLite writes it: 3.40.1 is 3,040,001.
  let number: Int

  static let inUse = SQLiteRelease(number: Int(sqlite3_libversion_number()))

  /// The first with STRICT tables.
  static let oldest = SQLiteRelease(number: 3_037_000)

  /// Whether it can lose data where one connection folds in the log while another writes (SQLite's
  /// WAL-reset bug). Reef's lock (`WriterLock`) lets that never happen, in any release.
  package var mayResetLog: Bool { (3_007_000...3_051_002).contains(number) }

  package var description: String {
    "\(number / 1_000_000).\(number / 1_000 % 1_000).\(number % 1_000)"
  }
}
