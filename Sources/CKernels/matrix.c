// The matrix product: packing and blocking around the tiles of matrix_tiles.h.

#include "CKernels.h"
#include <stdlib.h>
#include <string.h>

typedef float Four __attribute__((vector_size(16), aligned(4)));

static inline __attribute__((always_inline)) void transpose_quads(Four q[4]) {
  const Four low01 = __builtin_shufflevector(q[0], q[1], 0, 4, 1, 5);
  const Four low23 = __builtin_shufflevector(q[2], q[3], 0, 4, 1, 5);
  const Four high01 = __builtin_shufflevector(q[0], q[1], 2, 6, 3, 7);
  const Four high23 = __builtin_shufflevector(q[2], q[3], 2, 6, 3, 7);
  q[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  q[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  q[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  q[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

#define NAME(x) baseline_##x
#define TARGET
#define WIDTH 4
#define ROWS 6
#include "matrix_tiles.h"

#if defined(__x86_64__)
#define NAME(x) avx2_##x
#define TARGET __attribute__((target("avx2,fma")))
#define WIDTH 8
#define ROWS 6
#include "matrix_tiles.h"

#define NAME(x) avx512_##x
#define TARGET __attribute__((target("avx512f,avx512vl,fma")))
#define WIDTH 16
#define ROWS 12
#include "matrix_tiles.h"
#endif

typedef void RowKernel(
    long n, long k, const float *x, long x_step, const float *b, long b_stride, float *c,
    int accumulate);

// What one instruction set offers.
typedef struct {
  const char *name;
  long width, rows;
  void (*strip)(
      long rows, long columns, long k, const float *a, long a_row, long a_step, const float *b,
      long b_step, float *c, long c_row, int accumulate);
  RowKernel *dots, *row;
} Kernels;

static const Kernels kernels[] = {
    {"baseline", 4, 6, baseline_strip, baseline_dots, baseline_row},
#if defined(__x86_64__)
    {"avx2", 8, 6, avx2_strip, avx2_dots, avx2_row},
    {"avx512", 16, 12, avx512_strip, avx512_dots, avx512_row},
#endif
};

long reef_kernel_level_count(void) { return sizeof kernels / sizeof *kernels; }

const char *reef_kernel_level_name(long level) { return kernels[level].name; }

long reef_best_kernel_level(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return 2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

// Blocks of k and n, 256 by 1,024: a packed block of B, 1 MiB, stays in the second cache and a strip of A,
// 12 KiB, in the first.
enum { K_BLOCK = 256, N_BLOCK = ReefMatmulScratch / K_BLOCK, STRIP_ROWS = 12 };

// target[p * width + i] = source[i * row + p], for i below rows (at most width), zero up to width.
static void transpose(
    long rows, long k, long width, const float *source, long row, float *target) {
  long i = 0;
  for (; i + 4 <= rows; i += 4) {
    const float *s = source + i * row;
    long p = 0;
    for (; p + 4 <= k; p += 4) {
      Four quads[4];
      for (long q = 0; q < 4; q++) quads[q] = *(const Four *)(s + q * row + p);
      transpose_quads(quads);
      for (long q = 0; q < 4; q++) *(Four *)(target + (p + q) * width + i) = quads[q];
    }
    for (; p < k; p++)
      for (long q = 0; q < 4; q++) target[p * width + i + q] = s[q * row + p];
  }
  for (; i < rows; i++)
    for (long p = 0; p < k; p++) target[p * width + i] = source[i * row + p];
  for (; i < width; i++)
    for (long p = 0; p < k; p++) target[p * width + i] = 0;
}

// target[p * width + i] = source[i * row + p * step], for i below `count`, zero up to `width`.
static void pack(
    long count, long k, long width, const float *source, long row, long step, float *target) {
  if (step == 1) return transpose(count, k, width, source, row, target);
  for (long p = 0; p < k; p++, target += width, source += step)
    if (row == 1 && count == width)
      memcpy(target, source, width * sizeof *target);
    else
      for (long i = 0; i < width; i++) target[i] = i < count ? source[i * row] : 0;
}

void reef_matmul_at(
    long level, long m, long n, long k, const float *a, long a_row, long a_step, const float *b,
    long b_step, long b_column, float *c, long c_row, int accumulate, float *scratch) {
  const Kernels kernel = kernels[level];
  // A column is a row of the transposed product, (Ax)' = x'A'.
  if (n == 1 && m > 1 && c_row == 1) {
    const float *x = b;
    const long x_step = b_step;
    b = a, b_step = a_step, b_column = a_row;
    a = x, a_row = 0, a_step = x_step;
    n = m, m = 1, c_row = n;
  }
  RowKernel *const by_row =
      m > 3 ? NULL : b_column == 1 ? kernel.row : b_step == 1 && a_step == 1 ? kernel.dots : NULL;
  if (by_row) {
    for (long i = 0; i < m; i++)
      by_row(
          n, k, a + i * a_row, a_step, b, b_column == 1 ? b_step : b_column, c + i * c_row,
          accumulate);
    return;
  }
  const long panel = 2 * kernel.width;
  const int packs_b = b_column != 1 || (n * k > 65536 && m > 2 * kernel.rows);
  const int packs_a = n * k > 65536 && n >= 4 * panel;
  float strip[STRIP_ROWS * K_BLOCK];
  if (k == 0 && !accumulate)
    for (long i = 0; i < m; i++) memset(c + i * c_row, 0, n * sizeof *c);
  for (long p = 0; p < k; p += K_BLOCK) {
    const long depth = k - p < K_BLOCK ? k - p : K_BLOCK;
    const int adds = accumulate || p > 0;
    for (long j0 = 0; j0 < n; j0 += N_BLOCK) {
      const long end = n - j0 < N_BLOCK ? n : j0 + N_BLOCK;
      // What is left of the last panel is packed in any case, for its padding.
      const float *first = b + p * b_step + j0 * b_column;
      const long whole = packs_b ? 0 : (end - j0) / panel * panel;
      const long rest = end - j0 - whole;
      const int packs_rest = packs_b || (rest != 0 && rest != kernel.width);
      if (packs_rest)
        for (long j = whole; j < end - j0; j += panel) {
          const long columns = end - j0 - j < panel ? end - j0 - j : panel;
          pack(
              columns, depth, panel, first + j * b_column, b_column, b_step,
              scratch + (j - whole) * depth);
        }
      for (long i = 0; i < m; i += kernel.rows) {
        const long rows = m - i < kernel.rows ? m - i : kernel.rows;
        const float *left = a + i * a_row + p * a_step;
        long left_row = a_row, left_step = a_step;
        if (packs_a) {
          pack(rows, depth, kernel.rows, left, a_row, a_step, strip);
          left = strip, left_row = 1, left_step = kernel.rows;
        }
        for (long j = 0; j < end - j0; j += panel) {
          const long columns = end - j0 - j < panel ? end - j0 - j : panel;
          const int packed = j >= whole && packs_rest;
          kernel.strip(
              rows, columns, depth, left, left_row, left_step,
              packed ? scratch + (j - whole) * depth : first + j,
              packed ? panel : b_step, c + i * c_row + j0 + j, c_row, adds);
        }
      }
    }
  }
}

void reef_matmul(
    long m, long n, long k, const float *a, long a_row, long a_step, const float *b, long b_step,
    long b_column, float *c, long c_row, int accumulate, float *scratch) {
  reef_matmul_at(
      reef_best_kernel_level(), m, n, k, a, a_row, a_step, b, b_step, b_column, c, c_row,
      accumulate, scratch);
}
