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
  /// Calls the function `x` with `b` operands, whose registers stand from `y` on in the image's
  /// pool, in a frame `c` words above this one; the result goes to `a`. Moves the operands.
  case call
  /// Gives `b` to the caller.
  case `return`

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
  /// a = the pair of b and c, of the kinds `x` and `y`. Moves both.
  case pairMake
  case pairFirst, pairSecond

  // MARK: Loops
  /// a = an empty list of the kind `x` with room for as many elements as the shortest of the lists
  /// b and c has.
  case newList
  /// Puts b after the list a. Moves b.
  case push
  /// Puts b after the list a where c is true, else releases it; `x` is its kind. Moves b.
  case pushIf
  /// Where the list b has an element at the position c: a = it, retained; c += 1; charges `y` and
  /// goes on at `x`.
  case listNext
  /// The same for two lists; the next instruction names a and b of the second.
  case listsNext
  /// Takes the pair c apart: a = its first part; puts the second after the list b.
  case scanNext
  /// Where the count b is positive: b -= 1; charges `y` and goes on at `x`.
  case iterateNext
  /// Where b is true charges `y` and goes on at `x`.
  case loopNext
  /// Charges `x` steps.
  case charge

  // MARK: Traces, in traced images only
  /// Tells the run's observer that the application `x` of the image begins.
  case traceBegin
  /// Tells it that the application `x` has ended with the result b.
  case traceEnd
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
