import LinearLayer
import ReefMachine
import ReefTasks
import Testing

@Suite("The linear layer's oracles against sums over indices") struct LinearLayerOracleTests {
  private func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
    var result = a.map { _ in Array(repeating: 0.0, count: b[0].count) }
    for k in b.indices.reversed() {
      for i in a.indices { for j in b[k].indices { result[i][j] += a[i][k] * b[k][j] } }
    }
    return result
  }

  /// wx + b, x being a matrix of one column.
  private func layer(_ w: [[Double]], _ x: [Double], _ b: [Double]) -> [Double] {
    zip(product(w, x.map { [$0] }), b).map { $0[0] + $1 }
  }

  @Test("Vectors", arguments: 0..<10)
  func vectors(seed: Int) throws {
    for (input, output) in try examples(linearLayer, "sum", seed: seed) {
      #expect(output.real == input[0].reals.reversed().reduce(0, +))
    }
    for (input, output) in try examples(linearLayer, "dot", seed: seed) {
      let (x, y) = (input[0].reals, input[1].reals)
      #expect(output.real == (x.isEmpty ? 0 : product([x], y.map { [$0] })[0][0]))
    }
    for (input, output) in try examples(linearLayer, "products", seed: seed) {
      #expect(
        output.reals == input[0].reals.indices.map { input[0].reals[$0] * input[1].reals[$0] })
    }
    for (input, output) in try examples(linearLayer, "addVectors", seed: seed) {
      #expect(
        output.reals == input[0].reals.indices.map { input[0].reals[$0] + input[1].reals[$0] })
    }
    for (input, output) in try examples(linearLayer, "relu", seed: seed) {
      #expect(output.reals == input[0].reals.map { ($0 + abs($0)) / 2 })
    }
  }

  @Test("Matrices", arguments: 0..<10)
  func matrices(seed: Int) throws {
    for (input, output) in try examples(linearLayer, "matrixProduct", count: 20, seed: seed) {
      #expect(output.matrix == product(input[0].matrix, input[1].matrix))
    }
    for (input, output) in try examples(linearLayer, "matrixVector", seed: seed) {
      let (w, x) = (input[0].matrix, input[1].reals)
      #expect(output.reals == layer(w, x, w.map { _ in 0 }))
    }
    for (input, output) in try examples(linearLayer, "transpose", seed: seed) {
      let (m, t) = (input[0].matrix, output.matrix)
      #expect(t.count == m[0].count && t.allSatisfy { $0.count == m.count })
      for i in m.indices { for j in m[i].indices { #expect(t[j][i] == m[i][j]) } }
    }
  }

  @Test("Layers", arguments: 0..<10)
  func layers(seed: Int) throws {
    for (input, output) in try examples(linearLayer, "layer", seed: seed) {
      #expect(output.reals == layer(input[0].matrix, input[1].reals, input[2].reals))
    }
    for (input, output) in try examples(linearLayer, "mlp", seed: seed) {
      let hidden = layer(input[0].matrix, input[4].reals, input[1].reals)
      let active = hidden.map { max(0, $0) }
      #expect(output.reals == layer(input[2].matrix, active, input[3].reals))
    }
  }

  @Test("Shapes that do not fit are outside the domain")
  func misfits() throws {
    let (one, two) = (Value.reals([1]), Value.reals([1, 2]))
    for task in ["dot", "products", "addVectors"] {
      #expect(try linearLayer.expected(task: task, inputs: [[one, two]]) == [nil])
    }
    let ragged = Value.list([one, two])
    #expect(try linearLayer.expected(task: "transpose", inputs: [[ragged]]) == [nil])
    #expect(try linearLayer.expected(task: "matrixVector", inputs: [[ragged, one]]) == [nil])
  }

  @Test("Matrices of one row, of one column and not square all come", arguments: [3, 8, 64])
  func shapes(size: Int) throws {
    let matrices = try linearLayer.generate(task: "layer", size: size, count: 20, seed: 1)
      .map { $0[0].matrix }
    #expect(matrices.contains { $0.count == 1 && $0[0].count == size })
    #expect(matrices.contains { $0.count == size && $0[0].count == 1 })
    #expect(matrices.contains { $0.count == size && $0[0].count == size })
    #expect(matrices.contains { $0.count > 1 && $0[0].count > 1 && $0.count != $0[0].count })
  }

  @Test("The rectifier stops everything, or nothing, or some of it")
  func rectifier() throws {
    let zeros = Array(repeating: 0.0, count: 8)
    let cases = try examples(linearLayer, "relu", sizes: [8], seed: 1)
    #expect(cases.contains { $0.input[0].reals.count == 8 && $0.output.reals == zeros })
    #expect(cases.contains { $0.input[0] == $0.output && $0.output.reals.contains { $0 > 0 } })
    #expect(cases.contains { $0.input[0] != $0.output && $0.output.reals.contains { $0 > 0 } })
  }
}
