// SPDX-License-Identifier: Apache-2.0
// Vectors of the things of one side, as a model of pairs makes them, row by row of a file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/pair_model.h"
#include "models/tasks/task_model.h"
#include "tensor/device.h"

namespace thaw {

struct SideVectorOptions {
  PairSide side = PairSide::texts;
  Device device = {};  // none: Device::from_environment()
  int64_t max_length = 0;
  std::string file_column, text_column = "text";  // file_column: empty: the usual one
};

// Does a directory hold a model of pairs?
bool holds_pairs(const std::string& directory);

class SideVectors {
 public:
  // Errors name directory, or file and line.
  SideVectors(const std::string& directory, const SideVectorOptions& options, const PredictionRequest& request,
              const FieldNames& called);
  ~SideVectors();

  int64_t width() const;  // P
  const LoadReport& report() const;
  // Of up to `rows` of the next ones, of unit length [rows, P], row-major; empty if there are none left.
  std::vector<float> next(int64_t rows);
  // Of all that was read: texts that were cut. One line each.
  std::vector<std::string> notes() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace thaw
