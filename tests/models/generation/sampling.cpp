// SPDX-License-Identifier: Apache-2.0
// Filters against the reference's; draws against their probabilities.
#include "models/generation/sampling.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <vector>

#include "models/generation/search.h"
#include "tensor/io/json.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"

namespace thaw {

TEST_CASE("sampling, golden: temperature, top-k, top-p and min-p leave what the reference's filters leave") {
  if (!has_golden("pieces2")) return;
  const auto tensors = read_tensors(golden_dir() / "pieces2" / "expected.safetensors", Device::open("reference"));
  const Json pieces = Json::read((golden_dir() / "pieces2" / "pieces.json").string());
  const Json& filters = pieces.get_array("filters");
  for (size_t i = 0; i < filters.size(); ++i) {
    const Json& filter = filters.get_object(i);
    GenerationOptions options;
    options.temperature = filter.get_number_or("temperature", 1);
    options.top_k = filter.get_int_or("top_k", 0);
    options.top_p = filter.get_number_or("top_p", 1);
    options.min_p = filter.get_number_or("min_p", 0);
    const Tensor& logits = tensors.at("filter." + filter.get_string("logits"));
    const auto kept = tensors.at(fmt::format("filter.{}.kept", i)).to_host<int32_t>();
    const auto probabilities = tensors.at(fmt::format("filter.{}.probabilities", i)).to_host<double>();
    const auto all = logits.to_host<double>();
    const auto width = static_cast<size_t>(logits.size(1));
    for (size_t row = 0; row < static_cast<size_t>(logits.size(0)); ++row) {
      CAPTURE(i);
      CAPTURE(row);
      std::vector<float> scores(all.begin() + static_cast<ptrdiff_t>(row * width),
                                all.begin() + static_cast<ptrdiff_t>((row + 1) * width));
      filter_scores(options, scores);
      const double sum = log_sum_exp(scores);
      for (size_t id = 0; id < width; ++id) {
        CHECK(std::isfinite(scores[id]) == (kept[row * width + id] != 0));
        CHECK(std::exp(static_cast<double>(scores[id]) - sum) ==
              doctest::Approx(probabilities[row * width + id]).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("sampling: tokens come as often as they are likely, by the key alone") {
  constexpr float none = -std::numeric_limits<float>::infinity();
  const std::vector<float> scores{0, none, std::log(2.f), std::log(5.f), none};
  std::vector<int> counts(scores.size());
  constexpr int draws = 20'000;
  for (int step = 0; step < draws; ++step) {
    const int32_t id = draw(scores, {7, 3}, step);
    CHECK(id == draw(scores, {7, 3}, step));
    ++counts.at(static_cast<size_t>(id));
  }
  CHECK(counts[1] + counts[4] == 0);
  CHECK(counts[0] / double{draws} == doctest::Approx(1. / 8).epsilon(.05));
  CHECK(counts[2] / double{draws} == doctest::Approx(2. / 8).epsilon(.05));
  CHECK(counts[3] / double{draws} == doctest::Approx(5. / 8).epsilon(.05));
  CHECK(draw(std::vector<float>(3, none), {7, 3}, 0) == -1);
}

}  // namespace thaw
