// SPDX-License-Identifier: Apache-2.0
// What an adapter's directory says before there is a model: its configuration, names and shapes, and no number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace thaw {

struct AdapterOutline {
  // std::runtime_error as of read_adapter, as far as these tell.
  explicit AdapterOutline(const std::string& directory);

  std::string task_type;                // "SEQ_CLS", ...; or empty
  std::vector<std::string> whole;       // parameters of the model that it replaces as a whole
  std::vector<std::string> touched;     // all whose numbers it changes, those and others
  std::optional<int64_t> classes = {};  // rows of the head of its task

  // Of tables of which it has rows.
  struct Rows {
    int64_t count = 0;      // so many has the table, or more, ...
    bool is_whole = false;  // ... or just as many: all are there
    // Of a table that had `before` rows: are they other ones?
    bool differ_from(int64_t before) const { return is_whole ? count != before : count > before; }
  };
  std::map<std::string, Rows> tables;  // by the names of parameters
};

}  // namespace thaw
