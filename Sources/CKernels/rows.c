// Operations along rows: sums, softmax, cross-entropy, normalization; and the optimizers' passes.

#include "CKernels.h"
#include "functions.h"

VARIANTS float reef_sum(long count, const float *x) {
  REASSOCIATE
  float sum = 0;
  for (long i = 0; i < count; i++) sum += x[i];
  return sum;
}

VARIANTS float reef_dot(long count, const float *x, const float *y) {
  REASSOCIATE
  float sum = 0;
  for (long i = 0; i < count; i++) sum += x[i] * y[i];
  return sum;
}

INLINE float largest(long count, const float *x) {
  // Sixteen maxima at once: the compiler must not reorder one, because of NaN.
  float lanes[16], result = -INFINITY;
  long i = 0;
  if (count >= 16) {
    memcpy(lanes, x, sizeof lanes);
    for (i = 16; i + 16 <= count; i += 16)
      for (long lane = 0; lane < 16; lane++)
        lanes[lane] = x[i + lane] > lanes[lane] ? x[i + lane] : lanes[lane];
    for (long lane = 0; lane < 16; lane++) result = lanes[lane] > result ? lanes[lane] : result;
  }
  for (; i < count; i++) result = x[i] > result ? x[i] : result;
  return result;
}

// y = softmax(x) with a stable shift; returns the logarithm of the sum of exponentials. Elements
// of negative infinity get probability 0; a row of nothing else becomes zeros.
INLINE float softmax_row(long count, const float *x, float *y) {
  REASSOCIATE
  // In place from here on, where no check for overlap keeps the compiler from vector code.
  if (x != y) memcpy(y, x, count * sizeof *y);
  const float shift = largest(count, y);
  if (shift == -INFINITY) {
    // A NaN is larger than nothing, so that it ends up here too, and has to stay one.
    float sum = 0;
    for (long i = 0; i < count; i++) sum += y[i] = y[i] == -INFINITY ? 0.0f : y[i];
    return sum != sum ? sum : -INFINITY;
  }
  float sum = 0;
  for (long i = 0; i < count; i++) {
    // Less than the least normal number is nothing: to compute with those takes a hundred times as long.
    const float x = y[i] - shift, normal = x < -87.0f ? -87.0f : x;
    const float value = exponential(normal);
    y[i] = x < -87.0f ? 0.0f : value;
    sum += y[i];
  }
  const float scale = 1.0f / sum;
  for (long i = 0; i < count; i++) y[i] *= scale;
  return shift + logarithm(sum);
}

VARIANTS void reef_softmax(long rows, long columns, const float *x, float *y) {
  for (long row = 0; row < rows; row++) softmax_row(columns, x + row * columns, y + row * columns);
}

VARIANTS void reef_softmax_adjoint(
    long rows, long columns, const float *y, const float *dy, float *restrict dx, int accumulate) {
  REASSOCIATE
  for (long row = 0; row < rows; row++, y += columns, dy += columns, dx += columns) {
    float dot = 0;
    for (long i = 0; i < columns; i++) dot += y[i] * dy[i];
    STORE_EACH(columns, dx, y[i] * (dy[i] - dot));
  }
}

VARIANTS float reef_cross_entropy(
    long rows, long columns, const float *x, const long *labels, float *probabilities) {
  float loss = 0;
  for (long row = 0; row < rows; row++, x += columns, probabilities += columns) {
    const float total = softmax_row(columns, x, probabilities);
    if (labels[row] >= 0) loss += total - x[labels[row]];
  }
  return loss;
}

VARIANTS void reef_cross_entropy_adjoint(
    long rows, long columns, const float *p, const long *labels, float scale, float *restrict dx,
    int accumulate) {
  for (long row = 0; row < rows; row++, p += columns, dx += columns) {
    const float factor = labels[row] < 0 ? 0 : scale;
    STORE_EACH(columns, dx, factor * p[i]);
    if (labels[row] >= 0) dx[labels[row]] -= scale;
  }
}

VARIANTS void reef_layer_norm(
    long rows, long columns, const float *x, const float *gain, const float *bias, float epsilon,
    float *restrict y, float *restrict normal, float *restrict scales) {
  REASSOCIATE
  for (long row = 0; row < rows; row++, x += columns, y += columns, normal += columns) {
    float sum = 0, squares = 0;
    for (long i = 0; i < columns; i++) sum += x[i];
    const float mean = sum / (float)columns;
    for (long i = 0; i < columns; i++) squares += (x[i] - mean) * (x[i] - mean);
    const float scale = 1.0f / __builtin_elementwise_sqrt(squares / (float)columns + epsilon);
    for (long i = 0; i < columns; i++) {
      const float value = (x[i] - mean) * scale;
      normal[i] = value;
      y[i] = value * gain[i] + bias[i];
    }
    scales[row] = scale;
  }
}

VARIANTS void reef_layer_norm_adjoint(
    long rows, long columns, const float *normal, const float *scales, const float *gain,
    const float *dy, float *restrict dx, float *restrict gain_gradient,
    float *restrict bias_gradient, int accumulate) {
  REASSOCIATE
  for (long row = 0; row < rows; row++, normal += columns, dy += columns) {
    float sum = 0, dot = 0;
    for (long i = 0; i < columns; i++) {
      const float change = dy[i] * gain[i];
      sum += change;
      dot += change * normal[i];
    }
    const float mean = sum / (float)columns, slope = dot / (float)columns, scale = scales[row];
    if (dx) {
      STORE_EACH(columns, dx, scale * (dy[i] * gain[i] - mean - normal[i] * slope));
      dx += columns;
    }
    if (gain_gradient)
      for (long i = 0; i < columns; i++) gain_gradient[i] += dy[i] * normal[i];
    if (bias_gradient)
      for (long i = 0; i < columns; i++) bias_gradient[i] += dy[i];
  }
}

VARIANTS void reef_sgd(
    long count, float *restrict weights, const float *gradient, float *restrict velocity,
    float scale, float rate, float momentum, float decay) {
  for (long i = 0; i < count; i++) {
    const float v = momentum * velocity[i] + gradient[i] * scale + decay * weights[i];
    velocity[i] = v;
    weights[i] -= rate * v;
  }
}

VARIANTS void reef_adam(
    long count, float *restrict weights, const float *gradient, float *restrict first,
    float *restrict second, const ReefAdam *restrict settings) {
  const ReefAdam s = *settings;
  for (long i = 0; i < count; i++) {
    const float g = gradient[i] * s.scale;
    const float m = s.beta1 * first[i] + (1.0f - s.beta1) * g;
    const float v = s.beta2 * second[i] + (1.0f - s.beta2) * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] = weights[i] * s.keep - s.rate * m / (__builtin_elementwise_sqrt(v) * s.correction + s.epsilon);
  }
}
