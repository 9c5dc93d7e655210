// swift-tools-version: 6.0
import PackageDescription

let plugins = [
  "Arithmetic", "Sorting", "LinearLayer", "FittedLayers", "Elementary", "Transforms", "Perception",
  "GraphTraversal",
]

let package = Package(
  name: "Reef",
  products: [
    .executable(name: "reef", targets: ["reef"])
  ],
  targets: [
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels"),
    .target(name: "ReefTensor", dependencies: ["CKernels"]),
    .target(name: "ReefMachine", dependencies: ["CKernels"]),
    .target(name: "ReefTasks", dependencies: ["ReefMachine"]),
    .target(name: "ReefRegistry", dependencies: ["ReefMachine", "CSQLite", "CZlib"]),
    .target(name: "ReefLearner", dependencies: ["ReefMachine", "ReefTasks", "ReefTensor"]),
    .target(name: "ReefReport", dependencies: ["ReefMachine"]),
    .executableTarget(
      name: "reef",
      dependencies: [
        "CKernels", "ReefTensor", "ReefMachine", "ReefTasks", "ReefRegistry", "ReefLearner",
        "ReefReport", "CSQLite",
      ] + plugins.map { .byName(name: $0) }),
    .target(
      name: "ReefTestSupport", dependencies: ["ReefMachine"], path: "Tests/ReefTestSupport"),
    .testTarget(name: "ReefMachineTests", dependencies: ["ReefMachine", "ReefTestSupport"]),
    .testTarget(name: "ReefTensorTests", dependencies: ["ReefTensor", "CKernels"]),
    .testTarget(name: "ReefTasksTests", dependencies: ["ReefTasks"]),
    .testTarget(name: "ReefRegistryTests", dependencies: ["ReefRegistry", "ReefTasks"]),
    .testTarget(
      name: "ReefLearnerTests", dependencies: ["ReefLearner"] + plugins.map { .byName(name: $0) }),
    .testTarget(name: "ReefReportTests", dependencies: ["ReefReport", "ReefTestSupport"]),
    .testTarget(
      name: "PluginTests", dependencies: ["ReefTasks"] + plugins.map { .byName(name: $0) }),
    .testTarget(name: "EndToEndTests", dependencies: ["ReefMachine", "ReefRegistry"]),
  ]
    + plugins.map {
      .target(name: $0, dependencies: ["ReefTasks"], path: "Plugins/\($0)")
    },
  swiftLanguageModes: [.v6]
)

// What is built and run often, by the sanitizers and in long trials, is soon built alone.
let alone: [String: Set] = [
  "REEF_MACHINE_ONLY": ["CKernels", "ReefMachine", "ReefTestSupport", "ReefMachineTests"],
  "REEF_REGISTRY_ONLY": [
    "CKernels", "CSQLite", "CZlib", "ReefMachine", "ReefTasks", "ReefRegistry", "ReefRegistryTests",
  ],
]
for (variable, wanted) in alone where Context.environment[variable] != nil {
  package.products = []
  package.targets.removeAll { !wanted.contains($0.name) }
}
