// SPDX-License-Identifier: Apache-2.0
// What a source makes T5 write depends neither on the batch, nor on what is kept between steps, nor on the device.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "models/generation/generate.h"
#include "models/packed_text.h"
#include "models/t5/decoder.h"
#include "models/t5/t5.h"
#include "tests/models/small_t5.h"
#include "tests/models/t5/uncached_decoder.h"

namespace thaw {
namespace {

// 64 sources of 1 to 300 tokens, short and long ones mixed.
std::vector<Encoding> sources() {
  std::vector<int32_t> lengths;
  for (int32_t i = 0; i < 64; ++i) lengths.push_back(1 + i * 37 % 64 * 299 / 63);
  std::vector<Encoding> all;
  for (const std::vector<int32_t>& ids : small_texts(lengths)) all.emplace_back().ids = ids;
  return all;
}

// Greedy rows end early here and there, so that rows leave the batch at different steps.
GenerationOptions options_of(int64_t beams) {
  GenerationOptions options;
  options.max_new_tokens = 6;
  options.num_beams = beams;
  options.repetition_penalty = 3;  // else rows of random weights say one word for ever
  options.end_ids = {13};
  return options;
}

// THAW_DEVICE, else all that can be used.
std::vector<Device> devices() {
  if (const char* asked = std::getenv("THAW_DEVICE"); asked && *asked) return {Device::open(asked)};
  std::vector<Device> all;
  for (const DeviceInfo& info : list_devices())
    if (info.usable) all.push_back(Device::open(info.name));
  return all;
}

using Rows = std::vector<std::vector<int32_t>>;

Rows best_of(const std::vector<std::vector<Hypothesis>>& results) {
  Rows rows;
  for (const std::vector<Hypothesis>& one : results) rows.push_back(one.at(0).ids);
  return rows;
}

T5Config config() {
  T5Config config = small_t5_config();
  config.num_layers = 1;
  config.num_decoder_layers = 2;
  return config;
}

struct Model {
  Device device;
  ParameterStore store{device, DType::f32, 11};
  T5ForConditionalGeneration t5;
  explicit Model(Device on) : device(on), t5(Scope(store), config()) { randomise(store); }

  Rows together(const std::vector<Encoding>& texts, const Rows& prompts, int64_t beams) const {
    T5Decoder decoder(t5, PackedText::from_encodings(pointers_to(texts), device));
    return best_of(generate(decoder, {prompts}, options_of(beams)));
  }
  Rows uncached(const std::vector<Encoding>& texts, const Rows& prompts, int64_t beams) const {
    UncachedDecoder decoder(t5, texts, device);
    return best_of(generate(decoder, {prompts}, options_of(beams)));
  }
};

}  // namespace

TEST_CASE("T5 generation: 64 sources of 1 to 300 tokens, alone and together, kept and computed anew, on every device") {
  const std::vector<Encoding> texts = sources();
  Rows prompts;  // beginnings of unequal length
  for (size_t i = 0; i < texts.size(); ++i) {
    prompts.push_back({0});
    for (size_t j = 0; j < i / 4 % 4; ++j) prompts.back().push_back(static_cast<int32_t>(5 + (i + j) % 7));
  }
  for (const int64_t beams : {1, 3}) {
    CAPTURE(beams);
    Rows first;
    for (const Device device : devices()) {
      CAPTURE(device.name());
      const Model model(device);
      const Rows together = model.together(texts, prompts, beams);
      REQUIRE(together.size() == texts.size());
      if (first.empty()) first = together;
      CHECK(together == first);
      std::vector<Encoding> some;
      Rows their_prompts, theirs;
      for (size_t i = 0; i < texts.size(); i += 4) {
        some.push_back(texts[i]);
        their_prompts.push_back(prompts[i]);
        theirs.push_back(together[i]);
      }
      CHECK(model.uncached(some, their_prompts, beams) == theirs);
      for (size_t i = 0; i < texts.size(); ++i) {
        CAPTURE(i);
        CHECK(model.together({texts[i]}, {prompts[i]}, beams)[0] == together[i]);
      }
    }
    // Not all ended at once.
    size_t shortest = 100, longest = 0;
    for (const std::vector<int32_t>& row : first) {
      shortest = std::min(shortest, row.size());
      longest = std::max(longest, row.size());
    }
    CHECK(shortest < longest);
  }
}

}  // namespace thaw
