// SPDX-License-Identifier: Apache-2.0
// The frozen pretrained transformer (Lu et al. 2021, "Pretrained Transformers as Universal Computation Engines"): a new
// input layer, a body that was trained on texts, a new output layer, for sequences that are no text.
// B sequences, T rows in all, F numbers of a row, C channels. Parameters are named as in the authors' code.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/sequence_body.h"
#include "nn/embedding.h"
#include "nn/linear.h"
#include "nn/scope.h"
#include "tensor/io/json.h"

namespace thaw {

struct FrozenTransformerShape {
  int64_t inputs = 1;   // F; of ids: how many different ones there are
  bool ids = false;     // a row is a number of a table, not F numbers
  int64_t outputs = 2;  // numbers that are given for each row that is read
  int64_t read = 1;     // of each sequence its last rows

  bool operator==(const FrozenTransformerShape&) const = default;
};

// Sequences side by side.
struct SequenceBatch : PackedRows {
  Tensor numbers;  // [T, F], or undefined ...
  Indices ids;     // ... of ids [T]
  StatesBelow below;
};

class FrozenTransformer {
 public:
  static constexpr const char* body_path = "sequence_model";

  // The input layer begins orthogonal with gain 1.41 and without bias, a table of ids normal; the output layer begins
  // as torch's Linear. The body is that of config.json's family. std::runtime_error, naming config.json, if there is
  // none.
  FrozenTransformer(const Scope& scope, const FrozenTransformerShape& shape, const Json& config,
                    const BodyOptions& options = {});

  // [B read, outputs]: of each sequence its last rows, in order. std::invalid_argument: a sequence is shorter.
  Variable operator()(const SequenceBatch& batch) const;
  // The body's last hidden states [T, C].
  Variable last_hidden(const SequenceBatch& batch) const;

  const FrozenTransformerShape& shape() const { return shape_; }
  const SequenceBody& body() const { return *body_; }
  void set_checkpointing(bool on) { body_->set_checkpointing(on); }
  // The authors' choice of what is trained, as rules of a mask file: both new layers, the norms, and of positions those
  // that sequences of at most `longest` rows have; everything of an LSTM.
  std::string usual_rules(int64_t longest) const;

  // As a trunk (models/prefix/frozen_prefix.h): the input layer, then the body's stages; of one row that is read the
  // last stage gives that one alone.
  std::vector<std::string> stages() const;
  int64_t lookup_stages() const { return shape_.ids ? 1 + body_->lookup_stages() : 0; }  // numbers are multiplied first
  bool gives_a_row_a_text(int64_t stages) const;
  Variable states(const SequenceBatch& batch, int64_t stages) const;

 private:
  Variable embed(const SequenceBatch& batch) const;
  BodyInput body_input(const SequenceBatch& batch) const;
  Variable read_rows(const SequenceBatch& batch) const;

  FrozenTransformerShape shape_;
  std::string input_path_;
  Linear in_;
  Embedding table_;
  std::unique_ptr<SequenceBody> body_;
  Linear out_;
};

}  // namespace thaw
