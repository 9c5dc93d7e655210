#include "CKernels.h"

#include <string.h>

// SHA-256 (FIPS 180-4) by the instructions that some processors have for it: two rounds, or four words
// of the message schedule, at a time.

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

__attribute__((target("sha,sse4.1,ssse3"))) static void take(
    uint32_t *state, const uint8_t *blocks, long count) {
  const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  // As the instructions want the words a to h, the highest lane first.
  __m128i abef = _mm_set_epi32(
      (int)state[0], (int)state[1], (int)state[4], (int)state[5]);
  __m128i cdgh = _mm_set_epi32(
      (int)state[2], (int)state[3], (int)state[6], (int)state[7]);
  for (long block = 0; block < count; block++) {
    const __m128i first = abef, second = cdgh;
    __m128i words[4];
#pragma unroll
    for (int i = 0; i < 16; i++) {
      __m128i *word = &words[i % 4];
      if (i < 4) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(blocks + 64 * block) + i);
        *word = _mm_shuffle_epi8(bytes, swap);
      } else {
        const __m128i last = words[(i + 3) % 4];
        const __m128i seventh = _mm_alignr_epi8(last, words[(i + 2) % 4], 4);
        const __m128i sum = _mm_sha256msg1_epu32(*word, words[(i + 1) % 4]);
        *word = _mm_sha256msg2_epu32(_mm_add_epi32(sum, seventh), last);
      }
      const __m128i constant = _mm_load_si128((const __m128i *)constants + i);
      const __m128i sums = _mm_add_epi32(*word, constant);
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sums);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sums, 0x0E));
    }
    abef = _mm_add_epi32(abef, first);
    cdgh = _mm_add_epi32(cdgh, second);
  }
  uint32_t lanes[8];
  _mm_storeu_si128((__m128i *)lanes, abef);
  _mm_storeu_si128((__m128i *)(lanes + 4), cdgh);
  const uint32_t result[8] = {lanes[3], lanes[2], lanes[7], lanes[6],
                              lanes[1], lanes[0], lanes[5], lanes[4]};
  memcpy(state, result, sizeof result);
}

static bool find_instructions(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29));
}

bool reef_sha256_has_instructions(void) { return find_instructions(); }

void reef_sha256(uint32_t *state, const uint8_t *blocks, long count) {
  take(state, blocks, count);
}

#else

bool reef_sha256_has_instructions(void) { return false; }

void reef_sha256(uint32_t *state, const uint8_t *blocks, long count) {}

#endif
