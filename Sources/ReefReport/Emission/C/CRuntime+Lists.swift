import ReefMachine

extension CRuntime {
  /// The function of an atom on lists. As in the machine it takes lists that it may update over, and
  /// updates one in place where nobody else sees it.
  mutating func list(_ atom: Atom, _ types: [Type], _ result: Type) -> String {
    switch atom.name {
    case "list.range": return range()
    case "list.replicate": return replicate(result)
    case "list.zip": return zip(types[0], types[1], result)
    case "list.prepend": return operation(atom.name, types[1])
    default: return operation(atom.name, types[0])
    }
  }

  private mutating func operation(_ atom: String, _ list: Type) -> String {
    guard case .list(let element) = list else { preconditionFailure("no list") }
    let name = "\(word(list))_\(atom.dropFirst("list.".count))"
    return define(name) { runtime in
      let l = runtime.declaration("list", list)
      let e = runtime.declaration("value", element)
      func function(_ result: String, _ parameters: String, _ body: String) -> String {
        "static inline \(result)(\(parameters)) {\n\(body.indented)\n}\n"
      }
      let listFunction = runtime.declaration(name, list)
      let elementFunction = runtime.declaration(name, element)
      switch atom {
      case "list.append":
        return function(
          listFunction, "\(l), \(e)",
          """
          list = \(runtime.writable(list))(list, 0, 1);
          /* Read once: for all a compiler knows, the item is put where the count is. */
          int64_t count = list->count;
          list->items[count] = value;
          list->count = count + 1;
          return list;
          """)
      case "list.prepend":
        return function(
          listFunction, "\(e), \(l)",
          """
          list = \(runtime.writable(list))(list, 1, 0);
          list->items -= 1;
          list->count += 1;
          list->items[0] = value;
          return list;
          """)
      case "list.concat":
        let copy = runtime.retained("other->items[i]", element)
        return function(
          listFunction, "\(l), \(runtime.declaration("other", list))",
          """
          int64_t count = other->count;
          if (count == 0) return list;
          charge(count);
          list = \(runtime.writable(list))(list, 0, count);
          for (int64_t i = 0; i < count; i++) list->items[list->count + i] = \(copy);
          list->count += count;
          return list;
          """)
      case "list.get":
        return function(
          elementFunction, "\(l), int64_t index",
          """
          if ((uint64_t)index >= (uint64_t)list->count) fail("index");
          return list->items[index];
          """)
      case "list.set":
        let release = runtime.released("list->items[index]", element).map { $0 + "\n" } ?? ""
        return function(
          listFunction, "\(l), int64_t index, \(e)",
          """
          if ((uint64_t)index >= (uint64_t)list->count) fail("index");
          list = \(runtime.writable(list))(list, 0, 0);
          \(release)list->items[index] = value;
          return list;
          """)
      case "list.first":
        return function(
          elementFunction, l,
          """
          if (list->count == 0) fail("emptyList");
          return list->items[0];
          """)
      case "list.last":
        return function(
          elementFunction, l,
          """
          if (list->count == 0) fail("emptyList");
          return list->items[list->count - 1];
          """)
      case "list.rest":
        return function(
          listFunction, l,
          """
          if (list->count == 0) fail("emptyList");
          return \(runtime.slice(list))(list, 1, list->count);
          """)
      case "list.take":
        return function(
          listFunction, "\(l), int64_t count",
          """
          if (count < 0) count = 0;
          if (count > list->count) count = list->count;
          return \(runtime.slice(list))(list, 0, count);
          """)
      case "list.drop":
        return function(
          listFunction, "\(l), int64_t count",
          """
          if (count < 0) count = 0;
          if (count > list->count) count = list->count;
          return \(runtime.slice(list))(list, count, list->count);
          """)
      case "list.reverse":
        return function(
          listFunction, l,
          """
          charge(list->count);
          list = \(runtime.writable(list))(list, 0, 0);
          for (int64_t low = 0, high = list->count - 1; low < high; low++, high--) {
            \(runtime.declaration("item", element)) = list->items[low];
            list->items[low] = list->items[high];
            list->items[high] = item;
          }
          return list;
          """)
      case "list.indexOf":
        return function(
          "int64_t \(name)", "\(l), \(e)",
          """
          for (int64_t i = 0; i < list->count; i++) {
            charge(1);
            if (\(runtime.equal(element))(list->items[i], value)) return i;
          }
          return -1;
          """)
      default: preconditionFailure("\(atom) has no C")
      }
    }
  }

  // MARK: In place, or not

