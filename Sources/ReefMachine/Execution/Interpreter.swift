extension Machine {
  /// Executes the image's first function, whose arguments are in place, and gives its result.
  ///
  /// The one loop of the machine. Code, registers and constants are reached through pointers in
  /// locals; a frame is its registers, with the return address and the distance to the caller's
  /// registers in the two words below them. Fuel is charged for whole stretches of straight code,
  /// and tested where a run could go on for ever: at calls and at the ends of rounds.
  func execute(_ image: Image) throws(MachineError) -> Word {
    let heap = self.heap
    let code = UnsafePointer(image.instructions)
    let functions = UnsafePointer(image.functions)
    let constants = UnsafePointer(image.constants)
    let natives = UnsafePointer(image.natives)
    let pool = UnsafePointer(image.pool)
    let depthLimit = limits.depth
    var depth = image.functions.pointee.depth
    var stackEnd = stack + stackCapacity

    var r = stack + 1 + Emitter.linkSize
    r[-1] = 1 + Emitter.linkSize
    r[-2] = Word(bitPattern: code + 1)
    var next = functions[0].entry
    // A counter on the stack: a round need not wait for the last one's write to the heap object. The heap
    // has it wherever it may charge.
    var fuel = heap.fuel &- functions[0].cost

    @inline(__always) func index(_ register: UInt16) -> Int { Int(truncatingIfNeeded: register) }
    @inline(__always) func number(_ bits: UInt16) -> Int { Int(Int16(bitPattern: bits)) }
    @inline(__always) func index(_ register: Int32) -> Int { Int(truncatingIfNeeded: register) }

    do throws(MachineError) {
      if fuel < 0 || depth > depthLimit { try outOfLimits(fuel, depth) }
      while true {
        let i = next
        next += 1
        switch i.pointee.opcode {
        // The branches are written out one by one: with one function for all of them, inlined, the
        // compiler lays the loop out so that breadth-first search takes more than twice as long.
        // MARK: Flow
        case .halt:
          heap.fuel = fuel
          return r[index(i.pointee.a)]
        case .jump:
          next = i.target
        case .branch:
          if r[index(i.pointee.b)] == 0 {
            fuel &-= index(i.pointee.y)
            next = i.target
          } else {
            fuel &-= index(i.pointee.c)
          }
        case .branchLess:
          if r[index(i.pointee.a)] < r[index(i.pointee.b)] {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchLessOrEqual:
          if r[index(i.pointee.a)] <= r[index(i.pointee.b)] {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchEqual:
          if r[index(i.pointee.a)] == r[index(i.pointee.b)] {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchLessImmediate:
          if r[index(i.pointee.a)] < number(i.pointee.b) {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchLessOrEqualImmediate:
          if r[index(i.pointee.a)] <= number(i.pointee.b) {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchEqualImmediate:
          if r[index(i.pointee.a)] == number(i.pointee.b) {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchNot:
          if r[index(i.pointee.b)] == 0 {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchUnequal:
          if r[index(i.pointee.a)] != r[index(i.pointee.b)] {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchGreaterImmediate:
          if r[index(i.pointee.a)] > number(i.pointee.b) {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchGreaterOrEqualImmediate:
          if r[index(i.pointee.a)] >= number(i.pointee.b) {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .branchUnequalImmediate:
          if r[index(i.pointee.a)] != number(i.pointee.b) {
            fuel &-= index(i.pointee.c)
          } else {
            fuel &-= index(i.pointee.y)
            next = i.target
          }
        case .call:
          let function = functions + index(i.pointee.x)
          let frame = r + index(i.pointee.c)
          if frame + function.pointee.frameSize > stackEnd {
            let base = r - stack
            try reserveStack(base + index(i.pointee.c) + function.pointee.frameSize)
            stackEnd = stack + stackCapacity
            r = stack + base
          }
          let callee = r + index(i.pointee.c)
          let operands = pool + index(i.pointee.y)
          for position in 0..<index(i.pointee.b) { callee[position] = r[index(operands[position])] }
          callee[-1] = index(i.pointee.c)
          callee[-2] = Word(bitPattern: next)
          depth &+= function.pointee.depth
          fuel &-= function.pointee.cost
          if fuel < 0 || depth > depthLimit { try outOfLimits(fuel, depth) }
          r = callee
          next = function.pointee.entry
        case .return:
          let result = r[index(i.pointee.b)]
          next = UnsafePointer(bitPattern: r[-2]).unsafelyUnwrapped
          r -= r[-1]
          depth &-= index(i.pointee.x)
          r[index(next[-1].a)] = result
        case .recall:
          heap.fuel = fuel
          if let result = try recall(i, r, of: image) {
            next = UnsafePointer(bitPattern: r[-2]).unsafelyUnwrapped
            r -= r[-1]
            depth &-= index(i.pointee.c)
            r[index(next[-1].a)] = result
          }
          fuel = heap.fuel
        case .remember:
          memos[index(i.pointee.x)].remember(
            r[index(i.pointee.b)], at: r[index(i.pointee.c)], heap)

        // MARK: Data
        case .constant: r[index(i.pointee.a)] = constants[index(i.pointee.x)]
        case .move: r[index(i.pointee.a)] = r[index(i.pointee.b)]
        case .retain: heap.retain(r[index(i.pointee.b)])
        case .release: heap.release(r[index(i.pointee.b)])
        case .select:
          r[index(i.pointee.a)] =
            r[index(i.pointee.b)] != 0 ? r[index(i.pointee.c)] : r[index(i.pointee.y)]
        case .native:
          heap.fuel = fuel
          let native = natives + index(i.pointee.x)
          r[index(i.pointee.a)] = try native.pointee.run(
            r[index(i.pointee.b)], r[index(i.pointee.c)], r[index(i.pointee.y)], heap,
            native.pointee.kinds)
          fuel = heap.fuel

        // MARK: Ints
        case .add:
          let (result, overflow) = r[index(i.pointee.b)].addingReportingOverflow(
            r[index(i.pointee.c)])
          if overflow { throw MachineError.overflow }
          r[index(i.pointee.a)] = result
        case .subtract:
          let (result, overflow) = r[index(i.pointee.b)].subtractingReportingOverflow(
            r[index(i.pointee.c)])
          if overflow { throw MachineError.overflow }
          r[index(i.pointee.a)] = result
        case .multiply:
          let (result, overflow) = r[index(i.pointee.b)].multipliedReportingOverflow(
            by: r[index(i.pointee.c)])
          if overflow { throw MachineError.overflow }
          r[index(i.pointee.a)] = result
        case .divide:
          r[index(i.pointee.a)] = try divide(r[index(i.pointee.b)], r[index(i.pointee.c)])
        case .modulo:
          r[index(i.pointee.a)] = try modulo(r[index(i.pointee.b)], r[index(i.pointee.c)])
        case .minimum: r[index(i.pointee.a)] = min(r[index(i.pointee.b)], r[index(i.pointee.c)])
        case .maximum: r[index(i.pointee.a)] = max(r[index(i.pointee.b)], r[index(i.pointee.c)])
        case .less: r[index(i.pointee.a)] = r[index(i.pointee.b)] < r[index(i.pointee.c)] ? 1 : 0
        case .lessOrEqual:
          r[index(i.pointee.a)] = r[index(i.pointee.b)] <= r[index(i.pointee.c)] ? 1 : 0
        case .equalWords:
          r[index(i.pointee.a)] = r[index(i.pointee.b)] == r[index(i.pointee.c)] ? 1 : 0
        case .addImmediate:
          let (result, overflow) = r[index(i.pointee.b)].addingReportingOverflow(index(i.pointee.x))
          if overflow { throw MachineError.overflow }
          r[index(i.pointee.a)] = result
        case .subtractImmediate:
          let (result, overflow) = r[index(i.pointee.b)].subtractingReportingOverflow(
            index(i.pointee.x))
          if overflow { throw MachineError.overflow }
          r[index(i.pointee.a)] = result
        case .multiplyImmediate:
          let (result, overflow) = r[index(i.pointee.b)].multipliedReportingOverflow(
            by: index(i.pointee.x))
          if overflow { throw MachineError.overflow }
          r[index(i.pointee.a)] = result
        case .divideImmediate:
          r[index(i.pointee.a)] = try divide(r[index(i.pointee.b)], index(i.pointee.x))
        case .moduloImmediate:
          r[index(i.pointee.a)] = try modulo(r[index(i.pointee.b)], index(i.pointee.x))
        case .minimumImmediate:
          r[index(i.pointee.a)] = min(r[index(i.pointee.b)], index(i.pointee.x))
        case .maximumImmediate:
          r[index(i.pointee.a)] = max(r[index(i.pointee.b)], index(i.pointee.x))
        case .lessImmediate:
          r[index(i.pointee.a)] = r[index(i.pointee.b)] < index(i.pointee.x) ? 1 : 0
        case .lessOrEqualImmediate:
          r[index(i.pointee.a)] = r[index(i.pointee.b)] <= index(i.pointee.x) ? 1 : 0
        case .equalWordsImmediate:
          r[index(i.pointee.a)] = r[index(i.pointee.b)] == index(i.pointee.x) ? 1 : 0

        // MARK: Bools and reals
        case .and: r[index(i.pointee.a)] = r[index(i.pointee.b)] & r[index(i.pointee.c)]
        case .or: r[index(i.pointee.a)] = r[index(i.pointee.b)] | r[index(i.pointee.c)]
        case .not: r[index(i.pointee.a)] = r[index(i.pointee.b)] ^ 1
        case .realAdd:
          r[index(i.pointee.a)] = Word(
            real: r[index(i.pointee.b)].asReal + r[index(i.pointee.c)].asReal)
        case .realSubtract:
          r[index(i.pointee.a)] = Word(
            real: r[index(i.pointee.b)].asReal - r[index(i.pointee.c)].asReal)
        case .realMultiply:
          r[index(i.pointee.a)] = Word(
            real: r[index(i.pointee.b)].asReal * r[index(i.pointee.c)].asReal)
        case .realDivide:
          r[index(i.pointee.a)] = Word(
            real: r[index(i.pointee.b)].asReal / r[index(i.pointee.c)].asReal)
        case .realLess:
          r[index(i.pointee.a)] =
            r[index(i.pointee.b)].asReal < r[index(i.pointee.c)].asReal ? 1 : 0
        case .equalReals:
          r[index(i.pointee.a)] =
            r[index(i.pointee.b)].asReal == r[index(i.pointee.c)].asReal ? 1 : 0

        // MARK: Lists and pairs
        case .append:
          heap.fuel = fuel
          r[index(i.pointee.a)] = try heap.append(r[index(i.pointee.b)], r[index(i.pointee.c)])
          fuel = heap.fuel
        case .prepend:
          heap.fuel = fuel
          r[index(i.pointee.a)] = try heap.prepend(r[index(i.pointee.b)], r[index(i.pointee.c)])
          fuel = heap.fuel
        case .get:
          r[index(i.pointee.a)] = try heap.get(r[index(i.pointee.b)], r[index(i.pointee.c)])
        case .getWord:
          r[index(i.pointee.a)] = try heap.getWord(r[index(i.pointee.b)], r[index(i.pointee.c)])
        case .set:
          // In place where nobody else sees the list.
          let list = r[index(i.pointee.b)].list
          let position = r[index(i.pointee.c)]
          try heap.checkIndex(position, list)
          if _fastPath(heap.isUnique(list)) {
            heap.release(list.pointee.elements[position], list.pointee.header.firstKind)
            list.pointee.elements[position] = r[index(i.pointee.y)]
            r[index(i.pointee.a)] = Word(bitPattern: list)
          } else {
            heap.fuel = fuel
            r[index(i.pointee.a)] = try heap.set(
              Word(bitPattern: list), position, r[index(i.pointee.y)])
            fuel = heap.fuel
          }
        case .length: r[index(i.pointee.a)] = r[index(i.pointee.b)].list.pointee.count
        case .isEmpty: r[index(i.pointee.a)] = r[index(i.pointee.b)].list.pointee.count == 0 ? 1 : 0
        case .first: r[index(i.pointee.a)] = try heap.first(r[index(i.pointee.b)])
        case .rest:
          heap.fuel = fuel
          r[index(i.pointee.a)] = try heap.rest(r[index(i.pointee.b)])
          fuel = heap.fuel
        case .range:
          heap.fuel = fuel
          r[index(i.pointee.a)] = try heap.range(r[index(i.pointee.b)], r[index(i.pointee.c)])
          fuel = heap.fuel
        case .pairMake:
          heap.fuel = fuel
          r[index(i.pointee.a)] = try heap.pair(
            r[index(i.pointee.b)],
            Kind(rawValue: UInt8(truncatingIfNeeded: i.pointee.x)).unsafelyUnwrapped,
            r[index(i.pointee.c)],
            Kind(rawValue: UInt8(truncatingIfNeeded: i.pointee.y)).unsafelyUnwrapped)
          fuel = heap.fuel
        case .pairFirst:
          let pair = r[index(i.pointee.b)].pair
          heap.retain(pair.pointee.first, pair.pointee.header.firstKind)
          r[index(i.pointee.a)] = pair.pointee.first
        case .pairSecond:
          let pair = r[index(i.pointee.b)].pair
          heap.retain(pair.pointee.second, pair.pointee.header.secondKind)
          r[index(i.pointee.a)] = pair.pointee.second
        case .takeApart:
          let parts = heap.takeApart(r[index(i.pointee.b)])
          r[index(i.pointee.a)] = parts.first
          r[index(i.pointee.x)] = parts.second

        // MARK: Declared types
        case .make:
          heap.fuel = fuel
          let made = try heap.made(
            UInt8(truncatingIfNeeded: i.pointee.c), fieldCount: index(i.pointee.b),
            kinds: UInt64(bitPattern: Int64(constants[index(i.pointee.x)])))
          let fields = pool + index(i.pointee.y)
          for field in 0..<index(i.pointee.b) { made.fields[field] = r[index(fields[field])] }
          r[index(i.pointee.a)] = made
          fuel = heap.fuel
        case .field: r[index(i.pointee.a)] = heap.field(r[index(i.pointee.b)], index(i.pointee.x))
        case .tag: r[index(i.pointee.a)] = Int(r[index(i.pointee.b)].header.pointee.tag)

        // MARK: Loops
        case .newList:
          r[index(i.pointee.a)] = try newList(
            i.pointee.x,
            room: min(
              r[index(i.pointee.b)].list.pointee.count, r[index(i.pointee.c)].list.pointee.count))
        case .newListOfRange:
          let (low, high) = (r[index(i.pointee.b)], r[index(i.pointee.c)])
          r[index(i.pointee.a)] = try newList(i.pointee.x, room: low < high ? high &- low : 0)
        case .chargeRange:
          heap.fuel = fuel
          _ = try heap.chargeRange(r[index(i.pointee.b)], r[index(i.pointee.c)])
          fuel = heap.fuel
        case .push:
          heap.push(r[index(i.pointee.a)], r[index(i.pointee.b)])
        case .pushIf:
          if r[index(i.pointee.c)] != 0 {
            heap.push(r[index(i.pointee.a)], r[index(i.pointee.b)])
          } else if UInt8(truncatingIfNeeded: i.pointee.x) == Kind.reference.rawValue {
            heap.release(r[index(i.pointee.b)])
          }
        case .listNext:
          let list = r[index(i.pointee.b)].list
          let position = r[index(i.pointee.c)]
          if position < list.pointee.count {
            let element = list.pointee.elements[position]
            heap.retain(element, list.pointee.header.firstKind)
            r[index(i.pointee.a)] = element
            r[index(i.pointee.c)] = position &+ 1
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .listNextWord:
          let list = r[index(i.pointee.b)].list
          let position = r[index(i.pointee.c)]
          if position < list.pointee.count {
            r[index(i.pointee.a)] = list.pointee.elements[position]
            r[index(i.pointee.c)] = position &+ 1
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .listsNext:
          let other = next.pointee
          next += 1
          let (list, second) = (r[index(i.pointee.b)].list, r[index(other.b)].list)
          let position = r[index(i.pointee.c)]
          if position < list.pointee.count, position < second.pointee.count {
            let element = list.pointee.elements[position]
            heap.retain(element, list.pointee.header.firstKind)
            r[index(i.pointee.a)] = element
            let otherElement = second.pointee.elements[position]
            heap.retain(otherElement, second.pointee.header.firstKind)
            r[index(other.a)] = otherElement
            r[index(i.pointee.c)] = position &+ 1
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .rangeBegin:
          r[index(i.pointee.a)] = r[index(i.pointee.b)] &- 1
        case .rangeNext:
          let number = r[index(i.pointee.a)] &+ 1
          if number < r[index(i.pointee.b)] {
            r[index(i.pointee.a)] = number
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .iterateNext:
          let count = r[index(i.pointee.b)]
          if count > 0 {
            r[index(i.pointee.b)] = count &- 1
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .loopNext:
          if r[index(i.pointee.b)] != 0 {
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .loopLess:
          if r[index(i.pointee.a)] < r[index(i.pointee.b)] {
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .loopLessOrEqual:
          if r[index(i.pointee.a)] <= r[index(i.pointee.b)] {
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .loopEqual:
          if r[index(i.pointee.a)] == r[index(i.pointee.b)] {
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .loopLessImmediate:
          if r[index(i.pointee.a)] < number(i.pointee.b) {
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .loopLessOrEqualImmediate:
          if r[index(i.pointee.a)] <= number(i.pointee.b) {
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }
        case .loopEqualImmediate:
          if r[index(i.pointee.a)] == number(i.pointee.b) {
            fuel &-= index(i.pointee.y)
            if fuel < 0 { try outOfLimits(fuel, depth) }
            next = i.target
          }

        // MARK: Two in one. An error in the second is told of its own place.
        case .addImmediateGetWord:
          let (sum, overflow) = r[index(i.pointee.b)].addingReportingOverflow(index(i.pointee.x))
          if overflow { throw MachineError.overflow }
          r[index(i.pointee.a)] = sum
          let j = next
          next += 1
          r[index(j.pointee.a)] = try heap.getWord(r[index(j.pointee.b)], r[index(j.pointee.c)])
        case .getWordBranchLess:
          let element = try heap.getWord(r[index(i.pointee.b)], r[index(i.pointee.c)])
          r[index(i.pointee.a)] = element
          let j = next
          next += 1
          if element < r[index(j.pointee.b)] {
            fuel &-= index(j.pointee.c)
          } else {
            fuel &-= index(j.pointee.y)
            next = j.target
          }
        case .getWordBranchLessOrEqual:
          let element = try heap.getWord(r[index(i.pointee.b)], r[index(i.pointee.c)])
          r[index(i.pointee.a)] = element
          let j = next
          next += 1
          if element <= r[index(j.pointee.b)] {
            fuel &-= index(j.pointee.c)
          } else {
            fuel &-= index(j.pointee.y)
            next = j.target
          }
        case .getWordBranchGreater:
          let element = try heap.getWord(r[index(i.pointee.b)], r[index(i.pointee.c)])
          r[index(i.pointee.a)] = element
          let j = next
          next += 1
          if element > r[index(j.pointee.a)] {
            fuel &-= index(j.pointee.c)
          } else {
            fuel &-= index(j.pointee.y)
            next = j.target
          }
        case .getWordBranchGreaterOrEqual:
          let element = try heap.getWord(r[index(i.pointee.b)], r[index(i.pointee.c)])
          r[index(i.pointee.a)] = element
          let j = next
          next += 1
          if element >= r[index(j.pointee.a)] {
            fuel &-= index(j.pointee.c)
          } else {
            fuel &-= index(j.pointee.y)
            next = j.target
          }
        case .getWordBranchLessImmediate:
          let element = try heap.getWord(r[index(i.pointee.b)], r[index(i.pointee.c)])
          r[index(i.pointee.a)] = element
          let j = next
          next += 1
          if element < number(j.pointee.b) {
            fuel &-= index(j.pointee.c)
          } else {
            fuel &-= index(j.pointee.y)
            next = j.target
          }
        case .charge:
          fuel &-= index(i.pointee.x)
        case .traceBegin, .traceEnd:
          heap.fuel = fuel
          try tell(i, of: image, r)
        }
      }
    } catch {
      // It may have ended before the heap was told, or inside the heap, which had charged more.
      heap.fuel = min(heap.fuel, fuel)
      position = next
      throw error
    }
  }

  @inline(never)
  private func outOfLimits(_ fuel: Int, _ depth: Int) throws(MachineError) {
    throw fuel < 0 ? .fuel(limit: heap.fuelLimit) : .depth(limit: limits.depth)
  }

  /// An empty list for a loop to fill, of the kind with that number.
  @inline(__always)
  private func newList(_ kind: Int32, room: Int) throws(MachineError) -> Word {
    let kind = Kind(rawValue: UInt8(truncatingIfNeeded: kind)).unsafelyUnwrapped
    // With some more room: what a loop made is often appended to.
    return Word(bitPattern: try heap.emptyList(kind, capacity: room &+ room >> 6))
  }

  @inline(__always)
  private func divide(_ left: Int, _ right: Int) throws(MachineError) -> Int {
    // -1 as the divisor may overflow, and is as rare as 0.
    if UInt(bitPattern: right &+ 1) <= 1 {
      if right == 0 { throw .divisionByZero }
      if left == .min { throw .overflow }
    }
    let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
    return (remainder ^ right) < 0 && remainder != 0 ? quotient &- 1 : quotient
  }

  @inline(__always)
  private func modulo(_ left: Int, _ right: Int) throws(MachineError) -> Int {
    if UInt(bitPattern: right &+ 1) <= 1 {
      if right == 0 { throw .divisionByZero }
      return 0
    }
    let remainder = left % right
    return (remainder ^ right) < 0 && remainder != 0 ? remainder &+ right : remainder
  }
}

extension UnsafePointer<Instruction> {
  /// Where the instruction, which jumps, jumps to.
  @inline(__always)
  fileprivate var target: UnsafePointer<Instruction> {
    (UnsafeRawPointer(self) + Int(truncatingIfNeeded: pointee.x))
      .assumingMemoryBound(to: Instruction.self)
  }
}

extension Heap {
  /// The element at a position of a list whose elements are no references. Borrows the list.
  @inline(__always)
  func getWord(_ list: Word, _ position: Int) throws(MachineError) -> Word {
    try checkIndex(position, list.list)
    return list.list.pointee.elements[position]
  }

  /// Puts a value after a list that a loop is building: it is unique and has the room.
  @inline(__always)
  func push(_ list: Word, _ value: Word) {
    let list = list.list
    list.pointee.elements[list.pointee.count] = value
    list.pointee.count &+= 1
  }

  /// Both parts of a pair, for the price of the pair.
  @inline(__always)
  func takeApart(_ word: Word) -> (first: Word, second: Word) {
    let pair = word.pair.pointee
    if pair.header.references == 1 {
      freeObject(word)
    } else {
      retain(pair.first, pair.header.firstKind)
      retain(pair.second, pair.header.secondKind)
      release(word)
    }
    return (pair.first, pair.second)
  }
}
