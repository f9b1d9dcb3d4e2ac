// SPDX-License-Identifier: Apache-2.0
// What a family's config.json may not say.
#pragma once

#include <doctest/doctest.h>

#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "tensor/io/json.h"
#include "tests/error_of.h"

namespace thaw {

// CHECKs that a config.json of such keys alone fails in one line, which names the file and has the text that stands
// beside them.
template <typename Config>
void check_refused_keys(std::span<const std::pair<const char*, const char*>> bad) {
  for (const auto& keys : bad) {
    const std::string error = error_of<std::runtime_error>(
        [&] { Config::from_json(Json::parse("{" + std::string(keys.first) + "}", "DIR/config.json")); });
    INFO(error);
    CHECK(error.starts_with("DIR/config.json: "));
    CHECK(error.find(keys.second) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
  }
}

}  // namespace thaw
