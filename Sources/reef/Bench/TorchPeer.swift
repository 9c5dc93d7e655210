import Foundation
import ReefMachine

/// The tensor workloads in PyTorch, where python3 has it; one thread.
struct TorchPeer {
  private let measured: [String: Timed]

  /// Nil where PyTorch is not installed; takes some seconds.
  static func measure() throws -> TorchPeer? {
    guard let output = try? ScriptPeer.run("python3", script) else { return nil }
    var measured: [String: Timed] = [:]
    for line in output.split(separator: "\n") {
      guard let row = try JSON(parsing: String(line)).array, row.count == 3,
        let name = row[0].string, let seconds = row[1].double, let answer = row[2].double
      else { throw WrongAnswer(workload: "PyTorch", found: String(line), expected: "a row") }
      measured[name] = Timed(seconds: seconds, answer: answer)
    }
    return TorchPeer(measured: measured)
  }

  /// How many times faster our work was; throws where the answers differ.
  func compare(_ name: String, _ ours: Timed, within tolerance: Double) throws -> BenchRow.Peer? {
    guard let theirs = measured[name] else { return nil }
    try check("\(name) in PyTorch", theirs.answer, ours.answer, within: tolerance)
    return .init(name: "PyTorch", ratio: theirs.seconds / ours.seconds)
  }

  private static let script = """
    import json, math, time
    import torch
    from torch.nn import functional as F
    torch.set_num_threads(1)

    def spread(shape, seed, bound=1.0):
        words = (torch.arange(math.prod(shape)) * 2654435761 + seed * 40503) % 2**32
        return ((words.double() / 2**31 - 1) * bound).float().reshape(shape)

    def least(work, samples):
        work()
        times = []
        for _ in range(samples):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        return min(times)

    def report(name, seconds, answer):
        print(json.dumps([name, seconds, float(answer)]), flush=True)

    for size in [64, 256, 1024]:
        a, b = spread((size, size), 1), spread((size, size), 2)
        c = torch.empty(size, size)
        repeats = max(1, 2**26 // size**3)
        def product():
            for _ in range(repeats):
                torch.mm(a, b, out=c)
        seconds = least(product, 80) / repeats
        report(f"product {size}", seconds, (c.double() * spread((size, size), 3).double()).sum())

    # Parameters in our order; matrices are spread by their index, gains 1, biases 0.
    parameters = []
    def add(*shape):
        if len(shape) == 2:
            value = spread(shape, len(parameters), shape[0] ** -0.5)
        else:
            value = torch.zeros(shape)
        parameters.append(value.requires_grad_())
        return value
    def gain(width):
        value = torch.ones(width).requires_grad_()
        parameters.append(value)
        return value

    layers = [(add(m, n), add(n)) for m, n in [(64, 128), (128, 128), (128, 32)]]
    x, target = spread((256, 64), 1000), spread((256, 32), 1001)
    def mlp():
        global loss
        for p in parameters:
            p.grad = None
        h = F.relu(torch.addmm(layers[0][1], x, layers[0][0]))
        h = F.relu(torch.addmm(layers[1][1], h, layers[1][0]))
        loss = F.mse_loss(torch.addmm(layers[2][1], h, layers[2][0]), target)
        loss.backward()
    seconds = least(mlp, 3000)
    norm = math.sqrt(sum((p.grad.double() ** 2).sum() for p in parameters))
    report("layers 64-128-128-32, batch 256, forward and backward", seconds, loss.item() + norm)

    def policy(batch, length, samples):
        parameters.clear()
        width, heads = 64, 4
        token, place = add(64, width), add(32, width)
        blocks = []
        for _ in range(2):
            blocks.append([gain(width), add(width), add(width, 3 * width), add(3 * width),
                           add(width, width), add(width), gain(width), add(width),
                           add(width, 4 * width), add(4 * width), add(4 * width, width), add(width)])
        norm, shift, out, bias = gain(width), add(width), add(width, 32), add(32)
        matrices = [p for p in parameters if p.dim() == 2]
        vectors = [p for p in parameters if p.dim() == 1]
        optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0}],
            lr=0.001, fused=True)
        inputs = (torch.arange(batch * length) * 7 % 64).reshape(batch, length)
        targets = torch.arange(batch * length) * 5 % 32
        places = torch.arange(length)
        losses = []
        def step():
            optimizer.zero_grad(set_to_none=True)
            x = F.embedding(inputs, token) + F.embedding(places, place)
            for g1, s1, wp, bp, wj, bj, g2, s2, ww, bw, wn, bn in blocks:
                qkv = F.layer_norm(x, (width,), g1, s1) @ wp + bp
                q, k, v = (t.reshape(batch, length, heads, width // heads).transpose(1, 2)
                           for t in qkv.split(width, -1))
                a = F.scaled_dot_product_attention(q, k, v, is_causal=True)
                x = x + (a.transpose(1, 2).reshape(batch, length, width) @ wj + bj)
                h = F.gelu(F.layer_norm(x, (width,), g2, s2) @ ww + bw, approximate="tanh")
                x = x + (h @ wn + bn)
            logits = F.layer_norm(x, (width,), norm, shift) @ out + bias
            loss = F.cross_entropy(logits.reshape(-1, 32), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        seconds = least(step, samples)
        report(f"attention step, {batch} x {length}", seconds, sum(losses[:4]))

    for batch, length in [(64, 32), (1, 32), (1, 1)]:
        policy(batch, length, 100 if batch * length > 1000 else 3000)
    """
}
