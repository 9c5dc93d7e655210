import Foundation

/// The interpreter wasm3, through its Python package, on the workload that is written in C, which clang
/// makes WebAssembly of.
struct WasmPeer {
  let name = "wasm3"

  /// Nil where something that it needs is missing.
  static var installed: WasmPeer? {
    let commands = [
      ["python3", "-c", "import wasm3"], ["lld", "-flavor", "wasm", "--version"],
      ["clang", "--target=wasm32", "-fsyntax-only", "-x", "c", "-"],
    ]
    return commands.allSatisfy { (try? ScriptPeer.run($0, "")) != nil } ? WasmPeer() : nil
  }

  /// The workload written by hand, compiled in `folder`.
  func contestant(_ workload: MachineWorkload, in folder: URL) throws -> Contestant {
    let module = folder.appendingPathComponent("module").path
    try Data((WasmPeer.library + workload.c + WasmPeer.exports).utf8)
      .write(to: URL(fileURLWithPath: module + ".c"))
    _ = try ScriptPeer.run(
      ["clang", "--target=wasm32", "-O2", "-nostdlib", "-c", "-o", module + ".o", module + ".c"],
      "")
    _ = try ScriptPeer.run(
      ["lld", "-flavor", "wasm", "--no-entry", "--allow-undefined", "-o", module, module + ".o"],
      "")
    return Contestant(name, workload, ["python3", "-c", WasmPeer.host, module])
  }

  /// What the workloads need of C's library. What is freed is used again if it was the last.
  private static let library = """
    #include <stdarg.h>
    #include <stddef.h>
    #include <stdint.h>
    #define PRId64 "d"

    extern unsigned char __heap_base;
    static char *end;

    static void *malloc(size_t bytes) {
      if (end == NULL) end = (char *)&__heap_base;
      size_t *block = (size_t *)(((size_t)end + 15) / 16 * 16);
      end = (char *)(block + 4) + bytes;
      size_t pages = ((size_t)end + 65535) / 65536, present = __builtin_wasm_memory_size(0);
      if (pages > present) __builtin_wasm_memory_grow(0, pages - present);
      block[0] = bytes;
      return block + 4;
    }

    static void free(void *block) {
      if (block != NULL && (char *)block + ((size_t *)block)[-4] == end) end = (char *)block - 16;
    }

    void *memcpy(void *to, const void *from, size_t count) {
      for (size_t i = 0; i < count; i++) ((char *)to)[i] = ((const char *)from)[i];
      return to;
    }

    static void *realloc(void *old, size_t bytes) {
      void *new = malloc(bytes);
      size_t before = old == NULL ? 0 : ((size_t *)old)[-4];
      memcpy(new, old, before < bytes ? before : bytes);
      return new;
    }

    __attribute__((import_module("host"), import_name("put"))) void put(int character);

    static void put_number(int64_t number) {
      if (number < 0) {
        put('-');
        number = -number;
      }
      if (number >= 10) put_number(number / 10);
      put((int)('0' + number % 10));
    }

    /* Characters and numbers are all that a workload shows. */
    static void printf(const char *format, ...) {
      va_list values;
      va_start(values, format);
      for (; *format != 0; format++) {
        if (*format != '%') {
          put(*format);
        } else if (*++format == 'c') {
          put(va_arg(values, int));
        } else {
          put_number(va_arg(values, int64_t));
        }
      }
      va_end(values);
    }

    """

  private static let exports = ["prepare", "work", "show"].map {
    "__attribute__((export_name(\"\($0)\"))) void call_\($0)(void) { \($0)(); }\n"
  }.joined()

  private static let host = """
    import sys, time, wasm3
    environment = wasm3.Environment()
    runtime = environment.new_runtime(1 << 16)
    module = environment.parse_module(open(sys.argv[1], "rb").read())
    runtime.load(module)
    module.link_function("host", "put", "v(i)", lambda code: sys.stdout.write(chr(code)) and None)
    prepare, work, show = (runtime.find_function(name) for name in ("prepare", "work", "show"))
    prepare()
    work()
    times = []
    for _ in range(\(Contestant.runs)):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    print("%.9f" % min(times))
    show()
    """
}
