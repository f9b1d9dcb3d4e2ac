// SPDX-License-Identifier: Apache-2.0
// One folder of goldens: a model's inputs, what the reference library computed from them, and its training traces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/packed_text.h"
#include "tensor/io/json.h"
#include "tensor/io/safetensors.h"

namespace thaw {

class GoldenCase {
 public:
  explicit GoldenCase(const std::filesystem::path& folder);

  std::string directory() const { return folder_.string(); }
  std::string name() const { return folder_.filename().string(); }

  bool has(const std::string& tensor) const { return expected_.find(tensor) != nullptr; }
  std::vector<double> numbers(const std::string& tensor) const;
  std::vector<int32_t> integers(const std::string& tensor) const;
  std::vector<int64_t> shape(const std::string& tensor) const { return expected_.at(tensor).shape; }
  // Names that begin so, without that beginning: parameters("grad.0.").
  std::vector<std::string> names(const std::string& beginning) const;

  // in.K.NAME
  std::string input(int64_t batch, const std::string& name) const;
  PaddedText padded_text(int64_t batch) const;
  Json trace() const { return Json::read(directory() + "/trace.json"); }

 private:
  std::filesystem::path folder_;
  SafetensorsFile expected_;
};

}  // namespace thaw
