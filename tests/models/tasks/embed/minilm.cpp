// SPDX-License-Identifier: Apache-2.0
// A real embedder: means of all-MiniLM-L6-v2's golden states, of unit length. The model is fetched by
// examples/fetch_minilm.sh.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "models/tasks/embed/text_embedder.h"
#include "tests/goldens.h"
#include "tests/models/tasks/embed/golden_sentences.h"

using namespace thaw;

TEST_CASE("golden MiniLM: embeddings are the means of the states, of unit length") {
  const std::string directory = minilm_directory();
  if (!has_golden("minilm")) return;
  if (!std::filesystem::exists(directory + "/modules.json")) {
    MESSAGE("skipped: no MiniLM in " << directory);
    return;
  }
  TextEmbedder model(directory);
  CHECK(model.settings().pooling == Pooling::mean);
  CHECK(model.settings().normalize);
  CHECK(model.max_length() == 256);  // sentence_bert_config.json
  const GoldenSentences golden;
  std::vector<Encoding> texts;
  for (const std::string& text : golden.texts) texts.push_back(model.encode(text));
  std::vector<const Encoding*> batch;
  for (const Encoding& text : texts) batch.push_back(&text);
  const std::vector<float> found = model.embed(batch);
  const auto width = static_cast<size_t>(model.width());
  double largest = 0;
  for (size_t b = 0; b < texts.size(); ++b)
    for (size_t c = 0; c < width; ++c)
      largest = std::max(largest, std::abs(golden.vectors[b].at(c) - static_cast<double>(found[b * width + c])));
  CHECK(texts.size() == 20);
  CHECK(largest <= 1e-5);
}
