// SPDX-License-Identifier: Apache-2.0
// Where a JSON container stood: the chain of keys from the top of its file, kept so that errors can name it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace thaw {

struct JsonPlace {
  std::string origin;                       // file, at the top only
  std::shared_ptr<const JsonPlace> parent;  // null at the top
  std::string key;                          // of this container in its parent, if that is an object
  size_t index = 0;                         // ... if that is an array
  bool is_index = false;
};

// "key.path" for messages: keys that are plain words as they are, others quoted and shortened.
std::string json_path(const JsonPlace* place);

// A text in quotes for messages: control characters escaped, cut at 60 bytes.
std::string quote(std::string_view text);

}  // namespace thaw
