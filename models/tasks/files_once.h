// SPDX-License-Identifier: Apache-2.0
// Encodes rows of which several name the same file, as questions about a picture do: it is looked at once.
#pragma once

#include <string>
#include <unordered_map>

#include "models/tasks/row_encoder.h"

namespace thaw {

class FilesOnce {
 public:
  // Which must outlive it.
  explicit FilesOnce(const RowEncoder& encoder) : encoder_(encoder) {}

  // As RowEncoder::encode().
  Encoding encode(const InputRow& row) {
    if (row.picture) return encoder_.encode(row);
    if (!seen_.empty())
      if (const auto seen = seen_.find(path_of(row)); seen != seen_.end())
        return encoder_.encode_again(row, seen->second);
    Encoding encoding = encoder_.encode(row);
    if (encoding.rows) seen_.emplace(path_of(row), encoding);
    return encoding;
  }

 private:
  const RowEncoder& encoder_;
  std::unordered_map<std::string, Encoding> seen_;  // by paths
};

}  // namespace thaw
