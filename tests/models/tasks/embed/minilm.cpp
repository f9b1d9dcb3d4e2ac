// SPDX-License-Identifier: Apache-2.0
// A real embedder: means of all-MiniLM-L6-v2's golden states, of unit length. The model is fetched by
// examples/fetch_minilm.sh.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "models/tasks/embed/text_embedder.h"
#include "tensor/io/json.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"
#include "tests/source_folder.h"

using namespace thaw;

TEST_CASE("golden MiniLM: embeddings are the means of the states, of unit length") {
  const char* given = std::getenv("THAW_MINILM");
  const std::string directory = given && *given ? given : (source_folder() / "data" / "minilm").string();
  if (!has_golden("minilm")) return;
  if (!std::filesystem::exists(directory + "/modules.json")) {
    MESSAGE("skipped: no MiniLM in " << directory);
    return;
  }
  TextEmbedder model(directory);
  CHECK(model.settings().pooling == Pooling::mean);
  CHECK(model.settings().normalize);
  CHECK(model.max_length() == 256);  // sentence_bert_config.json
  const auto states = read_tensors(golden_dir() / "minilm" / "expected.safetensors", Device::open("reference"));
  std::vector<Encoding> texts;
  const Json sentences = Json::read((golden_dir() / "minilm" / "sentences.json").string());
  for (const Json& sentence : sentences.items()) texts.push_back(model.encode(sentence.get_string("text")));
  std::vector<const Encoding*> batch;
  for (const Encoding& text : texts) batch.push_back(&text);
  const std::vector<float> found = model.embed(batch);
  const auto width = static_cast<size_t>(model.width());
  double largest = 0;
  for (size_t b = 0; b < texts.size(); ++b) {
    const std::vector<double> rows = states.at("last_hidden." + std::to_string(b)).to_host<double>();
    std::vector<double> mean(width);
    for (size_t i = 0; i < rows.size(); ++i) mean[i % width] += rows[i] / static_cast<double>(texts[b].size());
    double square = 0;
    for (const double x : mean) square += x * x;
    for (size_t c = 0; c < width; ++c)
      largest = std::max(largest, std::abs(mean[c] / std::sqrt(square) - static_cast<double>(found[b * width + c])));
  }
  CHECK(texts.size() == 20);
  CHECK(largest <= 1e-5);
}
