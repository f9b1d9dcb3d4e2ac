// SPDX-License-Identifier: Apache-2.0
// The model of a golden folder, whatever its head: outputs and losses under the names that the folder has for them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nn/parameter.h"
#include "tests/models/golden_case.h"

namespace thaw {

// Rows of numbers and the cells of the golden's padded array that they belong to.
struct GoldenOutput {
  Variable rows;               // [R, ...]
  std::vector<int32_t> cells;  // [R]; empty: row r is row r
};

class GoldenModel {
 public:
  virtual ~GoldenModel() = default;
  virtual ParameterStore& store() = 0;
  virtual std::vector<Variable> hidden(const PackedText& text) const = 0;
  // "logits", "start_logits", ...
  virtual std::map<std::string, GoldenOutput> outputs(const PackedText& text) const = 0;
  virtual Variable loss(int64_t batch) const = 0;
  virtual PackedText text(int64_t batch) const = 0;
  virtual void save(const std::string& directory) const = 0;
};

// By the architecture that config.json names.
std::unique_ptr<GoldenModel> open_golden(const GoldenCase& golden, Device device, DType dtype);

}  // namespace thaw
