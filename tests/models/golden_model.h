// SPDX-License-Identifier: Apache-2.0
// The model of a golden folder, of whatever family: outputs and losses under the names that the folder has for them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
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
  // Of a batch of the folder: the embeddings and each layer's output, by the names of the stacks that have them
  // ("hidden"; "encoder_hidden", "decoder_hidden"); what the model gives ("logits", "start_logits", ...); the loss [].
  virtual std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const = 0;
  virtual std::map<std::string, GoldenOutput> outputs(int64_t batch) const = 0;
  virtual Variable loss(int64_t batch) const = 0;
  virtual void save(const std::string& directory) const = 0;
  // What names of parameters begin with that the folder's do not: of old files, which are not saved as they were.
  virtual std::string added_prefix() const { return ""; }
  // Of a tensor that the reference library counts as a parameter though nothing reads it: here it is none.
  virtual bool is_carried(const std::string& /*name*/) const { return false; }
  // How much more than others its steps magnify rounding when all of it is trained.
  virtual double rounding_growth() const { return 1; }
  // ... and how much more than losses the norms of its gradients do.
  virtual double norm_growth() const { return 1; }
  // The reference library rounded some numbers to f32 on the way: f64 is held to what f32 is.
  virtual bool reference_is_rounded() const { return false; }
  // Of a gradient of something that is no parameter, but was computed from one: a test of the family's own reads it.
  virtual bool is_on_the_way(const std::string& /*name*/) const { return false; }
};

// A line of the table of golden models: an architecture, and who opens it. A family's file makes its entries, at
// namespace scope: nothing else names them.
struct GoldenEntry {
  GoldenEntry(std::string_view architecture, std::unique_ptr<GoldenModel> (*open)(const GoldenCase&, Device, DType));
};

// The folders that an entry of the table knows, by name. Tells once of those that no test reads, and if there is none.
std::vector<GoldenCase> model_goldens();
// The same of those with an adapter, in the folder `adapter`.
std::vector<GoldenCase> adapter_goldens();

// By the architecture that config.json names; it must have an entry.
std::unique_ptr<GoldenModel> open_golden(const GoldenCase& golden, Device device, DType dtype);

}  // namespace thaw
