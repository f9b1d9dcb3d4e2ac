// SPDX-License-Identifier: Apache-2.0
// Looks at the kind alone.
#include "models/audio/feature_file.h"

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

void check_feature_type(const Json& file, std::string_view type) {
  if (!file.is_object()) fail("{}: an object is expected, this is {}", file.where(), file.describe());
  if (const std::string found = file.get_string_or("feature_extractor_type", std::string(type)); found != type)
    fail("{}: this is {}, not {}", file.where("feature_extractor_type"), quote(found), quote(type));
}

}  // namespace thaw
