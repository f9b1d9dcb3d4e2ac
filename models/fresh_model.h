// SPDX-License-Identifier: Apache-2.0
// A new model of any family: a configuration for a tokenizer, random weights, the tokenizer's files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/fresh_sizes.h"
#include "models/input/input_kind.h"
#include "tensor/device.h"

namespace thaw {

// What config.json may name as model_type of a new model.
std::vector<std::string> fresh_model_types();

struct FreshModel {
  std::string architecture;
  int64_t parameters = 0;               // numbers, those that are shared once
  uint64_t bytes = 0;                   // of the weights
  std::vector<std::string> notes = {};  // what a person should know of its sizes; one line each
};

// Writes config.json, weights in f32 and tokenizer into an existing directory, as the reference library loads them. The
// weights depend on configuration and seed alone. `model_type` is one of fresh_model_types().
// std::invalid_argument "FIELD VALUE: ..." (a field of FreshSizes) if a size cannot be meant; std::runtime_error if the
// tokenizer lacks a token that the family needs, or the weights would need more memory than there is.
FreshModel write_fresh_model(const std::string& directory, const std::string& model_type, const FreshSizes& sizes,
                             const Tokenizer& tokenizer, Device device, uint64_t seed);

// Do new models of this type read texts, alone or with pictures, so that they have a tokenizer?
bool fresh_model_reads_texts(const std::string& model_type);
// What they read, texts beside it aside: CLIP pictures. Of bodies of rows (sequence_body.h) nothing.
std::optional<InputKind> fresh_model_reads(const std::string& model_type);
// The same for a type that reads no texts: of what is in files, with a preprocessor_config.json, or a body of rows.
FreshModel write_fresh_model(const std::string& directory, const std::string& model_type, const FreshSizes& sizes,
                             Device device, uint64_t seed);

}  // namespace thaw
