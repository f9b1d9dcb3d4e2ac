// SPDX-License-Identifier: Apache-2.0
// JSON that refuses to guess: a value tree whose typed getters name the file and the key of whatever is wrong.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace thaw {

struct JsonMember;
struct JsonPlace;  // where a container stood in its file; see json_place.h

// One step into a container: a key of an object or an index of an array.
struct JsonStep {
  JsonStep(std::string_view k) : key(k) {}
  JsonStep(const char* k) : key(k) {}
  JsonStep(const std::string& k) : key(k) {}
  template <std::integral T>
  JsonStep(T i) : index(static_cast<size_t>(i)), is_index(true) {}

  std::string_view key;
  size_t index = 0;
  bool is_index = false;
};

// How dump() lays out text. The separators are those of Python's json.dumps, or none when compact.
struct JsonStyle {
  int indent = -1;            // spaces a level; -1: all on one line
  bool sort_keys = false;     // members by key (bytewise) instead of by insertion
  bool ensure_ascii = false;  // \uXXXX for everything beyond ASCII
  bool compact = false;       // "," and ":" without a space (one line only)
};

// A JSON value with value semantics. Objects keep the order of insertion and hold no key twice.
// Numbers keep their nature: an integer of 64 bits (signed or unsigned), an integer beyond 64 bits (kept as its text),
// or a double. No getter converts one into another where that could lose anything. Every getter throws
// std::runtime_error "FILE: key.path: what is wrong" on a missing key, a wrong type or a value out of range.
class Json {
 public:
  enum class Kind { null, boolean, integer, big_integer, number, string, array, object };

