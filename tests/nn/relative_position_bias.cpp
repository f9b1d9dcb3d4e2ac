// SPDX-License-Identifier: Apache-2.0
// Buckets of distances against the reference library's, and tables that grow with the texts.
#include "nn/relative_position_bias.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/init.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"

using namespace thaw;

TEST_CASE("T5's buckets: every table of the goldens") {
  if (!has_golden("pieces2")) return;
  const Device host = Device::open("reference");
  const std::map<std::string, Tensor> golden = read_tensors(golden_dir() / "pieces2" / "expected.safetensors", host);
  const std::vector<int32_t> distances = golden.at("bucket.distance").to_host<int32_t>();
  int64_t tables = 0;
  for (const bool causal : {false, true}) {
    for (const auto& [count, most] : {std::pair{8, 16}, {12, 20}, {32, 128}}) {
      const std::string name = fmt::format("bucket.{}.{}.{}", causal ? "causal" : "bidirectional", count, most);
      CAPTURE(name);
      const std::vector<int32_t> expected = golden.at(name).to_host<int32_t>();
      const DistanceBuckets buckets{causal, count, most};
      std::vector<int32_t> found;
      for (const int32_t d : distances) found.push_back(buckets(d));
      CHECK(found == expected);
      ++tables;
    }
  }
  CHECK(tables == 6);
}

TEST_CASE("T5's buckets: numbers that the logarithm leaves at the edge of a bucket are the reference library's") {
  // With 32 buckets up to 128: exact up to 7 (15 causal), then 8 (16) that grow with the logarithm.
  const DistanceBuckets both{false, 32, 128}, causal{true, 32, 128};
  CHECK(both(0) == 0);
  CHECK(both(7) == 16 + 7);
  CHECK(both(-8) == 8);
  CHECK(both(-16) == 10);
  CHECK(both(-32) == 12);
  CHECK(both(-64) == 14);
  CHECK(both(-127) == 15);
  CHECK(both(1'000'000) == 31);
  CHECK(causal(5) == 0);
  CHECK(causal(-15) == 15);
  CHECK(causal(-128) == 31);
}

TEST_CASE("T5's relative bias: its table is a parameter, what it gives covers every pair, and it grows") {
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const RelativePositionBias bias(Scope(store) / "bias", {true, 8, 16}, 2, Init::normal(1));
  CHECK(store.find("bias.weight").same(bias.table()));
  for (const int64_t longest : {3, 100, 5}) {
    const RelativeBiasVariable given = bias(longest);
    CHECK(given.zero >= longest);
    CHECK(given.bucket_of.size() >= 2 * longest + 1);
    for (int64_t d = -longest; d <= longest; ++d)
      CHECK(given.bucket_of.host()[static_cast<size_t>(given.zero + d)] == (DistanceBuckets{true, 8, 16}(d)));
  }
  // What was made for a longer text serves a shorter one: nothing is uploaded again.
  CHECK(bias(5).bucket_of.host().data() == bias(100).bucket_of.host().data());
  CHECK_THROWS_WITH_AS(RelativePositionBias(Scope(store) / "odd", {true, 8, 4}, 2, Init::normal(1)),
                       doctest::Contains("odd: 8 buckets for distances up to 4"), std::invalid_argument);
  CHECK_THROWS_AS(RelativePositionBias()(3), std::invalid_argument);
}
