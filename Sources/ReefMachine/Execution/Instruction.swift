/// The machine's instructions, with their meaning: `a` is the register that is written; `b` and `c`
/// are read; `x` and `y` are immediate. *Moves* hand a reference over; nothing else changes counts
/// unless it is said.
enum Opcode: UInt8 {
  // MARK: Flow
  /// Ends the run with the result `a`.
  case halt
  /// Goes on at `x`.
  case jump
  /// Where `b` is false goes on at `x` and charges `y` steps, else charges `c`.
  case branch
  /// The same where a < b, a <= b or a = b is false.
  case branchLess, branchLessOrEqual, branchEqual
  /// The same with `b` as a signed number.
  case branchLessImmediate, branchLessOrEqualImmediate, branchEqualImmediate
  /// The same where the opposite is false.
  case branchNot, branchUnequal
  case branchGreaterImmediate, branchGreaterOrEqualImmediate, branchUnequalImmediate
  /// Calls the function `x` with `b` operands, whose registers stand from `y` on in the image's
  /// pool, in a frame `c` words above this one; the result goes to `a`. Moves the operands.
  case call
  /// Gives `b` to the caller; `x` is 1 where the call counts for the limit of depth.
  case `return`
  /// Where the memo `x` knows the arguments, which stand in the first registers: gives their result to
  /// the caller, as `return` does, `c` being its `x`, and releases the arguments. Else a = their place
  /// in the memo; charges `y`.
  case recall
  /// The memo `x` has the result b for the place c.
  case remember

  // MARK: Data
  /// a = the constant `x`
  case constant
  /// a = b
  case move
  /// Counts one owner more of `b`.
  case retain
  /// Counts one owner less of `b`.
  case release
  /// a = b ? c : register y
  case select
  /// a = the atom `x` of the image on b, c and register y
  case native

  // MARK: Ints, a = b op c; overflow and division by zero end the run
  case add, subtract, multiply, divide, modulo, minimum, maximum, less, lessOrEqual
  case equalWords
  // a = b op x
  case addImmediate, subtractImmediate, multiplyImmediate, divideImmediate, moduloImmediate
  case minimumImmediate, maximumImmediate, lessImmediate, lessOrEqualImmediate
  case equalWordsImmediate

  // MARK: Bools and reals
  case and, or, not
  case realAdd, realSubtract, realMultiply, realDivide, realLess, equalReals

  // MARK: Lists and pairs, as the atoms of these names: see `Heap+Lists`
  case append, prepend, get, set, length, isEmpty, first, rest
  /// `get` of an element that is no reference.
  case getWord
  /// a = the ints from b up to c
  case range
  /// a = the pair of b and c, of the kinds `x` and `y`. Moves both.
  case pairMake
  case pairFirst, pairSecond
  /// a = the first part of the pair b; register `x` = the second. Moves b.
  case takeApart

  // MARK: Declared types
  /// a = what the constructor c makes of b fields, whose registers stand from `y` on in the image's
  /// pool and whose kinds are the constant `x`. Moves the fields.
  case make
  /// a = the field `x` of b
  case field
  /// a = the number of the constructor that made b
  case tag

  // MARK: Loops
  /// a = an empty list of the kind `x` with room for as many elements as the shortest of the lists
  /// b and c has.
  case newList
  /// The same with room for the ints from b up to c.
  case newListOfRange
  /// Charges what the ints from b up to c would as a list, and refuses what that would not be made of.
  case chargeRange
  /// a = b - 1, wrapping
  case rangeBegin
  /// Puts b after the list a. Moves b.
  case push
  /// Puts b after the list a where c is true, else releases it; `x` is its kind. Moves b.
  case pushIf
  /// Where the list b has an element at the position c: a = it, retained; c += 1; charges `y` and
  /// goes on at `x`.
  case listNext
  /// The same where the elements are no references.
  case listNextWord
  /// The same for two lists; the next instruction names a and b of the second.
  case listsNext
  /// Where a + 1 < b: a += 1; charges `y` and goes on at `x`.
  case rangeNext
  /// Where the count b is positive: b -= 1; charges `y` and goes on at `x`.
  case iterateNext
  /// Where b is true charges `y` and goes on at `x`.
  case loopNext
  /// The same where a < b, a <= b or a = b is true.
  case loopLess, loopLessOrEqual, loopEqual
  /// The same with `b` as a signed number.
  case loopLessImmediate, loopLessOrEqualImmediate, loopEqualImmediate
  /// Charges `x` steps.
  case charge

