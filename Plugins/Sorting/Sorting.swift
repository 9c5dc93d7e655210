import ReefTasks

/// Skills on lists of ints in ascending order.
public let sorting = BuiltInPlugin(
  name: "sorting", version: "1.0.0",
  tasks: orderTasks + divisionTasks + sortTasks)