  Json();
  Json(std::nullptr_t);
  Json(double value);
  Json(std::string value);
  Json(std::string_view value);
  Json(const char* value);
  Json(std::vector<Json> items);
  template <typename T>
  requires std::same_as<T, bool> Json(T value) : value_(value) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) Json(T value) {
    if constexpr (std::unsigned_integral<T>) {
      set_unsigned(value);
    } else {
      value_ = static_cast<int64_t>(value);
    }
  }
  template <typename T>
  Json(const std::vector<T>& items) : Json(std::vector<Json>(items.begin(), items.end())) {}
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();

  static Json object();
  static Json array();
  // An integer of any size given as decimal digits; std::invalid_argument if it is not one.
  static Json big_integer(std::string digits);

  // Reads one JSON text (RFC 8259, UTF-8). `origin` names the file (and line) in this and all later errors.
  // Refused: duplicate keys, nesting beyond max_depth, a byte order mark, bytes after the value, NaN and infinities,
  // numbers no double can hold, lone surrogates, comments, trailing commas, more than max_values values.
  static Json parse(std::string_view text, const std::string& origin);
  // Reads a file, at most max_bytes long.
  static Json read(const std::string& path);
  static constexpr int max_depth = 64;
  static constexpr size_t max_values = 10'000'000;
  static constexpr size_t max_bytes = size_t{512} << 20;

  Kind kind() const;
  bool is_null() const { return kind() == Kind::null; }
  bool is_bool() const { return kind() == Kind::boolean; }
  bool is_integer() const { return kind() == Kind::integer || kind() == Kind::big_integer; }
  bool is_number() const { return is_integer() || kind() == Kind::number; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // Containers. size() of anything else is an error.
  size_t size() const;
  bool empty() const { return size() == 0; }
  const std::vector<JsonMember>& members() const;  // of an object
  const std::vector<Json>& items() const;          // of an array
  const Json* find(std::string_view key) const;    // null if the object lacks the key
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  const Json& at(JsonStep step) const;
  const Json& get_object(JsonStep step) const;
  const Json& get_array(JsonStep step) const;

  // Typed values of a container. Bounds are inclusive. get_number takes integers too; get_int takes no 2.0.
  int64_t get_int(JsonStep step, int64_t min = std::numeric_limits<int64_t>::min(),
                  int64_t max = std::numeric_limits<int64_t>::max()) const;
  uint64_t get_uint(JsonStep step, uint64_t max = std::numeric_limits<uint64_t>::max()) const;
  double get_number(JsonStep step, double min = std::numeric_limits<double>::lowest(),
                    double max = std::numeric_limits<double>::max()) const;
  bool get_bool(JsonStep step) const;
  const std::string& get_string(JsonStep step) const;
  std::vector<int64_t> get_ints(JsonStep step, int64_t min = std::numeric_limits<int64_t>::min(),
                                int64_t max = std::numeric_limits<int64_t>::max()) const;
  std::vector<std::string> get_strings(JsonStep step) const;

  // The same with a value for when the key is absent or null; a value of a wrong type stays an error.
  int64_t get_int_or(std::string_view key, int64_t otherwise, int64_t min = std::numeric_limits<int64_t>::min(),
                     int64_t max = std::numeric_limits<int64_t>::max()) const;
  double get_number_or(std::string_view key, double otherwise, double min = std::numeric_limits<double>::lowest(),
                       double max = std::numeric_limits<double>::max()) const;
  bool get_bool_or(std::string_view key, bool otherwise) const;
  std::string get_string_or(std::string_view key, const std::string& otherwise) const;

  // Typed values of this very value; errors name the container it was read from.
  int64_t as_int(int64_t min = std::numeric_limits<int64_t>::min(),
                 int64_t max = std::numeric_limits<int64_t>::max()) const;
  uint64_t as_uint(uint64_t max = std::numeric_limits<uint64_t>::max()) const;
  double as_number() const;
  bool as_bool() const;
  const std::string& as_string() const;
  const std::string& as_digits() const;  // text of an integer beyond 64 bits

  // "FILE: key.path" of this container, or of one of its entries: the beginning of a message about it.
  std::string where() const;
  std::string where(JsonStep step) const;
  // Short text of the value for messages: `"abc"`, `12`, `an object`.
  std::string describe() const;

  // Building. set() replaces the value of a key it has; both return *this.
  Json& set(std::string_view key, Json value);
  Json& push_back(Json value);
  // Removes a key; false if it was not there.
  bool erase(std::string_view key);

  // Text of the value. Doubles are written as Python writes them: fewest digits that read back the same. A NaN or an
  // infinity, which JSON has no form for, is an error.
  std::string dump(int indent = -1) const;
  std::string dump(const JsonStyle& style) const;
  // Writes the text and a final newline to a file, which appears whole or not at all (tensor/io/atomic_file.h).
  void write(const std::string& path, const JsonStyle& style) const;

  // Equality of values; the order of an object's members does not matter.
  bool operator==(const Json& other) const;

 private:
  friend class JsonReader;
  friend class JsonWriter;

  struct BigInteger {
    std::string digits;
  };
  struct Object {
    Object();  // these are defined where JsonMember is complete
    Object(const Object&);
    Object(Object&&) noexcept;
    Object& operator=(const Object&);
    Object& operator=(Object&&) noexcept;
    ~Object();

    std::vector<JsonMember> members;
    std::vector<uint32_t> slots;  // hash table: 1 + position in members, 0 where free; none for a few members
    const JsonMember* find(std::string_view key) const;
    void add(std::string key, Json value);  // a key that is not there yet
    void index(size_t size);                // a table of `size` slots for the members

   private:
    size_t slot_of(std::string_view key) const;  // where the key is, or the free slot where it would be
  };

  void set_unsigned(uint64_t value);
  const Json& entry(JsonStep step, const char* expected) const;

  std::variant<std::nullptr_t, bool, int64_t, uint64_t, BigInteger, double, std::string, std::vector<Json>, Object>
      value_;
  std::shared_ptr<const JsonPlace> place_;  // of this container, or of the container a scalar was read from
};

struct JsonMember {
  std::string key;
  Json value;
};

}  // namespace thaw
