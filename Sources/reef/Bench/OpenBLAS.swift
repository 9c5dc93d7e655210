import Foundation

/// The matrix product of OpenBLAS, where this system or its NumPy has that library; one thread.
struct OpenBLAS {
  // The same for builds with 32-bit and with 64-bit sizes: small arguments take a whole word each.
  private typealias Product =
    @convention(c) (
      Int, Int, Int, Int, Int, Int, Float, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int,
      Float, UnsafeMutablePointer<Float>, Int
    ) -> Void
  private typealias SetThreads = @convention(c) (Int32) -> Void

  private let product: Product

  /// Nil where it is not installed.
  static let installed: OpenBLAS? = {
    let findNumPy = """
      import glob, numpy, os
      print(*glob.glob(os.path.dirname(numpy.__file__) + ".libs/*openblas*"))
      """
    let ofNumPy = (try? ScriptPeer.run("python3", findNumPy)).map {
      $0.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    for path in ["libopenblas.so.0"] + (ofNumPy ?? []) {
      guard let library = dlopen(path, RTLD_NOW) else { continue }
      for (prefix, suffix) in [("", ""), ("scipy_", "64_"), ("scipy_", "")] {
        guard let product = dlsym(library, "\(prefix)cblas_sgemm\(suffix)"),
          let threads = dlsym(library, "\(prefix)openblas_set_num_threads\(suffix)")
        else { continue }
        unsafeBitCast(threads, to: SetThreads.self)(1)
        return OpenBLAS(product: unsafeBitCast(product, to: Product.self))
      }
    }
    return nil
  }()

  /// c = a * b for square matrices.
  func multiply(_ size: Int, _ a: [Float], _ b: [Float], _ c: inout [Float]) {
    let (rowMajor, asGiven) = (101, 111)
    product(rowMajor, asGiven, asGiven, size, size, size, 1, a, size, b, size, 0, &c, size)
  }
}
