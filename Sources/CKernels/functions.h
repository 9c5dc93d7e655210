// Functions of one float without branches, so that loops over them become vector code. After the
// Cephes library's methods (Moshier 1989): reduce the range, then a polynomial. Errors below are in
// units in the last place, as the tests measure them against double precision.

#pragma once
#include "variants.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

INLINE float from_bits(int32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

INLINE int32_t to_bits(float value) {
  int32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// e^x within 2 units; NaN, infinity and 0 as they should be.
INLINE float exponential(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  // Adding 1.5 * 2^23 rounds to an integer, which the low bits then hold.
  const float magic = 12582912.0f;
  const float shifted = x * 1.44269504088896341f + magic;
  const float n = shifted - magic;
  const int32_t power = to_bits(shifted) - to_bits(magic);
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float y = 1.9875691500e-4f;
  y = y * r + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * (r * r) + r + 1.0f;
  // In two steps: 2^power alone may lie beyond the floats.
  const int32_t half = power >> 1;
  return y * from_bits((half + 127) << 23) * from_bits((power - half + 127) << 23);
}

// ln x within 2 units; -infinity at 0, NaN below.
INLINE float logarithm(float x) {
  const float scaled = x < 1.17549435e-38f ? x * 8388608.0f : x;
  const float base = x < 1.17549435e-38f ? -23.0f : 0.0f;
  // x = m * 2^n with m from sqrt(1/2) to sqrt(2).
  const int32_t bits = to_bits(scaled);
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;
  const float r = from_bits(bits - (int32_t)((uint32_t)exponent << 23)) - 1.0f;
  const float n = (float)exponent + base;
  float y = 7.0376836292e-2f;
  y = y * r - 1.1514610310e-1f;
  y = y * r + 1.1676998740e-1f;
  y = y * r - 1.2420140846e-1f;
  y = y * r + 1.4249322787e-1f;
  y = y * r - 1.6668057665e-1f;
  y = y * r + 2.0000714765e-1f;
  y = y * r - 2.4999993993e-1f;
  y = y * r + 3.3333331174e-1f;
  const float square = r * r;
  y = y * r * square + n * -2.12194440e-4f - 0.5f * square;
  float result = r + y + n * 0.693359375f;
  result = x < INFINITY ? result : x;
  result = x == 0.0f ? -INFINITY : result;
  return x < 0.0f ? NAN : result;
}

INLINE float logistic(float x) { return 1.0f / (1.0f + exponential(-x)); }

// Within 3 units.
INLINE float hyperbolic_tangent(float x) {
  const float s = x * x;
  float y = -5.70498872745e-3f;
  y = y * s + 2.06390887954e-2f;
  y = y * s - 5.37397155531e-2f;
  y = y * s + 1.33314422036e-1f;
  y = y * s - 3.33332819422e-1f;
  const float near = y * s * x + x;
  const float far = 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f);
  return fabsf(x) < 0.625f ? near : far;
}

// x * logistic(2u), u = sqrt(2 / pi) * (x + 0.044715 x^3): the Gaussian error linear unit in its
// usual approximation (Hendrycks and Gimpel 2016, arXiv:1606.08415).
INLINE float gelu_slope(float x) { return 1.5957691216f * (x + 0.044715f * x * x * x); }

INLINE float gelu(float x) { return x * logistic(gelu_slope(x)); }

INLINE float gelu_derivative(float x) {
  const float s = logistic(gelu_slope(x));
  return s + x * s * (1.0f - s) * 1.5957691216f * (1.0f + 0.134145f * x * x);
}
