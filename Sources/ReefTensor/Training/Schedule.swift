import Foundation

/// A learning rate that rises linearly for the first steps and then falls.
package struct Schedule: Hashable, Sendable {
  package enum Decay: Hashable, Sendable {
    case constant, linear, cosine
  }

  package let peak: Float
  package let warmup: Int
  package let total: Int
  package let decay: Decay

  /// - Parameters:
  ///   - peak: The highest rate.
  ///   - warmup: After how many steps it is reached.
  ///   - total: After how many steps the rate is 0, unless it is constant.
  package init(peak: Float, warmup: Int = 0, total: Int, decay: Decay = .cosine) {
    precondition(warmup >= 0 && total > warmup, "\(warmup) steps of warm-up in \(total)")
    self.peak = peak
    self.warmup = warmup
    self.total = total
    self.decay = decay
  }

  /// The rate of a step, counted from 0.
  package func rate(at step: Int) -> Float {
    if step < warmup { return peak * Float(step + 1) / Float(warmup) }
    let progress = min(1, Double(step - warmup) / Double(total - warmup))
    return switch decay {
    case .constant: peak
    case .linear: peak * Float(1 - progress)
    case .cosine: peak * Float((1 + cos(.pi * progress)) / 2)
    }
  }
}
