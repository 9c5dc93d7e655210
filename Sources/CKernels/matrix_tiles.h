// The inner kernels of the matrix product, written once and compiled for one instruction set. The
// including file defines NAME(x), TARGET, WIDTH (floats in a vector) and ROWS (rows of a tile).
//
// A tile of the product, up to ROWS x 2*WIDTH, stays in registers while k runs; each step loads one
// row of B and broadcasts one column of A (Goto and van de Geijn 2008, doi:10.1145/1356052.1356053).

typedef float NAME(vector) __attribute__((vector_size(WIDTH * 4), aligned(4)));

#define VECTOR NAME(vector)
#define PANEL (2 * WIDTH)
// Four lanes of a vector.
#define PART(v, q) (((const Four *)&(v))[q])

// c[rows x columns] (+)= a * b, with the element of A in row i and step p at a[i * a_row + p * a_step]
// and row p of B at b[p * b_step], padded to whole vectors. `rows`, `vectors` and, where it can be,
// `a_row` are constants after inlining.
TARGET static inline __attribute__((always_inline)) void NAME(tile)(
    const long rows, const long vectors, long columns, long k, const float *a, const long a_row,
    const long a_step, const float *b, long b_step, float *c, long c_row, int accumulate) {
  VECTOR sums[ROWS][2] = {{{0}}};
  for (long p = 0; p < k; p++) {
    VECTOR b0 = *(const VECTOR *)b;
    VECTOR b1 = vectors > 1 ? *(const VECTOR *)(b + WIDTH) : (VECTOR){0};
#pragma clang loop unroll(full)
    for (long i = 0; i < rows; i++) {
      // Every third row has a pointer of its own, so that few registers reach them all.
      const float x = (a + (i / 3) * 3 * a_row)[(i % 3) * a_row];
      sums[i][0] += x * b0;
      if (vectors > 1) sums[i][1] += x * b1;
    }
    a += a_step;
    b += b_step;
  }
  if (columns == vectors * WIDTH) {
#pragma clang loop unroll(full)
    for (long i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (long v = 0; v < vectors; v++) {
        VECTOR *target = (VECTOR *)(c + i * c_row + v * WIDTH);
        *target = accumulate ? *target + sums[i][v] : sums[i][v];
      }
    return;
  }
#pragma clang loop unroll(full)
  for (long i = 0; i < rows; i++) {
    float row[PANEL];
    *(VECTOR *)row = sums[i][0];
    if (vectors > 1) *(VECTOR *)(row + WIDTH) = sums[i][1];
    for (long j = 0; j < columns; j++) c[i * c_row + j] = row[j] + (accumulate ? c[i * c_row + j] : 0);
  }
}

// One tile of a number of rows that is known only now, in pieces whose numbers are constants.
TARGET static inline __attribute__((always_inline)) void NAME(rows)(
    const long vectors, long rows, long columns, long k, const float *a, const long a_row,
    const long a_step, const float *b, long b_step, float *c, long c_row, int accumulate) {
#define PIECE(count)                                                                              \
  while (rows >= count) {                                                                         \
    NAME(tile)(count, vectors, columns, k, a, a_row, a_step, b, b_step, c, c_row, accumulate);    \
    a += count * a_row;                                                                           \
    c += count * c_row;                                                                           \
    rows -= count;                                                                                \
    if (count == ROWS) return;                                                                    \
  }
  PIECE(ROWS)
#if ROWS > 8
  PIECE(8)
#endif
  PIECE(4)
  PIECE(2)
  PIECE(1)
#undef PIECE
}

// The strip of C that up to ROWS rows of A and one panel of B give.
TARGET static __attribute__((noinline)) void NAME(strip)(
    long rows, long columns, long k, const float *a, long a_row, long a_step, const float *b,
    long b_step, float *c, long c_row, int accumulate) {
#define CALL(vectors, row, step)                                                                  \
  NAME(rows)(vectors, rows, columns, k, a, row, step, b, b_step, c, c_row, accumulate)
#define LAYOUTS(vectors)                                                                          \
  if (a_row == 1 && a_step == ROWS) CALL(vectors, 1, ROWS);                                       \
  else if (a_row == 1) CALL(vectors, 1, a_step);                                                  \
  else if (a_step == 1) CALL(vectors, a_row, 1);                                                  \
  else CALL(vectors, a_row, a_step);
  if (columns > WIDTH) {
    LAYOUTS(2)
  } else {
    LAYOUTS(1)
  }
#undef LAYOUTS
#undef CALL
}

// The dot products of x with four rows of b.
TARGET static inline __attribute__((always_inline)) Four NAME(four_dots)(
    long k, const float *x, const float *b, long b_row) {
  const float *b1 = b + b_row, *b2 = b1 + b_row, *b3 = b2 + b_row;
  VECTOR sums[4] = {{0}};
  long p = 0;
  for (; p + WIDTH <= k; p += WIDTH) {
    const VECTOR v = *(const VECTOR *)(x + p);
    sums[0] += v * *(const VECTOR *)(b + p);
    sums[1] += v * *(const VECTOR *)(b1 + p);
    sums[2] += v * *(const VECTOR *)(b2 + p);
    sums[3] += v * *(const VECTOR *)(b3 + p);
  }
  Four quads[4];
  for (long i = 0; i < 4; i++) {
    quads[i] = PART(sums[i], 0);
#pragma clang loop unroll(full)
    for (long q = 1; q < WIDTH / 4; q++) quads[i] += PART(sums[i], q);
  }
  transpose_quads(quads);
  Four total = quads[0] + quads[1] + quads[2] + quads[3];
  for (; p < k; p++) total += x[p] * (Four){b[p], b1[p], b2[p], b3[p]};
  return total;
}

// c[j] (+)= the dot product of x with row j of b.
TARGET static void NAME(dots)(
    long n, long k, const float *x, long x_step, const float *b, long b_row, float *c,
    int accumulate) {
  (void)x_step;
  long j = 0;
  for (; j + 4 <= n; j += 4) {
    Four *target = (Four *)(c + j);
    const Four total = NAME(four_dots)(k, x, b + j * b_row, b_row);
    *target = accumulate ? *target + total : total;
  }
  for (; j < n; j++) {
    const float total = NAME(four_dots)(k, x, b + j * b_row, 0)[0];
    c[j] = accumulate ? c[j] + total : total;
  }
}

TARGET static inline __attribute__((always_inline)) void NAME(row_block)(
    const long vectors, long k, const float *x, long x_step, const float *b, long b_step, float *c,
    int accumulate) {
  VECTOR sums[vectors];
  for (long v = 0; v < vectors; v++) sums[v] = (VECTOR){0};
  for (long p = 0; p < k; p++)
#pragma clang loop unroll(full)
    for (long v = 0; v < vectors; v++)
      sums[v] += x[p * x_step] * *(const VECTOR *)(b + p * b_step + v * WIDTH);
  for (long v = 0; v < vectors; v++) {
    VECTOR *target = (VECTOR *)(c + v * WIDTH);
    *target = accumulate ? *target + sums[v] : sums[v];
  }
}

// One row of the product: c (+)= x * b.
TARGET static void NAME(row)(
    long n, long k, const float *x, long x_step, const float *b, long b_step, float *c,
    int accumulate) {
  long j = 0;
#define BLOCK(vectors)                                                                            \
  for (; j + vectors * WIDTH <= n; j += vectors * WIDTH)                                          \
    NAME(row_block)(vectors, k, x, x_step, b + j, b_step, c + j, accumulate);
  BLOCK(8)
  BLOCK(4)
  BLOCK(2)
  BLOCK(1)
#undef BLOCK
  for (; j < n; j++) {
    float sum = 0;
    for (long p = 0; p < k; p++) sum += x[p * x_step] * b[p * b_step + j];
    c[j] = sum + (accumulate ? c[j] : 0);
  }
}

#undef VECTOR
#undef PANEL
#undef PART
#undef NAME
#undef TARGET
#undef WIDTH
#undef ROWS
