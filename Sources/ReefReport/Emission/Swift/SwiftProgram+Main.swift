extension SwiftProgram {
  /// With `READ` for the lines that read the arguments, `SKILL` for the call, and `DEPTH` for what
  /// recursion needs.
  static let main = #"""
    /// A JSON text that is being read.
    struct Input {
      let bytes: [UInt8]
      var position = 0

      /// The next byte after white space; 0 at the end.
      mutating func next() -> UInt8 {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
        return position < bytes.count ? bytes[position] : 0
      }

      mutating func accept(_ word: StaticString) -> Bool {
        _ = next()
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for (index, byte) in bytes[position..<end].enumerated() where word.utf8Start[index] != byte {
          return false
        }
        position = end
        return true
      }

      mutating func expect(_ word: StaticString) throws(Failure) {
        if !accept(word) { throw .badInput }
      }

      mutating func number() -> String {
        _ = next()
        let start = position
        while position < bytes.count, "+-.0123456789eE".utf8.contains(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
      }
    }

    extension Int: Value {
      static func equal(_ x: Int, _ y: Int, _ run: inout Run) -> Bool { x == y }
      init(reading input: inout Input) throws(Failure) {
        guard let value = Int(input.number()) else { throw .badInput }
        self = value
      }
      func write(to output: inout String) { output += "\(self)" }
    }

    extension Bool: Value {
      static func equal(_ x: Bool, _ y: Bool, _ run: inout Run) -> Bool { x == y }
      init(reading input: inout Input) throws(Failure) {
        self = input.accept("true")
        if !self { try input.expect("false") }
      }
      func write(to output: inout String) { output += "\(self)" }
    }

    extension Double: Value {
      static func equal(_ x: Double, _ y: Double, _ run: inout Run) -> Bool { x == y }
      init(reading input: inout Input) throws(Failure) {
        if input.accept("\"nan\"") {
          self = .nan
        } else if input.accept("\"inf\"") {
          self = .infinity
        } else if input.accept("\"-inf\"") {
          self = -.infinity
        } else {
          guard let value = Double(input.number()), value.isFinite else { throw .badInput }
          self = value
        }
      }
      func write(to output: inout String) {
        if isFinite {
          output += "\(self)"
        } else {
          output += isNaN ? "\"nan\"" : self < 0 ? "\"-inf\"" : "\"inf\""
        }
      }
    }

    extension List: Value where Element: Value {
      static func equal(_ x: Self, _ y: Self, _ run: inout Run) throws(Failure) -> Bool {
        if x.count != y.count { return false }
        for (x, y) in zip(x, y) {
          try run.charge(1)
          if try !Element.equal(x, y, &run) { return false }
        }
        return true
      }
      init(reading input: inout Input) throws(Failure) {
        self = []
        try input.expect("[")
        if input.accept("]") { return }
        repeat { append(try Element(reading: &input)) } while input.accept(",")
        try input.expect("]")
      }
      func write(to output: inout String) {
        output += "["
        for (index, element) in enumerated() {
          if index > 0 { output += "," }
          element.write(to: &output)
        }
        output += "]"
      }
      func nest(_ depth: Int) throws(Failure) {
        if depth >= nestingLimit { throw .nesting }
        for element in self { try element.nest(depth + 1) }
      }
    }

    extension Pair: Value where First: Value, Second: Value {
      static func equal(_ x: Self, _ y: Self, _ run: inout Run) throws(Failure) -> Bool {
        try run.charge(2)
        if try !First.equal(x.first, y.first, &run) { return false }
        return try Second.equal(x.second, y.second, &run)
      }
      init(reading input: inout Input) throws(Failure) {
        try input.expect("[")
        first = try First(reading: &input)
        try input.expect(",")
        second = try Second(reading: &input)
        try input.expect("]")
      }
      func write(to output: inout String) {
        output += "["
        first.write(to: &output)
        output += ","
        second.write(to: &output)
        output += "]"
      }
      func nest(_ depth: Int) throws(Failure) {
        try first.nest(depth + 1)
        try second.nest(depth + 1)
      }
    }

    extension Run {
      /// Runs the skill on a JSON array of arguments; gives the JSON of the result.
      mutating func run(_ text: String) throws(Failure) -> String {
        var input = Input(bytes: Array(text.utf8))
        fuel = fuelLimitDEPTH
        try input.expect("[")
    READ
        try input.expect("]")
        if input.next() != 0 { throw .badInput }
        let result = try SKILL
        try result.nest(0)
        var output = ""
        result.write(to: &output)
        return output
      }
    }

    /// Runs the skill once, or without arguments once for each line of the input.
    func work() -> Int32 {
      var words = Array(CommandLine.arguments.dropFirst())
      let tellsSteps = words.first == "--steps"
      if tellsSteps { words.removeFirst() }
      var run = Run()
      func tell(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
      func finish(_ text: String) -> Failure? {
        defer { if tellsSteps { tell("\(fuelLimit - Swift.max(0, run.fuel)) steps") } }
        do throws(Failure) {
          print(try run.run(text))
          return nil
        } catch {
          return error
        }
      }
      if !words.isEmpty {
        guard let failure = finish("[" + words.joined(separator: ",") + "]") else { return 0 }
        tell("error: \(failure.rawValue)")
        return failure == .badInput ? 3 : 4
      }
      while let line = readLine() {
        if let failure = finish(line) { print("{\"error\":\"\(failure.rawValue)\"}") }
      }
      return 0
    }

    """#

  static let start = "exit(work())\n"

  /// With a stack on which the deepest recursion has room.
  static let deepStart = """
    let thread = Thread { exit(work()) }
    thread.stackSize = 1 << 30
    thread.start()
    while true { sleep(1000) }

    """
}