  /// Takes a list over; gives an equal one that nobody else sees, with room at its ends.
  private mutating func writable(_ list: Type) -> String {
    guard case .list(let element) = list else { preconditionFailure("no list") }
    return define("\(word(list))_writable") { runtime in
      let word = runtime.word(list)
      let release = runtime.released("list", list)!
      let copied = runtime.retained("list->items[i]", element)
      return """
        /* These are apart so that what is usual stays short. */
        static APART \(runtime.declaration("\(word)_grow", list))(
            \(runtime.declaration("list", list)), int64_t front, int64_t back) {
          int64_t count = list->count, needed = count + front + back;
          if (needed <= list->capacity && count <= list->capacity / 2) {
            \(runtime.declaration("*items", element)) = list->inside;
            items += front > 0 ? front + (list->capacity - needed) / 2 : 0;
            memmove(items, list->items, (size_t)count * sizeof *items);
            list->items = items;
            return list;
          }
          int64_t room = needed < 8 ? 16 : 2 * needed;
          \(runtime.declaration("larger", list)) = \(runtime.new(list))(room);
          larger->items += front > 0 ? room - count - back : 0;
          memcpy(larger->items, list->items, (size_t)count * sizeof *list->items);
          larger->count = count;
          free_object(
            &list->object,
            (int64_t)sizeof *list + list->capacity * (int64_t)sizeof *list->items);
          return larger;
        }

        static APART \(runtime.declaration("\(word)_copy", list))(
            \(runtime.declaration("list", list)), int64_t front, int64_t back) {
          int64_t count = list->count;
          charge(count);
          int64_t slack = front + back == 0 ? 0 : count / 2;
          \(runtime.declaration("copy", list)) = \(runtime.new(list))(count + front + back + slack);
          if (front > 0) copy->items += slack + front;
          for (int64_t i = 0; i < count; i++) copy->items[i] = \(copied);
          copy->count = count;
          \(release)
          return copy;
        }

        static inline \(runtime.declaration("\(word)_writable", list))(
            \(runtime.declaration("list", list)), int64_t front, int64_t back) {
          if (RARE(list->references != 1 || list->owner != NULL))
            return \(word)_copy(list, front, back);
          if (front + back == 0) return list;
          int64_t gap = list->items - list->inside;
          bool has_room = gap >= front && list->capacity - gap - list->count >= back;
          return RARE(!has_room) ? \(word)_grow(list, front, back) : list;
        }

        """
    }
  }

  /// Takes a list over; gives its elements from `start` up to, but without, `end`.
  private mutating func slice(_ list: Type) -> String {
    guard case .list(let element) = list else { preconditionFailure("no list") }
    return define("\(word(list))_slice") { runtime in
      let word = runtime.word(list)
      let release = runtime.released("list", list)!
      var dropped = ""
      if let release = runtime.released("list->items[i]", element) {
        dropped = """

              if (list->owner == NULL) {
                for (int64_t i = 0; i < start; i++) \(release)
                for (int64_t i = end; i < list->count; i++) \(release)
              }
          """
      }
      let owner = runtime.declaration("owner", list)
      return """
        static \(runtime.declaration("\(word)_slice", list))(
            \(runtime.declaration("list", list)), int64_t start, int64_t end) {
          if (start == 0 && end == list->count) return list;
          if (list->references == 1) {\(dropped)
            list->items += start;
            list->count = end - start;
            return list;
          }
          \(owner) = list->owner == NULL ? list : list->owner;
          owner->references += 1;
          \(runtime.declaration("view", list)) = new_object(
            sizeof *view, 0, sizeof *view->items);
          view->references = 1;
          view->items = list->items + start;
          view->count = end - start;
          view->capacity = 0;
          view->owner = owner;
          \(release)
          return view;
        }

        """
    }
  }

  // MARK: New lists

  private mutating func range() -> String {
    define("list_int_range") { runtime in
      """
      static inline list_int *list_int_range(int64_t low, int64_t high) {
        int64_t count = 0;
        if (low < high && __builtin_sub_overflow(high, low, &count)) fail("memory");
        charge(count);
        \(runtime.declaration("list", .list(.int))) = \(runtime.new(.list(.int)))(count);
        for (int64_t i = 0; i < count; i++) list->items[i] = low + i;
        list->count = count;
        return list;
      }

      """
    }
  }

  private mutating func replicate(_ list: Type) -> String {
    guard case .list(let element) = list else { preconditionFailure("no list") }
    return define("\(word(list))_replicate") { runtime in
      """
      static inline \(runtime.declaration("\(runtime.word(list))_replicate", list))(
          int64_t count, \(runtime.declaration("value", element))) {
        if (count < 0) count = 0;
        charge(count);
        \(runtime.declaration("list", list)) = \(runtime.new(list))(count);
        for (int64_t i = 0; i < count; i++) list->items[i] = \(runtime.retained("value", element));
        list->count = count;
        return list;
      }

      """
    }
  }

  private mutating func zip(_ left: Type, _ right: Type, _ result: Type) -> String {
    guard case .list(let first) = left, case .list(let second) = right else {
      preconditionFailure("no lists")
    }
    return define("\(word(result))_zip") { runtime in
      """
      static inline \(runtime.declaration("\(runtime.word(result))_zip", result))(
          \(runtime.declaration("left", left)), \(runtime.declaration("right", right))) {
        int64_t count = left->count < right->count ? left->count : right->count;
        charge(count);
        \(runtime.declaration("list", result)) = \(runtime.new(result))(count);
        for (int64_t i = 0; i < count; i++) {
          list->items[i].first = \(runtime.retained("left->items[i]", first));
          list->items[i].second = \(runtime.retained("right->items[i]", second));
        }
        list->count = count;
        return list;
      }

      """
    }
  }
}

extension String {
  /// Two spaces before every line.
  var indented: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
      .joined(separator: "\n")
  }
}
