import ReefMachine

extension Safetensors {
  /// A file of a skill's weights.
  package init(weights: [Weight]) {
    self.init(
      weights.map { weight in
        Tensor(
          name: weight.name, type: weight.scalar == .float32 ? .f32 : .f64,
          shape: weight.shape.map(UInt64.init), bytes: weight.bytes)
      })
  }

  /// The tensors as a skill may own them, in the order of their names: real numbers of 4 or 8 bytes.
  package func weights() throws(SafetensorsError) -> [Weight] {
    var weights: [Weight] = []
    for tensor in tensors {
      guard let scalar = Weight.Scalar(rawValue: tensor.type.rawValue) else {
        throw SafetensorsError(
          "\(tensor.name) has elements of type \(tensor.type.rawValue); a skill's weights are F32 or "
            + "F64.")
      }
      let shape = tensor.shape.compactMap(Int.init(exactly:))
      guard shape.count == tensor.shape.count,
        let weight = Weight(
          name: tensor.name, scalar: scalar, shape: shape, bytes: tensor.bytes)
      else { throw SafetensorsError("The shape of \(tensor.name) is too large.") }
      weights.append(weight)
    }
    return weights.sorted { $0.name < $1.name }
  }
}
