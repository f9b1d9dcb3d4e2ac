// SPDX-License-Identifier: Apache-2.0
// A real encoder: all-MiniLM-L6-v2's hidden states of real sentences. The model is fetched by examples/fetch_minilm.sh.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "models/bert/bert.h"
#include "models/hub/pretrained.h"
#include "models/text/tokenizer.h"
#include "tests/goldens.h"
#include "tests/source_folder.h"

namespace thaw {

namespace {

std::string minilm_directory() {
  if (const char* given = std::getenv("THAW_MINILM"); given && *given) return given;
  return (source_folder() / "data" / "minilm").string();
}

double largest_difference(const Tensor& values, const SafetensorsEntry& expected) {
  const std::vector<float> a = values.to_host<float>();
  REQUIRE(expected.dtype == "F32");
  REQUIRE(a.size() * sizeof(float) == expected.bytes.size());
  std::vector<float> b(a.size());
  std::memcpy(b.data(), expected.bytes.data(), expected.bytes.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(double{a[i]} - double{b[i]}));
  return largest;
}

}  // namespace

TEST_CASE("golden MiniLM: token ids and hidden states of real sentences") {
  const std::string directory = minilm_directory();
  if (!has_golden("minilm")) return;
  if (!std::filesystem::exists(directory + "/model.safetensors")) {
    MESSAGE("skipped: no MiniLM in " << directory
                                     << " (examples/fetch_minilm.sh fetches it; THAW_MINILM names another place)");
    return;
  }
  const Device device = Device::from_environment();
  const Pretrained<Bert> bert(directory, device);
  CHECK(bert.report().initialised.empty());
  CHECK(bert.report().unexpected.empty());

  const auto tokenizer = load_tokenizer(directory);
  const Json sentences = Json::read((golden_dir() / "minilm" / "sentences.json").string());
  std::vector<Encoding> encodings;
  for (const Json& sentence : sentences.items()) {
    const std::vector<int64_t> ids = sentence.get_ints("ids");
    encodings.push_back(tokenizer->encode(sentence.get_string("text")));
    CHECK(encodings.back().ids == std::vector<int32_t>(ids.begin(), ids.end()));
  }

  const BertInput text = BertInput::from_encodings(encodings, device);
  const Tensor hidden = bert.model()(text).value();
  const Tensor pooled = bert.model().pooled(text).value();
  const SafetensorsFile expected((golden_dir() / "minilm" / "expected.safetensors").string());
  for (int64_t b = 0; b < text.count(); ++b) {
    INFO("sentence " << b);
    const Tensor rows = hidden.slice(0, text.segments.begin(b), text.segments.end(b));
    CHECK(largest_difference(rows, expected.at(fmt::format("last_hidden.{}", b))) <= 1e-4);
    CHECK(largest_difference(pooled.slice(0, b, b + 1), expected.at(fmt::format("pooler.{}", b))) <= 1e-4);
  }
}

}  // namespace thaw
