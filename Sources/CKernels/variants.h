#pragma once

// A function marked VARIANTS is compiled for several instruction sets; the loader picks the best.
// The thread sanitizer is not ready when the loader runs, so that it gets the first one only.
#if !defined(__has_feature)
#define __has_feature(x) 0
#endif
#if defined(__x86_64__) && !__has_feature(thread_sanitizer)
#define VARIANTS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VARIANTS
#endif

#define INLINE static inline __attribute__((always_inline))

// Sums in a loop after this may be reordered, as vectors need; the order is the same in every run.
#define REASSOCIATE _Pragma("clang fp reassociate(on)")

// Puts `expression` at target[i] for each i, or adds it.
#define STORE_EACH(count, target, expression)                      \
  do {                                                             \
    if (accumulate)                                                \
      for (long i = 0; i < (count); i++) (target)[i] += expression; \
    else                                                           \
      for (long i = 0; i < (count); i++) (target)[i] = expression;  \
  } while (0)
