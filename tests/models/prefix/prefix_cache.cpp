// SPDX-License-Identifier: Apache-2.0
// Texts that are computed once and kept: which, and how they come back.
#include "models/prefix/prefix_cache.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

namespace thaw {
namespace {

Encoding text_of(int32_t first, size_t length) {
  Encoding text;
  for (size_t i = 0; i < length; ++i) text.ids.push_back(first + static_cast<int32_t>(i));
  text.type_ids.assign(length, 0);
  return text;
}

// Row t of a text of 2 channels: {its first token, t}. Notes what was computed together.
struct Model {
  std::vector<Encoding> texts{text_of(10, 3), text_of(20, 1), text_of(30, 4), text_of(40, 2), text_of(20, 1)};
  FrozenPrefix prefix{.stages = 2, .of = 4, .lookups = 1};
  std::vector<std::vector<int32_t>> computed = {};

  std::vector<const Encoding*> pick(const std::vector<size_t>& numbers) const {
    std::vector<const Encoding*> some;
    for (const size_t number : numbers) some.push_back(&texts[number]);
    return some;
  }
  std::vector<float> rows(std::span<const Encoding* const> some) const {
    std::vector<float> values;
    for (const Encoding* text : some)
      for (size_t t = 0; t < (prefix.row_a_text ? 1 : text->size()); ++t) {
        values.push_back(static_cast<float>(text->ids[0]));
        values.push_back(static_cast<float>(t));
      }
    return values;
  }
  Tensor tensor(std::span<const Encoding* const> some) {
    std::vector<int32_t>& firsts = computed.emplace_back();
    for (const Encoding* text : some) firsts.push_back(text->ids[0]);
    const std::vector<float> values = rows(some);
    return Tensor::from_host(values, {std::ssize(values) / 2, 2}, Device::from_environment());
  }
  std::vector<float> asked(PrefixCache& cache, const std::vector<size_t>& numbers) {
    return cache(pick(numbers), prefix, [this](std::span<const Encoding* const> some) { return tensor(some); })
        .to_host<float>();
  }
};

using Computed = std::vector<std::vector<int32_t>>;
constexpr int64_t row_bytes = 2 * sizeof(float), plenty = 1'000'000;
const std::vector<size_t> all{0, 1, 2, 3, 4};

}  // namespace

TEST_CASE("prefix cache: texts are computed once, in whatever order they are asked for; the same ones are one") {
  Model model;
  PrefixCache cache(Device::from_environment(), DType::f32, DType::f32);
  const KeptTexts plan = cache.keep(model.pick(all), model.prefix, row_bytes, plenty);
  CHECK(plan.texts == 4);
  CHECK(plan.kept == 4);
  CHECK(plan.bytes == 10 * row_bytes);
  for (const std::vector<size_t>& batch : {std::vector<size_t>{3, 1}, {4, 0, 1}, {2, 4, 3}, {0, 1, 2, 3, 4}})
    CHECK(model.asked(cache, batch) == model.rows(model.pick(batch)));
  CHECK(model.computed == Computed{{40, 20}, {10}, {30}});
}

TEST_CASE("prefix cache: a row a text is kept where the prefix gives one") {
  Model model;
  model.prefix.row_a_text = true;
  PrefixCache cache(Device::from_environment(), DType::f32, DType::f32);
  CHECK(cache.keep(model.pick(all), model.prefix, row_bytes, plenty).bytes == 4 * row_bytes);
  for (int i = 0; i < 2; ++i) CHECK(model.asked(cache, {2, 0, 1}) == model.rows(model.pick({2, 0, 1})));
  CHECK(model.computed == Computed{{30, 10, 20}});
}

TEST_CASE("prefix cache: what does not fit is computed each time") {
  Model model;
  PrefixCache cache(Device::from_environment(), DType::f32, DType::f32);
  const KeptTexts plan = cache.keep(model.pick(all), model.prefix, row_bytes, 5 * row_bytes);
  CHECK(plan.texts == 4);
  CHECK(plan.kept == 2);  // of 3 rows and of 1
  CHECK(plan.bytes == 4 * row_bytes);
  for (int i = 0; i < 2; ++i) CHECK(model.asked(cache, {2, 0, 1}) == model.rows(model.pick({2, 0, 1})));
  CHECK(model.asked(cache, {2, 3}) == model.rows(model.pick({2, 3})));
  CHECK(model.computed == Computed{{30, 10, 20}, {30}, {30, 40}});
}

TEST_CASE("prefix cache: of another prefix, or of weights that were written to, nothing is kept") {
  Model model;
  PrefixCache cache(Device::from_environment(), DType::f32, DType::f32);
  cache.keep(model.pick(all), model.prefix, row_bytes, plenty);
  model.asked(cache, {0, 1});
  model.prefix.version = 7;
  model.asked(cache, {0, 1});
  model.prefix.stages = 1;
  model.asked(cache, {0, 1});
  model.prefix.first_position = 5;
  model.asked(cache, {0, 1});
  CHECK(model.computed == Computed{{10, 20}, {10, 20}, {10, 20}, {10, 20}});
}

TEST_CASE("prefix cache: of a later prefix with more rows no more bytes are kept than were planned") {
  Model model;
  model.prefix.row_a_text = true;
  PrefixCache cache(Device::from_environment(), DType::f32, DType::f32);
  CHECK(cache.keep(model.pick(all), model.prefix, row_bytes, plenty).bytes == 4 * row_bytes);
  model.prefix = {.stages = 1, .of = 4, .lookups = 1};  // a part was unfrozen
  for (int i = 0; i < 2; ++i) CHECK(model.asked(cache, {0, 1, 2}) == model.rows(model.pick({0, 1, 2})));
  CHECK(model.computed == Computed{{10, 20, 30}, {30}});  // 3 rows and 1 fit
}

TEST_CASE("prefix cache: it knows what it would look up, of the prefix as it is now") {
  Model model;
  PrefixCache cache(Device::from_environment(), DType::f32, DType::f32);
  const auto held = [&] { return cache.holds(model.pick({0, 1, 2}), model.prefix); };
  CHECK(held() == std::vector<bool>{false, false, false});
  cache.keep(model.pick({0, 1}), model.prefix, row_bytes, plenty);
  model.asked(cache, {1, 2});  // the last one is not to be kept
  CHECK(held() == std::vector<bool>{false, true, false});
  model.asked(cache, {0});
  CHECK(held() == std::vector<bool>{true, true, false});
  model.prefix.version = 7;
  CHECK(held() == std::vector<bool>{false, false, false});
}

TEST_CASE("prefix cache: texts are computed so that the others do not matter") {
  Model model;
  const PrefixCache::Compute compute = [&](std::span<const Encoding* const> some) { return model.tensor(some); };
  const auto computed = [&](const std::vector<size_t>& numbers, int64_t stages, bool independent) {
    model.computed.clear();
    const Tensor given =
        compute_apart(model.pick(numbers), {.stages = stages, .of = 4, .lookups = 1}, independent, compute);
    CHECK(given.to_host<float>() == model.rows(model.pick(numbers)));
    return model.computed;
  };
  CHECK(computed({0, 3}, 2, true) == Computed{{10, 40}});
  CHECK(computed({1}, 2, true) == Computed{{20, 20}});  // never one row by itself
  CHECK(computed({0, 3, 1}, 2, false) == Computed{{10}, {40}, {20}});
  CHECK(computed({1}, 2, false) == Computed{{20}});
  CHECK(computed({0, 1}, 1, false) == Computed{{10, 20}});  // embeddings: no products
}

TEST_CASE("prefix cache: keys tell texts and segments apart") {
  const Encoding text = text_of(1, 4);
  Encoding other = text, types = text;
  other.ids[3] = 9;
  types.type_ids[3] = 1;
  CHECK(text_key(text) == text_key(text_of(1, 4)));
  CHECK_FALSE(text_key(text) == text_key(other));
  CHECK_FALSE(text_key(text) == text_key(types));
}

}  // namespace thaw
