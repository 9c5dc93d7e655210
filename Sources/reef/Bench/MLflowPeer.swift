import ReefMachine

/// MLflow's model registry in an SQLite file, where it is installed.
enum MLflowPeer {
  /// The median times of registering a version, of fetching one, and of listing all.
  static func seconds(folder: String, versions: Int) throws -> [Double] {
    let script = """
      import json, logging, time
      logging.disable(logging.CRITICAL)
      from mlflow.tracking import MlflowClient
      uri = "sqlite:///" + json.loads(r'''\(JSON.string(folder).text)''') + "/mlflow.db"
      client = MlflowClient(tracking_uri=uri, registry_uri=uri)
      client.create_registered_model("m")
      def median(count, work):
          times = []
          for index in range(1, count + 1):
              start = time.perf_counter()
              work(index)
              times.append(time.perf_counter() - start)
          print(sorted(times)[count // 2])
      median(\(versions), lambda i: client.create_model_version("m", source="file:///x"))
      median(50, lambda i: client.get_model_version("m", str(i)))
      def everything(_):
          assert len(client.search_model_versions("name = 'm'", max_results=10000)) == \(versions)
      median(5, everything)
      """
    let times = try ScriptPeer.run("python3", script).split(separator: "\n").compactMap {
      Double($0)
    }
    guard times.count == 3 else {
      throw WrongAnswer(workload: "MLflow", found: "\(times.count) times", expected: "3")
    }
    return times
  }
}
