import Foundation

/// Hands a new folder to `body` and removes it afterwards, with those of benchmarks that were killed.
func withBenchFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let files = FileManager.default
  let parent = files.temporaryDirectory
  let prefix = "reef-bench-"
  for name in (try? files.contentsOfDirectory(atPath: parent.path)) ?? []
  where name.hasPrefix(prefix) {
    let word = name.dropFirst(prefix.count).prefix { $0 != "-" }
    // Signal 0 is sent to nobody; it tells whether there is somebody.
    if let process = Int32(word), kill(process, 0) != 0, errno == ESRCH {
      try? files.removeItem(at: parent.appendingPathComponent(name))
    }
  }
  let folder = parent.appendingPathComponent("\(prefix)\(getpid())-\(UUID().uuidString)")
  try files.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? files.removeItem(at: folder) }
  return try body(folder)
}
