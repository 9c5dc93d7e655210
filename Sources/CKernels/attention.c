// Scaled dot-product attention with several heads (Vaswani et al. 2017, arXiv:1706.03762).

#include "CKernels.h"
#include "variants.h"
#include <math.h>
#include <stddef.h>

// Queries, keys and values stand side by side: a row of `qkv` holds 3 * heads * size floats. The
// probabilities of one head and sequence are a matrix [length, length].

VARIANTS static void scale_and_hide(
    long length, float scale, int causal, const float *mask, float *scores) {
  for (long i = 0; i < length; i++, scores += length) {
    for (long j = 0; j < length; j++) scores[j] *= scale;
    for (long j = causal ? i + 1 : length; j < length; j++) scores[j] = -INFINITY;
    if (mask)
      for (long j = 0; j < length; j++)
        if (mask[j] == 0.0f) scores[j] = -INFINITY;
  }
}

void reef_attention(
    long sequences, long length, long heads, long size, int causal, const float *mask,
    const float *qkv, float *probabilities, float *y, float *scratch) {
  const long width = heads * size, stride = 3 * width;
  const float scale = 1.0f / sqrtf((float)size);
  for (long s = 0; s < sequences; s++)
    for (long h = 0; h < heads; h++) {
      const float *q = qkv + s * length * stride + h * size;
      const float *k = q + width, *v = k + width;
      float *p = probabilities + (s * heads + h) * length * length;
      reef_matmul(length, length, size, q, stride, 1, k, 1, stride, p, length, 0, scratch);
      scale_and_hide(length, scale, causal, mask ? mask + s * length : NULL, p);
      reef_softmax(length, length, p, p);
      reef_matmul(
          length, size, length, p, length, 1, v, stride, 1, y + s * length * width + h * size,
          width, 0, scratch);
    }
}

void reef_attention_adjoint(
    long sequences, long length, long heads, long size, const float *qkv,
    const float *probabilities, const float *dy, float *dqkv, int accumulate, float *scratch) {
  const long width = heads * size, stride = 3 * width, square = length * length;
  const float scale = 1.0f / sqrtf((float)size);
  float *dp = scratch + ReefMatmulScratch, *ds = dp + square;
  for (long s = 0; s < sequences; s++)
    for (long h = 0; h < heads; h++) {
      const long offset = s * length * stride + h * size;
      const float *q = qkv + offset, *k = q + width, *v = k + width;
      float *dq = dqkv + offset, *dk = dq + width, *dv = dk + width;
      const float *p = probabilities + (s * heads + h) * square;
      const float *d = dy + s * length * width + h * size;
      reef_matmul(length, size, length, p, 1, length, d, width, 1, dv, stride, accumulate, scratch);
      reef_matmul(length, length, size, d, width, 1, v, 1, stride, dp, length, 0, scratch);
      reef_softmax_adjoint(length, length, p, dp, ds, 0);
      reef_add_scaled(square, ds, scale, dp, 0);
      reef_matmul(length, size, length, dp, length, 1, k, stride, 1, dq, stride, accumulate, scratch);
      reef_matmul(length, size, length, dp, 1, length, q, stride, 1, dk, stride, accumulate, scratch);
    }
}
