// SPDX-License-Identifier: Apache-2.0
// The sentences of the golden of all-MiniLM-L6-v2, and their embeddings: means of its golden states, of unit length.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "tensor/device.h"
#include "tensor/io/json.h"
#include "tensor/io/tensor_file.h"
#include "tensor/tensor.h"
#include "tests/goldens.h"
#include "tests/source_folder.h"

namespace thaw {

// Where examples/fetch_minilm.sh puts the model, or $THAW_MINILM.
inline std::string minilm_directory() {
  const char* given = std::getenv("THAW_MINILM");
  return given && *given ? given : (source_folder() / "data" / "minilm").string();
}

struct GoldenSentences {
  std::vector<std::string> texts;
  std::vector<std::vector<double>> vectors;

  // Needs the golden "minilm".
  GoldenSentences() {
    const auto states = read_tensors(golden_dir() / "minilm" / "expected.safetensors", Device::open("reference"));
    const Json sentences = Json::read((golden_dir() / "minilm" / "sentences.json").string());
    for (size_t b = 0; b < sentences.size(); ++b) {
      texts.push_back(sentences.at(b).get_string("text"));
      const Tensor& state = states.at("last_hidden." + std::to_string(b));
      const std::vector<double> rows = state.to_host<double>();
      const auto width = static_cast<size_t>(state.size(state.rank() - 1));
      std::vector<double>& vector = vectors.emplace_back(width);
      for (size_t i = 0; i < rows.size(); ++i) vector[i % width] += rows[i];
      double square = 0;
      for (const double x : vector) square += x * x;
      for (double& x : vector) x /= std::sqrt(square);
    }
  }
};

}  // namespace thaw
