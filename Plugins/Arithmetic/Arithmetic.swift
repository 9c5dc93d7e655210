import ReefTasks

/// Skills on base-10 digits, least significant first, and on whole numbers.
public let arithmetic = BuiltInPlugin(
  name: "arithmetic", version: "1.0.0",
  tasks: columnTasks + longArithmeticTasks + longDivisionTasks + wholeNumberTasks)
