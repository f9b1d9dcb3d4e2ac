// SPDX-License-Identifier: Apache-2.0
// One number for two names.
#include "models/hub/named_size.h"

#include "models/hub/config.h"
#include "tensor/check.h"

namespace thaw {

int64_t read_named_size(const Json& json, const char* key, const char* other, int64_t otherwise, int64_t most) {
  const int64_t usual = read_size(json, other, otherwise, most);
  const int64_t size = read_size(json, key, usual, most);
  const Json* given = json.find(other);
  if (given && !given->is_null() && size != usual)
    fail("{}: {}, but {} is {}: they mean the same", json.where(other), usual, key, size);
  return size;
}

}  // namespace thaw