  // MARK: Two in one
  // What the name says first, and then the next instruction, which stays what it is and may be jumped
  // to: one dispatch less.
  case addImmediateGetWord
  /// The branch compares the element, which it need not fetch again, with something else.
  case getWordBranchLess, getWordBranchLessOrEqual, getWordBranchLessImmediate
  case getWordBranchGreater, getWordBranchGreaterOrEqual

  // MARK: Traces, in traced images only
  /// Tells the run's observer that the application `x` of the image begins.
  case traceBegin
  /// Tells it that the application `x` has ended with the result b.
  case traceEnd
}

extension Opcode {
  /// Whether all that it does to its frame is to write `a`, or also the register `x`.
  var writesRegister: Bool {
    switch self {
    case .halt, .return, .recall, .remember, .retain, .release, .newList, .newListOfRange,
      .chargeRange, .push, .pushIf, .charge, .traceBegin, .traceEnd:
      false
    default: !jumps
    }
  }

  /// Whether it may go on at `x`.
  var jumps: Bool {
    (Opcode.jump.rawValue..<Opcode.call.rawValue).contains(rawValue)
      || (Opcode.listNext.rawValue..<Opcode.charge.rawValue).contains(rawValue)
  }
}

extension Instruction {
  /// The instruction that also does the next one's work; nil where there is none.
  func paired(with next: Instruction) -> Opcode? {
    switch (opcode, next.opcode) {
    case (.addImmediate, .getWord): .addImmediateGetWord
    case (.getWord, .branchLessImmediate) where next.a == a: .getWordBranchLessImmediate
    case (.getWord, .branchLess) where next.a == a: .getWordBranchLess
    case (.getWord, .branchLessOrEqual) where next.a == a: .getWordBranchLessOrEqual
    case (.getWord, .branchLess) where next.b == a: .getWordBranchGreater
    case (.getWord, .branchLessOrEqual) where next.b == a: .getWordBranchGreaterOrEqual
    default: nil
    }
  }

  /// The branch that goes on where this one jumps, and jumps where it goes on.
  var inverted: Instruction? {
    guard let cost = UInt16(exactly: y) else { return nil }
    var inverted = self
    inverted.c = cost
    inverted.y = Int32(c)
    switch opcode {
    case .branch: inverted.opcode = .branchNot
    case .branchLess, .branchLessOrEqual:
      // a < b fails where b <= a.
      inverted.opcode = opcode == .branchLess ? .branchLessOrEqual : .branchLess
      (inverted.a, inverted.b) = (b, a)
    case .branchEqual: inverted.opcode = .branchUnequal
    case .branchLessImmediate: inverted.opcode = .branchGreaterOrEqualImmediate
    case .branchLessOrEqualImmediate: inverted.opcode = .branchGreaterImmediate
    case .branchEqualImmediate: inverted.opcode = .branchUnequalImmediate
    default: return nil
    }
    return inverted
  }

  /// A comparison and the branch on its result in one; nil where there is no such instruction.
  func fused(with branch: Instruction) -> Instruction? {
    let isBranch = branch.opcode == .branch
    var fused = branch
    fused.a = b
    fused.b = c
    switch opcode {
    case .less: fused.opcode = isBranch ? .branchLess : .loopLess
    case .lessOrEqual: fused.opcode = isBranch ? .branchLessOrEqual : .loopLessOrEqual
    case .equalWords: fused.opcode = isBranch ? .branchEqual : .loopEqual
    case .lessImmediate: fused.opcode = isBranch ? .branchLessImmediate : .loopLessImmediate
    case .lessOrEqualImmediate:
      fused.opcode = isBranch ? .branchLessOrEqualImmediate : .loopLessOrEqualImmediate
    case .equalWordsImmediate: fused.opcode = isBranch ? .branchEqualImmediate : .loopEqualImmediate
    default: return nil
    }
    switch opcode {
    case .lessImmediate, .lessOrEqualImmediate, .equalWordsImmediate:
      guard let number = Int16(exactly: x) else { return nil }
      fused.b = UInt16(bitPattern: number)
    default: break
    }
    return fused
  }
}

/// One instruction: fixed-width fields that need no decoding.
struct Instruction {
  var opcode: Opcode
  var a: UInt16 = 0
  var b: UInt16 = 0
  var c: UInt16 = 0
  var x: Int32 = 0
  var y: Int32 = 0
}
