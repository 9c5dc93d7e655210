import Foundation
import ReefMachine

/// MLflow's model registry in an SQLite file: a process of its own that measures when it is told to.
final class MLflowPeer {
  enum Work: String {
    case register, fetch, list
  }

  private let process = Process()
  private let (input, output) = (Pipe(), Pipe())

  /// Nil where python3 has no MLflow; takes some seconds.
  init?(folder: String) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", MLflowPeer.script, folder]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard line() == "ready" else { return nil }
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// What only a tenth of `count` times that the work takes fall below, in seconds: of the clock for
  /// registering, which waits for the disk, and of the processor for the others.
  func seconds(_ work: Work, count: Int) throws -> Double {
    try input.fileHandleForWriting.write(contentsOf: Data("\(work.rawValue) \(count)\n".utf8))
    let answer = line()
    guard let seconds = Double(answer) else {
      throw WrongAnswer(workload: "MLflow", found: answer, expected: "a time")
    }
    return seconds
  }

  /// What the process says next; empty where it has ended.
  private func line() -> String {
    var bytes = Data()
    while let byte = try? output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8) {
      bytes += byte
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let script = """
    import logging, sys, time
    logging.disable(logging.CRITICAL)
    from mlflow.tracking import MlflowClient
    uri = "sqlite:///" + sys.argv[1] + "/mlflow.db"
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    client.create_registered_model("m")
    versions = 0
    def register(_):
        global versions
        client.create_model_version("m", source="file:///x")
        versions += 1
    def fetch(index):
        assert client.get_model_version("m", str(index % versions + 1)).version
    def everything(_):
        assert len(client.search_model_versions("name = 'm'", max_results=10000)) == versions
    works = {
        "register": (register, time.perf_counter),
        "fetch": (fetch, time.process_time),
        "list": (everything, time.process_time),
    }
    print("ready", flush=True)
    for line in sys.stdin:
        word, count = line.split()
        work, clock = works[word]
        times = []
        for index in range(int(count)):
            start = clock()
            work(index)
            times.append(clock() - start)
        print(sorted(times)[len(times) // 10], flush=True)
    """
}
