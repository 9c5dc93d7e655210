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
    var depth = 1
    var stackEnd = stack + stackCapacity

    var r = stack + 1 + Emitter.linkSize
    r[-1] = 1 + Emitter.linkSize
    r[-2] = Word(bitPattern: code + 1)
    var next = functions[0].entry
    heap.fuel &-= functions[0].cost

    @inline(__always) func index(_ register: UInt16) -> Int { Int(truncatingIfNeeded: register) }
    @inline(__always) func index(_ register: Int32) -> Int { Int(truncatingIfNeeded: register) }

    do throws(MachineError) {
      if heap.fuel < 0 || depth > depthLimit { try outOfLimits(depth) }
      while true {
        let i = next.pointee
        next += 1
        switch i.opcode {
        // MARK: Flow
        case .halt:
          return r[index(i.a)]
        case .jump:
          next = code + index(i.x)
        case .branch:
          if r[index(i.b)] == 0 {
            heap.fuel &-= index(i.y)
            next = code + index(i.x)
          } else {
            heap.fuel &-= index(i.c)
          }
        case .call:
          let function = functions + index(i.x)
          let frame = r + index(i.c)
          if frame + function.pointee.frameSize > stackEnd {
            let base = r - stack
            try reserveStack(base + index(i.c) + function.pointee.frameSize)
            stackEnd = stack + stackCapacity
            r = stack + base
          }
          let callee = r + index(i.c)
          let operands = pool + index(i.y)
          for position in 0..<index(i.b) { callee[position] = r[index(operands[position])] }
          callee[-1] = index(i.c)
          callee[-2] = Word(bitPattern: next)
          depth &+= 1
          heap.fuel &-= function.pointee.cost
          if heap.fuel < 0 || depth > depthLimit { try outOfLimits(depth) }
          r = callee
          next = function.pointee.entry
        case .return:
          let result = r[index(i.b)]
          next = UnsafePointer(bitPattern: r[-2]).unsafelyUnwrapped
          r -= r[-1]
          depth &-= 1
          r[index(next[-1].a)] = result

        // MARK: Data
        case .constant: r[index(i.a)] = constants[index(i.x)]
        case .move: r[index(i.a)] = r[index(i.b)]
        case .retain: heap.retain(r[index(i.b)])
        case .release: heap.release(r[index(i.b)])
        case .select: r[index(i.a)] = r[index(i.b)] != 0 ? r[index(i.c)] : r[index(i.y)]
        case .native:
          let native = natives + index(i.x)
          r[index(i.a)] = try native.pointee.run(
            r[index(i.b)], r[index(i.c)], r[index(i.y)], heap, native.pointee.kinds)

        // MARK: Ints
        case .add:
          let (result, overflow) = r[index(i.b)].addingReportingOverflow(r[index(i.c)])
          if overflow { throw MachineError.overflow }
          r[index(i.a)] = result
        case .subtract:
          let (result, overflow) = r[index(i.b)].subtractingReportingOverflow(r[index(i.c)])
          if overflow { throw MachineError.overflow }
          r[index(i.a)] = result
        case .multiply:
          let (result, overflow) = r[index(i.b)].multipliedReportingOverflow(by: r[index(i.c)])
          if overflow { throw MachineError.overflow }
          r[index(i.a)] = result
        case .divide: r[index(i.a)] = try divide(r[index(i.b)], r[index(i.c)])
        case .modulo: r[index(i.a)] = try modulo(r[index(i.b)], r[index(i.c)])
        case .minimum: r[index(i.a)] = min(r[index(i.b)], r[index(i.c)])
        case .maximum: r[index(i.a)] = max(r[index(i.b)], r[index(i.c)])
        case .less: r[index(i.a)] = r[index(i.b)] < r[index(i.c)] ? 1 : 0
        case .lessOrEqual: r[index(i.a)] = r[index(i.b)] <= r[index(i.c)] ? 1 : 0
        case .equalWords: r[index(i.a)] = r[index(i.b)] == r[index(i.c)] ? 1 : 0
        case .addImmediate:
          let (result, overflow) = r[index(i.b)].addingReportingOverflow(index(i.x))
          if overflow { throw MachineError.overflow }
          r[index(i.a)] = result
        case .subtractImmediate:
          let (result, overflow) = r[index(i.b)].subtractingReportingOverflow(index(i.x))
          if overflow { throw MachineError.overflow }
          r[index(i.a)] = result
        case .multiplyImmediate:
          let (result, overflow) = r[index(i.b)].multipliedReportingOverflow(by: index(i.x))
          if overflow { throw MachineError.overflow }
          r[index(i.a)] = result
        case .divideImmediate: r[index(i.a)] = try divide(r[index(i.b)], index(i.x))
        case .moduloImmediate: r[index(i.a)] = try modulo(r[index(i.b)], index(i.x))
        case .minimumImmediate: r[index(i.a)] = min(r[index(i.b)], index(i.x))
        case .maximumImmediate: r[index(i.a)] = max(r[index(i.b)], index(i.x))
        case .lessImmediate: r[index(i.a)] = r[index(i.b)] < index(i.x) ? 1 : 0
        case .lessOrEqualImmediate: r[index(i.a)] = r[index(i.b)] <= index(i.x) ? 1 : 0
        case .equalWordsImmediate: r[index(i.a)] = r[index(i.b)] == index(i.x) ? 1 : 0

        // MARK: Bools and reals
        case .and: r[index(i.a)] = r[index(i.b)] & r[index(i.c)]
        case .or: r[index(i.a)] = r[index(i.b)] | r[index(i.c)]
        case .not: r[index(i.a)] = r[index(i.b)] ^ 1
        case .realAdd:
          r[index(i.a)] = Word(real: r[index(i.b)].asReal + r[index(i.c)].asReal)
        case .realSubtract:
          r[index(i.a)] = Word(real: r[index(i.b)].asReal - r[index(i.c)].asReal)
        case .realMultiply:
          r[index(i.a)] = Word(real: r[index(i.b)].asReal * r[index(i.c)].asReal)
        case .realDivide:
          r[index(i.a)] = Word(real: r[index(i.b)].asReal / r[index(i.c)].asReal)
        case .realLess: r[index(i.a)] = r[index(i.b)].asReal < r[index(i.c)].asReal ? 1 : 0
        case .equalReals: r[index(i.a)] = r[index(i.b)].asReal == r[index(i.c)].asReal ? 1 : 0

        // MARK: Lists and pairs
        case .append: r[index(i.a)] = try heap.append(r[index(i.b)], r[index(i.c)])
        case .prepend: r[index(i.a)] = try heap.prepend(r[index(i.b)], r[index(i.c)])
        case .get: r[index(i.a)] = try heap.get(r[index(i.b)], r[index(i.c)])
        case .set:
          r[index(i.a)] = try heap.set(r[index(i.b)], r[index(i.c)], r[index(i.y)])
        case .length: r[index(i.a)] = r[index(i.b)].list.pointee.count
        case .isEmpty: r[index(i.a)] = r[index(i.b)].list.pointee.count == 0 ? 1 : 0
        case .first: r[index(i.a)] = try heap.first(r[index(i.b)])
        case .rest: r[index(i.a)] = try heap.rest(r[index(i.b)])
        case .pairMake:
          r[index(i.a)] = try heap.pair(
            r[index(i.b)], Kind(rawValue: UInt8(truncatingIfNeeded: i.x)).unsafelyUnwrapped,
            r[index(i.c)], Kind(rawValue: UInt8(truncatingIfNeeded: i.y)).unsafelyUnwrapped)
        case .pairFirst:
          let pair = r[index(i.b)].pair
          heap.retain(pair.pointee.first, pair.pointee.header.firstKind)
          r[index(i.a)] = pair.pointee.first
        case .pairSecond:
          let pair = r[index(i.b)].pair
          heap.retain(pair.pointee.second, pair.pointee.header.secondKind)
          r[index(i.a)] = pair.pointee.second

        // MARK: Loops
        case .newList:
          let capacity = min(
            r[index(i.b)].list.pointee.count, r[index(i.c)].list.pointee.count)
          let kind = Kind(rawValue: UInt8(truncatingIfNeeded: i.x)).unsafelyUnwrapped
          r[index(i.a)] = Word(bitPattern: try heap.emptyList(kind, capacity: capacity))
        case .push:
          heap.push(r[index(i.a)], r[index(i.b)])
        case .pushIf:
          if r[index(i.c)] != 0 {
            heap.push(r[index(i.a)], r[index(i.b)])
          } else if UInt8(truncatingIfNeeded: i.x) == Kind.reference.rawValue {
            heap.release(r[index(i.b)])
          }
        case .listNext:
          let list = r[index(i.b)].list
          let position = r[index(i.c)]
          if position < list.pointee.count {
            let element = list.pointee.elements[position]
            heap.retain(element, list.pointee.header.firstKind)
            r[index(i.a)] = element
            r[index(i.c)] = position &+ 1
            heap.fuel &-= index(i.y)
            if heap.fuel < 0 { try outOfLimits(depth) }
            next = code + index(i.x)
          }
        case .listsNext:
          let other = next.pointee
          next += 1
          let (list, second) = (r[index(i.b)].list, r[index(other.b)].list)
          let position = r[index(i.c)]
          if position < list.pointee.count, position < second.pointee.count {
            let element = list.pointee.elements[position]
            heap.retain(element, list.pointee.header.firstKind)
            r[index(i.a)] = element
            let otherElement = second.pointee.elements[position]
            heap.retain(otherElement, second.pointee.header.firstKind)
            r[index(other.a)] = otherElement
            r[index(i.c)] = position &+ 1
            heap.fuel &-= index(i.y)
            if heap.fuel < 0 { try outOfLimits(depth) }
            next = code + index(i.x)
          }
        case .scanNext:
          let parts = heap.takeApart(r[index(i.c)])
          r[index(i.a)] = parts.first
          heap.push(r[index(i.b)], parts.second)
        case .iterateNext:
          let count = r[index(i.b)]
          if count > 0 {
            r[index(i.b)] = count &- 1
            heap.fuel &-= index(i.y)
            if heap.fuel < 0 { try outOfLimits(depth) }
            next = code + index(i.x)
          }
        case .loopNext:
          if r[index(i.b)] != 0 {
            heap.fuel &-= index(i.y)
            if heap.fuel < 0 { try outOfLimits(depth) }
            next = code + index(i.x)
          }
        case .charge:
          heap.fuel &-= index(i.x)
        case .traceBegin, .traceEnd:
          try tell(i, of: image, r)
        }
      }
    } catch {
      position = next
      throw error
    }
  }

  @inline(never)
  private func outOfLimits(_ depth: Int) throws(MachineError) {
    throw heap.fuel < 0 ? .fuel(limit: heap.fuelLimit) : .depth(limit: limits.depth)
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

extension Heap {
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
