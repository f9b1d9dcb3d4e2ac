// SPDX-License-Identifier: Apache-2.0
// Numbers that are not finite are found wherever they stand, and no checkpoint with one is loaded.
#include "tensor/io/finite_weights.h"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>

#include "models/bert/classification.h"
#include "models/hub/pretrained.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

template <typename T>
int64_t counted(const std::vector<T>& values, const std::string& dtype) {
  return count_not_finite({"x", dtype, {static_cast<int64_t>(values.size())}, std::as_bytes(std::span(values))});
}

// One bad number at a time, at the ends of the pieces that are looked at together.
template <typename T>
void check_places(const std::string& dtype, T good, const std::vector<T>& bad) {
  for (const size_t size : {size_t{1}, size_t{4096}, size_t{4097}, size_t{10000}})
    for (const size_t at : {size_t{0}, size / 2, size - 1})
      for (const T value : bad) {
        std::vector<T> values(size, good);
        CHECK(counted(values, dtype) == 0);
        values[at] = value;
        CHECK(counted(values, dtype) == 1);
      }
}

constexpr float largest = std::numeric_limits<float>::max();
constexpr float infinite = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("finite weights: NaN and infinities of every type are counted") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  check_places<float>("F32", largest, {nan, -nan, infinite, -infinite});
  check_places<double>("F64", -double{largest}, {double{nan}, double{infinite}, 1e39, -1e300});
  check_places<uint16_t>("BF16", 0x7F7F, {0x7F80, 0xFF80, 0x7FC0, 0xFFFF});
  check_places<uint16_t>("F16", 0x7BFF, {0x7C00, 0xFC00, 0x7E00, 0xFFFF});
  CHECK(counted<uint8_t>(std::vector<uint8_t>(16, 0xFF), "U8") == 0);
  CHECK(counted<float>({}, "F32") == 0);
}

TEST_CASE("finite weights: a checkpoint that is not finite is refused, naming file and tensor") {
  const ScratchFolder folder;
  const std::string directory = folder / "model";
  write_small_model<BertForSequenceClassification>(directory, small_bert_config());
  std::vector<float> values(16, 1);
  values[3] = infinite;
  values[4] = -infinite;
  {
    const ModelWeights weights(directory);
    std::vector<SafetensorsEntry> entries;
    for (const SafetensorsEntry* entry : weights.entries()) entries.push_back(*entry);
    for (SafetensorsEntry& entry : entries)
      if (entry.name == "bert.pooler.dense.bias") entry.bytes = std::as_bytes(std::span(values));
    write_safetensors(folder / "other", entries);
  }
  std::filesystem::rename(folder / "other", directory + "/model.safetensors");
  CHECK_THROWS_WITH_AS(Pretrained<BertForSequenceClassification>(directory, Device::from_environment()),
                       (directory + "/model.safetensors: tensor bert.pooler.dense.bias: holds NaN or infinity (2 of 16 "
                                    "numbers are not finite)")
                           .c_str(),
                       std::runtime_error);
}

}  // namespace thaw
