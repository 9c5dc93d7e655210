import Foundation
import ReefMachine
import Testing

@testable import ReefTasks

/// The Swift plugin of docs/plugins.md is the file `Shop.swift` beside this one.
@Suite struct PluginGuideTests {
  @Test("The guide shows the plugin that is compiled here")
  func guideIsCurrent() throws {
    let guide = try String(contentsOfFile: "\(repository)/docs/plugins.md", encoding: .utf8)
    let plugin = try String(
      contentsOfFile: "\(repository)/Tests/ReefTasksTests/Shop.swift", encoding: .utf8)
    #expect(
      guide.contains("```swift\n\(plugin)```"),
      "Shop.swift differs from docs/plugins.md; copy the one that is right over the other.")
  }

  @Test("The guide's plugin keeps its promises")
  func plugin() throws {
    for report in PluginCheck().check(shop) { #expect(report.problem == nil, "\(report.task)") }
    #expect(
      try shop.expected(task: "profit", inputs: [[.ints([7, 1, 5, 3, 6, 4])], [.ints([.max])]])
        == [.int(7), nil])
  }
}
