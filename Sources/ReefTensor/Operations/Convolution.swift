import CKernels

extension Tensor {
  /// A 2-D convolution (cross-correlation, as networks use it) with an activation.
  ///
  /// - Parameters:
  ///   - weight: Of shape [kernel height, kernel width, channels, outputs].
  ///   - bias: Of shape [outputs].
  ///   - stride: The step of the window, in both directions.
  ///   - padding: Zeros around the image, on each side.
  /// - Precondition: This is [images, height, width, channels].
  /// - Returns: A tensor [images, rows, columns, outputs].
  package func convolved(
    _ weight: Tensor, _ bias: Tensor, _ activation: Activation = .identity, stride: Int = 1,
    padding: Int = 0
  ) -> Tensor {
    let kernel = weight.shape
    precondition(
      shape.rank == 4 && kernel.rank == 4 && kernel[2] == shape[3] && stride > 0 && padding >= 0
        && shape[1] + 2 * padding >= kernel[0] && shape[2] + 2 * padding >= kernel[1],
      "images \(shape) do not fit kernels \(kernel)")
    let geometry = ReefConvolution(
      height: shape[1], width: shape[2], channels: shape[3], kernel_height: kernel[0],
      kernel_width: kernel[1], stride: stride, padding: padding,
      out_height: (shape[1] + 2 * padding - kernel[0]) / stride + 1,
      out_width: (shape[2] + 2 * padding - kernel[1]) / stride + 1)
    return patches(geometry)
      .linear(weight.reshaped(Shape(kernel.rows, kernel[3])), bias, activation)
      .reshaped(Shape(shape[0], geometry.out_height, geometry.out_width, kernel[3]))
  }

  /// The windows of all images as rows of a matrix.
  private func patches(_ geometry: ReefConvolution) -> Tensor {
    let result = tape.append(
      .patches(index, geometry),
      Shape(
        shape[0] * geometry.out_height * geometry.out_width,
        geometry.kernel_height * geometry.kernel_width * geometry.channels),
      needsGradient: needsGradient)
    withUnsafePointer(to: geometry) { geometry in
      forEachImage(of: node, result.node) { image, patches in
        reef_patches(geometry, node.value + image, result.node.value + patches)
      }
    }
    return result
  }
}

extension Tape {
  func patchesAdjoint(_ x: Int, _ geometry: ReefConvolution, _ node: Node) {
    guard let target = gradientToAdd(to: x) else { return }
    withUnsafePointer(to: geometry) { geometry in
      forEachImage(of: nodes[x], node) { image, patches in
        reef_add_patches(geometry, node.gradient! + patches, target + image)
      }
    }
  }
}

/// Where each image begins, and its patches.
private func forEachImage(of images: Node, _ patches: Node, _ body: (Int, Int) -> Void) {
  let count = images.shape[0]
  for index in 0..<count {
    body(index * (images.shape.count / count), index * (patches.shape.count / count))
  }
}
