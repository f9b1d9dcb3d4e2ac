// SPDX-License-Identifier: Apache-2.0
// A real encoder of base size: all-mpnet-base-v2's hidden states and vectors of real sentences. The model is fetched by
// examples/fetch_mpnet.sh.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/mpnet/mpnet.h"
#include "models/tasks/embed/text_embedder.h"
#include "models/text/tokenizer.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

// What 12 layers of f32 may be off, as a share of a tensor's largest number: the reference library itself is at 3e-6.
constexpr double tolerance = 1e-5;

// Where examples/fetch_mpnet.sh puts the model, or $THAW_MPNET; empty, and said so, if it or its golden is not there.
std::string mpnet_directory() {
  if (!has_golden("mpnet")) return {};
  const char* given = std::getenv("THAW_MPNET");
  const std::string directory = given && *given ? given : (source_folder() / "data" / "mpnet").string();
  if (std::filesystem::exists(directory + "/model.safetensors")) return directory;
  MESSAGE("skipped: no MPNet in " << directory
                                  << " (examples/fetch_mpnet.sh fetches it; THAW_MPNET names another place)");
  return {};
}

std::map<std::string, Tensor> golden_tensors() {
  return read_tensors(golden_dir() / "mpnet" / "expected.safetensors", Device::open("reference"));
}

Json golden_sentences() { return Json::read((golden_dir() / "mpnet" / "sentences.json").string()); }

// The largest difference, as a share of the largest number that is expected.
double difference(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  double apart = 0, most = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    apart = std::max(apart, std::abs(found[i] - expected[i]));
    most = std::max(most, std::abs(expected[i]));
  }
  return apart / most;
}

std::vector<double> numbers(const Tensor& rows) {
  const std::vector<float> found = rows.to_host<float>();
  return {found.begin(), found.end()};
}

std::vector<double> mean_of_rows(const Tensor& rows) {
  const auto width = static_cast<size_t>(rows.size(1));
  std::vector<double> mean(width);
  const std::vector<double> all = numbers(rows);
  for (size_t i = 0; i < all.size(); ++i) mean[i % width] += all[i] / static_cast<double>(rows.size(0));
  return mean;
}

}  // namespace

TEST_CASE("golden all-mpnet-base-v2: token ids, hidden states of each layer, pooler") {
  const std::string directory = mpnet_directory();
  if (directory.empty()) return;
  const Device device = Device::from_environment();
  const Pretrained<MPNet> mpnet(directory, device);
  CHECK(mpnet.report().initialised.empty());
  CHECK(mpnet.report().unexpected.empty());

  const auto tokenizer = load_tokenizer(directory);
  const Json sentences = golden_sentences().get_array("sentences");
  std::vector<Encoding> encodings;
  for (const Json& sentence : sentences.items()) {
    const std::vector<int64_t> ids = sentence.get_ints("ids");
    encodings.push_back(tokenizer->encode(sentence.get_string("text")));
    CHECK(encodings.back().ids == std::vector<int32_t>(ids.begin(), ids.end()));
  }
  CHECK(encodings.size() == 20);

  const std::map<std::string, Tensor> golden = golden_tensors();
  const MPNetInput text = MPNetInput::from_encodings(encodings, device);
  std::vector<Variable> hidden;
  const Tensor last = mpnet.model()(text, &hidden).value();
  const Tensor pooled = mpnet.model().pooled(text).value();
  int64_t compared = 0;
  for (int64_t b = 0; b < text.count(); ++b) {
    INFO("sentence " << b);
    const auto rows_of = [&](const Tensor& all) { return all.slice(0, text.segments.begin(b), text.segments.end(b)); };
    const auto expected = [&](const char* name) {
      const auto found = golden.find(fmt::format("{}.{}", name, b));
      return found == golden.end() ? std::vector<double>() : found->second.to_host<double>();
    };
    if (const std::vector<double> states = expected("last_hidden"); !states.empty() && ++compared)
      CHECK(difference(numbers(rows_of(last)), states) <= tolerance);
    if (const std::vector<double> pooler = expected("pooler"); !pooler.empty() && ++compared)
      CHECK(difference(numbers(pooled.slice(0, b, b + 1)), pooler) <= tolerance);
    if (const std::vector<double> means = expected("hidden_mean"); !means.empty() && ++compared) {
      std::vector<double> found;
      for (const Variable& layer : hidden) {
        const std::vector<double> mean = mean_of_rows(rows_of(layer.value()));
        found.insert(found.end(), mean.begin(), mean.end());
      }
      CHECK(difference(found, means) <= tolerance);
    }
  }
  CHECK(compared == 7 + 3 + 3);
}

TEST_CASE("golden all-mpnet-base-v2: vectors of sentences") {
  const std::string directory = mpnet_directory();
  if (directory.empty()) return;
  TextEmbedder model(directory);
  CHECK(model.settings().pooling == Pooling::mean);
  CHECK(model.settings().normalize);
  CHECK(model.max_length() == 384);  // sentence_bert_config.json
  const Json sentences = golden_sentences().get_array("sentences");
  std::vector<Encoding> texts;
  for (const Json& sentence : sentences.items()) texts.push_back(model.encode(sentence.get_string("text")));
  const std::vector<float> found = model.embed(pointers_to(texts));
  const auto width = static_cast<size_t>(model.width());
  const std::map<std::string, Tensor> golden = golden_tensors();
  for (size_t b = 0; b < texts.size(); ++b) {
    INFO("sentence " << b);
    const auto begin = found.begin() + static_cast<ptrdiff_t>(b * width);
    const std::vector<double> vector(begin, begin + static_cast<ptrdiff_t>(width));
    CHECK(difference(vector, golden.at(fmt::format("sentence.{}", b)).to_host<double>()) <= tolerance);
  }
}
