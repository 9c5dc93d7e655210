// Kernels on floats for ReefTensor, and at the end one on bytes. Matrices are row-major. Nothing here allocates or fails; sizes
// and aliases are the caller's to check. `accumulate` adds to the target instead of replacing it.
// Each kernel exists for several instruction sets, chosen when the program starts; the sets agree
// within rounding, and one set gives the same bits in every run.

#pragma once

#include <stdbool.h>
#include <stdint.h>

// The instruction sets that the matrix product was compiled for, worst first.
long reef_kernel_level_count(void);
const char *reef_kernel_level_name(long level);
long reef_best_kernel_level(void);

// c[m x n] (+)= a * b. The element of A in row i and step p is at a[i * a_row + p * a_step], that of
// B in step p and column j at b[p * b_step + j * b_column], that of C at c[i * c_row + j]. `scratch` has room
// for ReefMatmulScratch floats.
enum { ReefMatmulScratch = 256 * 1024 };
void reef_matmul(
    long m, long n, long k, const float *a, long a_row, long a_step, const float *b, long b_step,
    long b_column, float *c, long c_row, int accumulate, float *scratch);

// The same with the kernels of one level, at most the best.
void reef_matmul_at(
    long level, long m, long n, long k, const float *a, long a_row, long a_step, const float *b,
    long b_step, long b_column, float *c, long c_row, int accumulate, float *scratch);

typedef enum {
  ReefExponential, ReefLogarithm, ReefLogistic, ReefTangent, ReefRectifier, ReefGelu, ReefSquare,
  ReefSquareRoot, ReefMagnitude,
} ReefUnary;

void reef_unary(ReefUnary operation, long count, const float *x, float *y);
void reef_unary_adjoint(
    ReefUnary operation, long count, const float *x, const float *y, const float *dy, float *dx,
    int accumulate);

// y = x * scale + offset; y += number; y (+)= x * scale.
void reef_affine(long count, const float *x, float scale, float offset, float *y);
void reef_add_number(long count, float number, float *y);
void reef_add_scaled(long count, const float *x, float scale, float *y, int accumulate);

typedef enum {
  ReefAdd, ReefSubtract, ReefMultiply, ReefDivide, ReefMaximum, ReefMinimum,
} ReefBinary;

// Steps are 1, or 0 for an operand that stays the same. The adjoint adds to the left or the right
// operand's gradient, which has that operand's step.
void reef_binary(
    ReefBinary operation, long count, const float *x, long x_step, const float *y, long y_step,
    float *z);
void reef_binary_adjoint(
    ReefBinary operation, int left, long count, const float *x, long x_step, const float *y,
    long y_step, const float *dz, float *target);

typedef enum {
  ReefIdentity, ReefReluActivation, ReefTanhActivation, ReefSigmoidActivation, ReefGeluActivation,
} ReefActivation;

// z = activation(z + bias) for each row, and y is z; but gelu, whose slope hangs on its operand, leaves
// z + bias in z and has another y. The adjoint turns the gradient of y into that of z in place and adds
// its rows to the bias's.
void reef_activate(
    ReefActivation activation, long rows, long columns, float *z, const float *bias, float *y);
void reef_activate_adjoint(
    ReefActivation activation, long rows, long columns, const float *before, const float *after,
    float *gradient, float *bias_gradient);

float reef_sum(long count, const float *x);
float reef_dot(long count, const float *x, const float *y);

void reef_softmax(long rows, long columns, const float *x, float *y);
void reef_softmax_adjoint(
    long rows, long columns, const float *y, const float *dy, float *dx, int accumulate);

// The sum over the rows of -log softmax(x)[label]; a row with a negative label does not count.
float reef_cross_entropy(
    long rows, long columns, const float *x, const long *labels, float *probabilities);
void reef_cross_entropy_adjoint(
    long rows, long columns, const float *p, const long *labels, float scale, float *dx,
    int accumulate);

// `normal` keeps the normalized rows, `scales` a factor for each. Gradients that are null are left
// out; those of gain and bias are added to.
void reef_layer_norm(
    long rows, long columns, const float *x, const float *gain, const float *bias, float epsilon,
    float *y, float *normal, float *scales);
void reef_layer_norm_adjoint(
    long rows, long columns, const float *normal, const float *scales, const float *gain,
    const float *dy, float *dx, float *gain_gradient, float *bias_gradient, int accumulate);

// `scratch` has room for ReefMatmulScratch + 2 * length * length floats. `mask`, where it is not null, holds 0 at the positions [sequences, length] that nobody sees.
void reef_attention(
    long sequences, long length, long heads, long size, int causal, const float *mask,
    const float *qkv, float *probabilities, float *y, float *scratch);
void reef_attention_adjoint(
    long sequences, long length, long heads, long size, const float *qkv,
    const float *probabilities, const float *dy, float *dqkv, int accumulate, float *scratch);

typedef struct {
  long height, width, channels, kernel_height, kernel_width, stride, padding, out_height, out_width;
} ReefConvolution;

void reef_patches(const ReefConvolution *convolution, const float *image, float *patches);
void reef_add_patches(const ReefConvolution *convolution, const float *patches, float *image);

void reef_sgd(
    long count, float *weights, const float *gradient, float *velocity, float scale, float rate,
    float momentum, float decay);

typedef struct {
  // `scale` multiplies the gradient, `keep` the weight; `correction` is 1 / sqrt(1 - beta2^step).
  float scale, rate, beta1, beta2, correction, epsilon, keep;
} ReefAdam;

void reef_adam(
    long count, float *weights, const float *gradient, float *first, float *second,
    const ReefAdam *settings);

// Takes `count` blocks of 64 bytes into the eight words of SHA-256's state, by instructions that the
// processor must have.
bool reef_sha256_has_instructions(void);
void reef_sha256(uint32_t *state, const uint8_t *blocks, long count);
