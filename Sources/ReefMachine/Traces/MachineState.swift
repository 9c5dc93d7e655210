/// The state of a run at one moment, as one value.
///
/// It does not depend on where anything lies: lines are counted from the beginning of the image, and
/// what a pointer points to is numbered in the order in which the stack leads to it. Two runs of the
/// same code on the same arguments go through equal states, wherever code and data are.
public struct MachineState: Hashable, Sendable {
  /// R_L: the line of the image that is being executed.
  public let line: Int
  /// M_s: which code runs.
  public let mode: Image.Mode
  /// The open calls, outermost first; the last one is running.
  public let stack: [Frame]
  /// What the data pointers point to: every list, pair and value of a declared type that the stack
  /// leads to, once.
  public let memory: [Cell]

  /// An open call of a skill block.
  public struct Frame: Hashable, Sendable {
    /// Nil for code that was linked without being an entry.
    public let skill: Digest?
    /// The line that is being executed; of an open call the one that calls.
    public let line: Int
    /// Those that hold something, ascending.
    public let registers: [Register]
  }

  /// A register that holds something.
  public struct Register: Hashable, Sendable {
    /// From 0, the inputs of the skill first.
    public let number: Int
    /// What it holds.
    public let content: Content
  }

  /// What fits into a register or a place of a cell.
  public enum Content: Hashable, Sendable {
    case int(Int)
    case bool(Bool)
    case real(Value.Real)
    /// The number of a cell.
    case pointer(Int)
  }

  /// A list, a pair or what a constructor made in memory.
  public struct Cell: Hashable, Sendable {
    /// What it is.
    public enum Shape: Hashable, Sendable {
      case list, pair
      /// A value of a declared type, with the name of its constructor.
      case made(String)
    }

    public let shape: Shape
    /// The elements of a list, the two parts of a pair, the fields of what a constructor made.
    public let contents: [Content]
    /// How many hold it; nil for a constant, which nothing changes.
    public let owners: Int?
  }

  /// Where to read a state from, as long as the run stands still.
  struct Source {
    let machine: Machine
    let image: Image
    let line: UnsafePointer<Instruction>
    let registers: UnsafeMutablePointer<Word>
  }

  init(_ source: Source) {
    var reader = Reader(heap: source.machine.heap)
    let image = source.image
    let code = UnsafePointer(image.instructions)
    var frames: [Frame] = []
    var line = source.line - code
    var registers = source.registers
    self.line = line
    mode = image.mode
    // Line 0 stands for whoever began the run.
    while line > 0 {
      let contents = (image.layouts[line] ?? []).map { register, type in
        Register(number: register, content: reader.content(registers[register], type))
      }
      let function = Int(image.origins[line].function)
      frames.append(Frame(skill: image.digests[function], line: line, registers: contents))
      line = UnsafePointer<Instruction>(bitPattern: registers[-2]).unsafelyUnwrapped - code - 1
      registers -= registers[-1]
    }
    stack = frames.reversed()
    memory = reader.finished()
  }

  /// Numbers cells as it meets them.
  private struct Reader {
    let heap: Heap
    private var numbers: [Word: Int] = [:]
    private var pending: [(word: Word, type: Type)] = []

    init(heap: Heap) { self.heap = heap }

    mutating func content(_ word: Word, _ type: Type) -> Content {
      switch type {
      case .int: return .int(word)
      case .bool: return .bool(word != 0)
      case .real: return .real(Value.Real(heap.number(word)))
      case .list, .pair, .named:
        if let number = numbers[word] { return .pointer(number) }
        numbers[word] = pending.count
        pending.append((word, type))
        return .pointer(pending.count - 1)
      case .variable, .function: preconditionFailure("no value has the type \(type)")
      }
    }

    /// The cells, with those that they lead to.
    mutating func finished() -> [Cell] {
      var cells: [Cell] = []
      while cells.count < pending.count {
        let (word, type) = pending[cells.count]
        var contents: [Content] = []
        let shape: Cell.Shape
        switch type {
        case .list(let element):
          shape = .list
          let list = word.list.pointee
          for index in 0..<list.count { contents.append(content(list.elements[index], element)) }
        case .pair(let first, let second):
          shape = .pair
          let pair = word.pair.pointee
          contents = [content(pair.first, first), content(pair.second, second)]
        case .named(let definition, let arguments):
          let constructor = Int(word.header.pointee.tag)
          shape = .made(definition.constructors[constructor].name)
          let types = definition.fields(of: constructor, arguments)
          for (index, type) in types.enumerated() {
            contents.append(content(word.fields[index], type))
          }
        case .int, .bool, .real, .variable, .function:
          preconditionFailure("\(type) is nothing in memory")
        }
        let owners = word.header.pointee.references
        cells.append(
          Cell(
            shape: shape, contents: contents,
            owners: owners < Heap.immortal ? owners : nil))
      }
      return cells
    }
  }
}

extension MachineState {
  /// `{"line":7,"mode":"output","stack":[{"skill":…,"line":7,"registers":{"0":{"pointer":0},"1":5}}],
  /// "memory":[{"list":[1,2],"owners":1}]}`.
  public var json: JSON {
    func json(_ content: Content) -> JSON {
      switch content {
      case .int(let value): .int(value)
      case .bool(let value): .bool(value)
      case .real(let value): Value.real(value).json
      case .pointer(let number): ["pointer": .int(number)]
      }
    }
    let frames = stack.map { frame in
      JSON.object([
        .init("skill", frame.skill.map { .string($0.hex) } ?? .null),
        .init("line", .int(frame.line)),
        .init(
          "registers",
          .object(frame.registers.map { .init(String($0.number), json($0.content)) })),
      ])
    }
    let cells = memory.map { cell in
      let contents = JSON.array(cell.contents.map(json))
      let members: [JSON.Member] =
        switch cell.shape {
        case .list: [.init("list", contents)]
        case .pair: [.init("pair", contents)]
        case .made(let name): [.init("constructor", .string(name)), .init("fields", contents)]
        }
      return JSON.object(members + [.init("owners", cell.owners.map { .int($0) } ?? .null)])
    }
    return .object([
      .init("line", .int(line)), .init("mode", .string(mode.rawValue)),
      .init("stack", .array(frames)), .init("memory", .array(cells)),
    ])
  }
}

/// A skill of an image, made for one choice of its type variables, as lines of the image.
public struct SkillBlock: Hashable, Sendable {
  /// Nil for code that was linked without being an entry.
  public let skill: Digest?
  /// Its instructions, as `MachineState` numbers them.
  public let lines: Range<Int>
  /// How many registers a call of it has; its inputs come first.
  public let registers: Int
}

extension Image {
  /// The blocks in the order of their lines. Skills that were written out in others have none.
  public var blocks: [SkillBlock] {
    let code = UnsafePointer(instructions)
    let entries = digests.indices.map { functions[$0].entry - code }
    let ends = entries.sorted() + [instructionCount]
    return digests.indices.filter { entries[$0] > 0 }.map { function in
      let end = ends.first { $0 > entries[function] }!
      return SkillBlock(
        skill: digests[function], lines: entries[function]..<end,
        registers: functions[function].frameSize)
    }.sorted { $0.lines.lowerBound < $1.lines.lowerBound }
  }
}
