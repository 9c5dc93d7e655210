import CKernels

/// SHA-256 as FIPS 180-4 defines it.
package struct SHA256: Sendable {
  /// The words a to h.
  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
  /// What does not fill a block of 64 bytes yet.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  package init() {}

  package static func hash(_ bytes: some Sequence<UInt8>) -> Digest {
    var hasher = SHA256()
    hasher.update(bytes)
    return hasher.finalize()
  }

  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable {
      update(UnsafeRawBufferPointer($0))
    }
    if isDone == nil { Array(bytes).withUnsafeBytes { update($0) } }
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount += UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let first = rest.prefix(64 - pending.count)
      pending.append(contentsOf: first)
      rest = rest.dropFirst(first.count)
      guard pending.count == 64 else { return }
      pending.withUnsafeBytes { SHA256.compress(&state, $0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count & ~63
    SHA256.compress(&state, UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  package consuming func finalize() -> Digest {
    let bitCount = byteCount * 8
    pending.reserveCapacity(128)
    pending.append(0x80)
    pending.append(contentsOf: repeatElement(0, count: (120 - pending.count) % 64))
    withUnsafeBytes(of: bitCount.bigEndian) { pending.append(contentsOf: $0) }
    pending.withUnsafeBytes { SHA256.compress(&state, $0) }
    return Digest(
      words: SIMD4(truncatingIfNeeded: state.evenHalf) &<< 32
        | SIMD4(truncatingIfNeeded: state.oddHalf))
  }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  private static let hasInstructions = reef_sha256_has_instructions()

  /// Takes in whole blocks.
  static func compress(_ state: inout SIMD8<UInt32>, _ blocks: UnsafeRawBufferPointer) {
    guard hasInstructions, let start = blocks.baseAddress else {
      return compressByRounds(&state, blocks)
    }
    withUnsafeMutableBytes(of: &state) {
      reef_sha256(
        $0.assumingMemoryBound(to: UInt32.self).baseAddress,
        start.assumingMemoryBound(to: UInt8.self), blocks.count / 64)
    }
  }

  /// The same on any processor.
  static func compressByRounds(
    _ state: inout SIMD8<UInt32>, _ blocks: UnsafeRawBufferPointer
  ) {
    @inline(__always) func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
      word >> count | word << (32 - count)
    }
    constants.withUnsafeBufferPointer { constants in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
        @inline(__always) func round(
          _ index: Int, _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32,
          _ f: UInt32, _ g: UInt32, _ h: inout UInt32
        ) {
          let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
          let choice = (e & f) ^ (~e & g)
          let t1 = h &+ s1 &+ choice &+ constants[index] &+ schedule[index]
          let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
          let majority = (a & b) ^ (a & c) ^ (b & c)
          d &+= t1
          h = t1 &+ s0 &+ majority
        }
        for start in stride(from: 0, to: blocks.count, by: 64) {
          for index in 0..<16 {
            schedule[index] = UInt32(
              bigEndian: blocks.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self))
          }
          for index in 16..<64 {
            let (a, b) = (schedule[index - 15], schedule[index - 2])
            let s0 = rotate(a, 7) ^ rotate(a, 18) ^ a >> 3
            let s1 = rotate(b, 17) ^ rotate(b, 19) ^ b >> 10
            schedule[index] = schedule[index - 16] &+ s0 &+ schedule[index - 7] &+ s1
          }
          var (a, b, c, d) = (state[0], state[1], state[2], state[3])
          var (e, f, g, h) = (state[4], state[5], state[6], state[7])
          // After eight rounds the words are in their places again.
          for index in stride(from: 0, to: 64, by: 8) {
            round(index, a, b, c, &d, e, f, g, &h)
            round(index + 1, h, a, b, &c, d, e, f, &g)
            round(index + 2, g, h, a, &b, c, d, e, &f)
            round(index + 3, f, g, h, &a, b, c, d, &e)
            round(index + 4, e, f, g, &h, a, b, c, &d)
            round(index + 5, d, e, f, &g, h, a, b, &c)
            round(index + 6, c, d, e, &f, g, h, a, &b)
            round(index + 7, b, c, d, &e, f, g, h, &a)
          }
          state &+= SIMD8(a, b, c, d, e, f, g, h)
        }
      }
    }
  }
}
