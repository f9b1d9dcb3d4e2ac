// SPDX-License-Identifier: Apache-2.0
// The table of families: a line for each.
#include "models/families.h"

#include <algorithm>
#include <iterator>

#include "models/bert/config.h"

namespace thaw {

namespace {

template <typename Config>
CheckpointNames names_of(const Json& config) {
  return Config::from_json(config).checkpoint_names();
}

constexpr ModelFamily families[] = {
    {"bert", names_of<BertConfig>},
};

}  // namespace

const ModelFamily* find_family(std::string_view model_type) {
  const auto found = std::ranges::find(families, model_type, &ModelFamily::model_type);
  return found == std::end(families) ? nullptr : found;
}

}  // namespace thaw
