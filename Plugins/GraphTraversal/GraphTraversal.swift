import ReefTasks

/// Skills on directed graphs, each the list of its vertices' lists of successors.
public let graphTraversal = BuiltInPlugin(
  name: "graph", version: "1.0.0",
  tasks: searchTasks + componentTasks + orderTasks + pathTasks)
