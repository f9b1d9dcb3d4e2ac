// SPDX-License-Identifier: Apache-2.0
// Where a JSON container stood: the chain of keys from the top of its file, kept so that errors can name it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {

struct JsonPlace {
  std::string origin;                       // file, at the top only
  std::shared_ptr<const JsonPlace> parent;  // null at the top
  std::string key;                          // of this container in its parent, if that is an object
  size_t index = 0;                         // ... if that is an array
  bool is_index = false;
};

// "key.path" for messages, with a last step if there is one: keys that are plain words as they are, others quoted, the
// middle of a long path left out.
std::string json_path(const JsonPlace* place, const JsonStep* last = nullptr);
// The same of steps "key" and "[3]".
std::string join_path(const std::vector<std::string>& steps);

}  // namespace thaw
