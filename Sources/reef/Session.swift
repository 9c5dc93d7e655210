import Arithmetic
import Elementary
import FittedLayers
import GraphTraversal
import LinearLayer
import Perception
import ReefMachine
import ReefRegistry
import ReefTasks
import Sorting
import Transforms
import Trees

/// The plugins that are compiled into `reef`. A new one is a folder in Plugins and a line here.
let builtInPlugins: [any TaskPlugin] = [
  arithmetic, sorting, linearLayer, fittedLayers, elementary, transforms,
  perception, graphTraversal, treePlugin,
]

extension Invocation {
  /// Reads a curriculum and starts its plugins; the standard error of a plugin's process is kept
  /// in a folder `logs` beside the registry.
  func loadCurriculum(_ path: String) throws -> LoadedCurriculum {
    try CurriculumLoader(builtIns: builtInPlugins, logFolder: logFolder).load(path: path)
  }

  var logFolder: String {
    let path = registryPath
    guard let slash = path.lastIndex(of: "/") else { return "logs" }
    return path[..<slash] + "/logs"
  }

  /// Opens the registry that the options name; only for writing is it made where it is missing.
  func openRegistry(_ access: Registry.Access, isSuspect: Bool = false) throws -> Registry {
    let registry = try Registry(path: registryPath, access: access, isSuspect: isSuspect)
    // Said now, and not when the first skill of a long growth is to be kept.
    if access != .reading, registry.isReadOnly {
      throw RegistryError.registryReadOnly(path: registryPath)
    }
    if let migration = registry.migration {
      console.note(
        "Brought \(registryPath) from schema \(migration.schema) to \(Registry.schema); "
          + "\(migration.copy) is as it was.")
    }
    return registry
  }
}
