import ReefMachine

extension CRuntime {
  /// What is the same in all programs.
  static let core: [(name: String, text: String)] = [
    (
      "fail",
      """
      static jmp_buf stopped;
      static const char *error;

      /* Ends the run. */
      static _Noreturn __attribute__((cold, noinline)) void fail(const char *name) {
        error = name;
        longjmp(stopped, 1);
      }

      """
    ),
    ("fuel", "static int64_t fuel;\n"),
    (
      "charge",
      """
      /* Pays for steps. */
      static inline void charge(int64_t steps) {
        fuel -= steps;
        if (fuel < 0) fail("fuel");
      }

      """
    ),
    ("stack_end", "static uintptr_t stack_end;\n"),
    (
      "enter",
      """
      /* Opens a call at a depth, and pays for its steps. */
      static inline void enter(int64_t depth, int64_t steps) {
        charge(steps);
        if (depth > DEPTH_LIMIT || (uintptr_t)__builtin_frame_address(0) < stack_end) fail("depth");
      }

      """
    ),
    (
      "object",
      """
      /* What every list begins with. All lists in use are linked, so that an error can free them. */
      typedef struct object {
        struct object *next, *previous;
      } object;

      """
    ),
    (
      "made",
      """
      /* What every value of a declared type begins with; what frees its fields is one of its own. */
      typedef struct made {
        object object;
        int64_t references;
        struct made *next;
        void (*clear)(struct made *);
      } made;

      """
    ),
    (
      "made_free",
      """
      static made *waiting;
      static bool is_freeing;

      /* Frees a value that nobody holds. What only it held waits, so that no stack is too small. */
      static void made_free(made *value) {
        value->next = waiting;
        waiting = value;
        if (is_freeing) return;
        is_freeing = true;
        while (waiting != NULL) {
          made *first = waiting;
          waiting = first->next;
          first->clear(first);
        }
        is_freeing = false;
      }

      """
    ),
    (
      "need_stack",
      """
      /* Ends the run where a value nests too deep for the stack. */
      static inline void need_stack(void) {
        if ((uintptr_t)__builtin_frame_address(0) < stack_end) fail("depth");
      }

      """
    ),
    (
      "need_depth",
      """
      /* Ends the run where a value is too deep to be told. */
      static inline void need_depth(int64_t depth) {
        if (depth >= \(Value.maximumDepth)) fail("nesting");
      }

      """
    ),
    ("objects", "static object objects = {&objects, &objects};\n"),
    ("memory_used", "static int64_t memory_used;\n"),
    (
      "new_object",
      """
      /* A block of a number of bytes, and of a number of items behind them. */
      static void *new_object(int64_t bytes, int64_t count, int64_t size) {
        object *new = NULL;
        if (count > MEMORY_LIMIT / size) fail("memory");
        bytes += count * size;
        if (bytes <= MEMORY_LIMIT - memory_used) new = malloc((size_t)bytes);
        if (new == NULL) fail("memory");
        memory_used += bytes;
        new->next = &objects;
        new->previous = objects.previous;
        objects.previous->next = new;
        objects.previous = new;
        return new;
      }

      """
    ),
    (
      "free_object",
      """
      static void free_object(object *old, int64_t bytes) {
        old->previous->next = old->next;
        old->next->previous = old->previous;
        memory_used -= bytes;
        free(old);
      }

      """
    ),
    (
      "free_everything",
      """
      /* What is left after an error. */
      static void free_everything(void) {
        while (objects.next != &objects) {
          object *old = objects.next;
          objects.next = old->next;
          free(old);
        }
        objects.previous = &objects;
      }

      """
    ),
    (
      "input",
      """
      static const char *input;

      """
    ),
    (
      "accept",
      """
      /* Goes over white space, then over the character if it is next. */
      static bool accept(char wanted) {
        input += strspn(input, " \\t\\r\\n");
        if (*input != wanted || wanted == '\\0') return false;
        input += 1;
        return true;
      }

      """
    ),
    (
      "expect",
      """
      static void expect(char wanted) {
        if (!accept(wanted)) fail("badInput");
      }

      """
    ),
  ]
}

extension CRuntime {
  static func preamble(_ limits: Limits, isRecursive: Bool) -> String {
    let headers = [
      "assert", "errno", "inttypes", "math", isRecursive ? "pthread" : nil, "setjmp", "stdbool",
      "stdint", "stdio", "stdlib", "string",
    ].compactMap(\.self)
    let depth = """

      /* The most calls that are open at once, and the stack for them. */
      #define DEPTH_LIMIT INT64_C(\(limits.depth))
      #define STACK_BYTES ((uintptr_t)1 << 30)

      """
    return """
      #define _POSIX_C_SOURCE 200809L
      \(headers.map { "#include <\($0).h>" }.joined(separator: "\n"))
      #ifdef __GLIBC__
      #include <malloc.h>
      #endif

      /* What is rare is kept out of what is frequent. */
      #ifdef __clang__
      #define APART __attribute__((noinline))
      #else
      #define APART __attribute__((noinline, noclone))
      #endif
      #define RARE(condition) __builtin_expect(condition, false)

      /* The most steps of a run, and the most bytes of its lists. */
      #define FUEL_LIMIT INT64_C(\(limits.fuel))
      #define MEMORY_LIMIT INT64_C(\(limits.bytes))

      """ + (isRecursive ? depth : "")
  }

  static let main = """
    static int status;

    static void tell_steps(void) {
      fprintf(stderr, "%" PRId64 " steps\\n", FUEL_LIMIT - (fuel < 0 ? 0 : fuel));
    }

    /* Runs the skill once, or without arguments once for each line of the input. */
    static void *work(void *words) {
      char **word = words;
      bool tells_steps = word[0] != NULL && strcmp(word[0], "--steps") == 0;
      if (tells_steps) word += 1;
      if (word[0] != NULL) {
        size_t length = 3;
        for (char **w = word; *w != NULL; w++) length += strlen(*w) + 1;
        char *text = malloc(length);
        if (text == NULL) abort();
        strcpy(text, "[");
        for (char **w = word; *w != NULL; w++) strcat(strcat(text, w == word ? "" : ","), *w);
        const char *failure = run(strcat(text, "]"));
        free(text);
        if (tells_steps) tell_steps();
        if (failure != NULL) {
          fprintf(stderr, "error: %s\\n", failure);
          status = strcmp(failure, "badInput") == 0 ? 3 : 4;
        }
        return NULL;
      }
      char *line = NULL;
      size_t room = 0;
      while (getline(&line, &room, stdin) > 0) {
        const char *failure = run(line);
        if (failure != NULL) printf("{\\"error\\":\\"%s\\"}\\n", failure);
        if (tells_steps) tell_steps();
      }
      free(line);
      return NULL;
    }

    int main(int count, char **words) {
      (void)count;
    #ifdef __GLIBC__
      /* Memory that a run gives back is for the next one. */
      mallopt(M_TRIM_THRESHOLD, 1 << 28);
      mallopt(M_MMAP_THRESHOLD, 1 << 28);
    #endif
      work(words + 1);
      return status;
    }

    """

  /// The same with a stack on which the deepest recursion has room.
  static let recursiveMain = main.replacing(
    """
      work(words + 1);

    """,
    with: """
        pthread_t thread;
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, STACK_BYTES + (1 << 20));
        if (pthread_create(&thread, &attributes, work, words + 1) != 0) abort();
        pthread_join(thread, NULL);

      """)
}
