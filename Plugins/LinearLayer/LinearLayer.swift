import ReefTasks

/// Skills on vectors and matrices of reals, up to a network of two layers.
public let linearLayer = BuiltInPlugin(
  name: "linear", version: "1.0.0",
  tasks: vectorTasks + matrixTasks + layerTasks)

/// How far a real in a result may be off.
let tolerance = 1e-9
