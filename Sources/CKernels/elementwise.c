// Operations on each element, and their adjoints.

#include "CKernels.h"
#include "functions.h"

// x is the operand, y the result.
#define EACH_UNARY(CASE)                                                                          \
  CASE(ReefExponential, exponential(x[i]), y[i])                                                  \
  CASE(ReefLogarithm, logarithm(x[i]), 1.0f / x[i])                                               \
  CASE(ReefLogistic, logistic(x[i]), y[i] * (1.0f - y[i]))                                        \
  CASE(ReefTangent, hyperbolic_tangent(x[i]), 1.0f - y[i] * y[i])                                 \
  CASE(ReefRectifier, x[i] < 0.0f ? 0.0f : x[i], y[i] > 0.0f ? 1.0f : 0.0f)                       \
  CASE(ReefGelu, gelu(x[i]), gelu_derivative(x[i]))                                               \
  CASE(ReefSquare, x[i] * x[i], 2.0f * x[i])                                                      \
  CASE(ReefSquareRoot, __builtin_elementwise_sqrt(x[i]), 0.5f / y[i])                                                  \
  CASE(ReefMagnitude, fabsf(x[i]), x[i] > 0.0f ? 1.0f : x[i] < 0.0f ? -1.0f : 0.0f)

VARIANTS void reef_unary(ReefUnary operation, long count, const float *x, float *restrict y) {
  switch (operation) {
#define CASE(name, value, slope) \
  case name:                     \
    for (long i = 0; i < count; i++) y[i] = value; \
    break;
    EACH_UNARY(CASE)
#undef CASE
  }
}

VARIANTS void reef_unary_adjoint(
    ReefUnary operation, long count, const float *x, const float *y, const float *dy,
    float *restrict dx, int accumulate) {
  switch (operation) {
#define CASE(name, value, slope) \
  case name:                     \
    STORE_EACH(count, dx, dy[i] * (slope)); \
    break;
    EACH_UNARY(CASE)
#undef CASE
  }
}

VARIANTS void reef_affine(long count, const float *x, float scale, float offset, float *y) {
  for (long i = 0; i < count; i++) y[i] = x[i] * scale + offset;
}

VARIANTS void reef_add_number(long count, float number, float *y) {
  for (long i = 0; i < count; i++) y[i] += number;
}

VARIANTS void reef_add_scaled(
    long count, const float *x, float scale, float *restrict y, int accumulate) {
  STORE_EACH(count, y, x[i] * scale);
}

// a and b are the operands.
#define EACH_BINARY(CASE)                                                                          \
  CASE(ReefAdd, a + b, 1.0f, 1.0f)                                                                 \
  CASE(ReefSubtract, a - b, 1.0f, -1.0f)                                                           \
  CASE(ReefMultiply, a *b, b, a)                                                                   \
  CASE(ReefDivide, a / b, 1.0f / b, -a / (b * b))                                                  \
  CASE(ReefMaximum, a < b ? b : a, a < b ? 0.0f : 1.0f, a < b ? 1.0f : 0.0f)                       \
  CASE(ReefMinimum, b < a ? b : a, b < a ? 0.0f : 1.0f, b < a ? 1.0f : 0.0f)

#define OPERANDS const float a = x[i * x_step], b = y[i * y_step];

INLINE void binary(
    ReefBinary operation, long count, const float *x, const long x_step, const float *y,
    const long y_step, float *restrict z) {
  switch (operation) {
#define CASE(name, value, da, db)      \
  case name:                           \
    for (long i = 0; i < count; i++) { \
      OPERANDS                         \
      z[i] = value;                    \
    }                                  \
    break;
    EACH_BINARY(CASE)
#undef CASE
  }
}

VARIANTS void reef_binary(
    ReefBinary operation, long count, const float *x, long x_step, const float *y, long y_step,
    float *restrict z) {
  if (x_step == 1 && y_step == 1) binary(operation, count, x, 1, y, 1, z);
  else if (x_step == 1) binary(operation, count, x, 1, y, 0, z);
  else if (y_step == 1) binary(operation, count, x, 0, y, 1, z);
  else binary(operation, count, x, 0, y, 0, z);
}

INLINE void binary_adjoint(
    ReefBinary operation, const int left, long count, const float *x, const long x_step,
    const float *y, const long y_step, const float *dz, float *restrict target,
    const long target_step) {
  REASSOCIATE
  float sum = 0;
  switch (operation) {
#define CASE(name, value, da, db)                            \
  case name:                                                 \
    for (long i = 0; i < count; i++) {                       \
      OPERANDS                                               \
      (void)a, (void)b;                                      \
      const float change = dz[i] * (left ? da : db);         \
      if (target_step) target[i] += change;                  \
      else sum += change;                                    \
    }                                                        \
    break;
    EACH_BINARY(CASE)
#undef CASE
  }
  if (!target_step) *target += sum;
}

VARIANTS void reef_binary_adjoint(
    ReefBinary operation, int left, long count, const float *x, long x_step, const float *y,
    long y_step, const float *dz, float *restrict target) {
#define SIDE(x_step, y_step)                                                                      \
  if (left) binary_adjoint(operation, 1, count, x, x_step, y, y_step, dz, target, x_step);        \
  else binary_adjoint(operation, 0, count, x, x_step, y, y_step, dz, target, y_step);
  if (x_step == 1 && y_step == 1) {
    SIDE(1, 1)
  } else if (x_step == 1) {
    SIDE(1, 0)
  } else if (y_step == 1) {
    SIDE(0, 1)
  } else {
    SIDE(0, 0)
  }
#undef SIDE
}

// The activation and the bias of a layer in one pass over its rows.

#define EACH_ACTIVATION(CASE)                                                                     \
  CASE(ReefIdentity, z, 1.0f)                                                                     \
  CASE(ReefReluActivation, z < 0.0f ? 0.0f : z, y > 0.0f ? 1.0f : 0.0f)                           \
  CASE(ReefTanhActivation, hyperbolic_tangent(z), 1.0f - y * y)                                   \
  CASE(ReefSigmoidActivation, logistic(z), y * (1.0f - y))                                        \
  CASE(ReefGeluActivation, gelu(z), gelu_derivative(z))

VARIANTS void reef_activate(
    ReefActivation activation, long rows, long columns, float *restrict sums,
    const float *restrict bias, float *restrict y) {
  for (long row = 0; row < rows; row++, sums += columns, y += columns) switch (activation) {
#define CASE(name, value, slope)                                        \
  case name:                                                            \
    for (long i = 0; i < columns; i++) {                                \
      const float z = sums[i] + bias[i];                                \
      if (name == ReefGeluActivation) y[i] = value, sums[i] = z;        \
      else sums[i] = value;                                             \
    }                                                                   \
    break;
      EACH_ACTIVATION(CASE)
#undef CASE
    }
}

VARIANTS void reef_activate_adjoint(
    ReefActivation activation, long rows, long columns, const float *before, const float *after,
    float *restrict gradient, float *restrict bias_gradient) {
  for (long row = 0; row < rows; row++, before += columns, after += columns, gradient += columns)
    switch (activation) {
#define CASE(name, value, slope)                                  \
  case name:                                                      \
    for (long i = 0; i < columns; i++) {                          \
      const float z = before[i], y = after[i];                    \
      (void)z, (void)y;                                           \
      const float change = gradient[i] * (slope);                 \
      if (name != ReefIdentity) gradient[i] = change;             \
      bias_gradient[i] += change;                                 \
    }                                                             \
    break;
      EACH_ACTIVATION(CASE)
#undef CASE
    }
}
