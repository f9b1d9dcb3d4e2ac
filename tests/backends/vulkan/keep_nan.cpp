// SPDX-License-Identifier: Apache-2.0
// Shaders are told to keep NaN.
#include "backends/vulkan/keep_nan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "backends/vulkan/shaders.h"

using namespace thaw;

TEST_CASE("vulkan NaN: a module gets the capability and its entry point the mode, and stays the same otherwise") {
  const auto words = vulkan::shaders::unary.words;
  std::vector<uint32_t> kept = vulkan::keeping_nan(words);
  REQUIRE(kept.size() == words.size() + 2 + 4);
  const std::array<uint32_t, 2> capability = {2 << 16 | 17, 4466};
  CHECK(std::equal(capability.begin(), capability.end(), kept.begin() + 5));
  kept.erase(kept.begin() + 5, kept.begin() + 7);
  const auto entry = std::ranges::find_if(words, [](uint32_t word) { return (word & 0xffff) == 15 && word >> 16 > 3; });
  REQUIRE(entry != words.end());
  const auto after = kept.begin() + (entry - words.begin()) + (*entry >> 16);
  const std::vector<uint32_t> mode(after, after + 4);
  CHECK(mode == std::vector<uint32_t>{4 << 16 | 16, entry[2], 4461, 32});
  kept.erase(after, after + 4);
  CHECK(std::ranges::equal(kept, words));
}

TEST_CASE("vulkan NaN: what is no module") {
  CHECK_THROWS_AS(vulkan::keeping_nan(std::vector<uint32_t>{0x07230203, 0x00010500}), std::invalid_argument);
  CHECK_THROWS_AS(vulkan::keeping_nan(std::vector<uint32_t>{0x07230203, 0x00010300, 0, 1, 0, 5 << 16}),
                  std::invalid_argument);
  CHECK_THROWS_AS(vulkan::keeping_nan(std::vector<uint32_t>{0x07230203, 0x00010500, 0, 1, 0, 5 << 16}),
                  std::invalid_argument);
}
