import ReefMachine

/// A complex number; in the machine, a pair of reals.
struct Complex: Hashable {
  var real, imaginary: Double

  init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// Nil where the value is no pair of reals.
  init?(_ value: Value) {
    guard let (first, second) = value.pair, let real = first.real, let imaginary = second.real
    else { return nil }
    self.init(real, imaginary)
  }

  static let zero = Complex(0)

  var value: Value { .pair(.real(real), .real(imaginary)) }
  var conjugate: Complex { Complex(real, -imaginary) }
  /// |z|².
  var square: Double { real * real + imaginary * imaginary }
  var isFinite: Bool { real.isFinite && imaginary.isFinite }

  static func + (x: Complex, y: Complex) -> Complex {
    Complex(x.real + y.real, x.imaginary + y.imaginary)
  }
  static func - (x: Complex, y: Complex) -> Complex {
    Complex(x.real - y.real, x.imaginary - y.imaginary)
  }
  static func * (x: Complex, y: Complex) -> Complex {
    Complex(
      x.real * y.real - x.imaginary * y.imaginary, x.real * y.imaginary + x.imaginary * y.real)
  }
  static func * (x: Double, y: Complex) -> Complex { Complex(x * y.real, x * y.imaginary) }
  /// Of a number that is not 0.
  static func / (x: Complex, y: Complex) -> Complex { (1 / y.square) * (x * y.conjugate) }
}

/// Two complex numbers: a column of two rows, or a row of two columns.
struct ComplexPair: Hashable {
  var first, second: Complex

  init(_ first: Complex, _ second: Complex) {
    self.first = first
    self.second = second
  }

  /// |v|².
  var square: Double { first.square + second.square }

  /// v*·w.
  func dot(_ other: ComplexPair) -> Complex {
    first.conjugate * other.first + second.conjugate * other.second
  }

  /// A pair of the same length at a right angle to it.
  var perpendicular: ComplexPair {
    ComplexPair(Complex(0) - second.conjugate, first.conjugate)
  }

  /// The same direction with length 1, or itself where it is 0.
  var normalized: ComplexPair {
    let length = square.squareRoot()
    return length > 0 ? (1 / length) * self : self
  }

  static func + (v: ComplexPair, w: ComplexPair) -> ComplexPair {
    ComplexPair(v.first + w.first, v.second + w.second)
  }
  static func * (x: Double, v: ComplexPair) -> ComplexPair {
    ComplexPair(x * v.first, x * v.second)
  }
  static func * (x: Complex, v: ComplexPair) -> ComplexPair {
    ComplexPair(x * v.first, x * v.second)
  }
}

/// A square matrix of complex numbers, row-major.
struct ComplexMatrix {
  let size: Int
  var elements: [Complex]

  init(size: Int) {
    self.size = size
    elements = Array(repeating: .zero, count: size * size)
  }

  subscript(row: Int, column: Int) -> Complex {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  func callAsFunction(_ x: [Complex]) -> [Complex] {
    (0..<size).map { row in
      x.indices.reduce(.zero) { $0 + self[row, $1] * x[$1] }
    }
  }
}
