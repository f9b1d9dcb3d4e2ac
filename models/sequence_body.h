// SPDX-License-Identifier: Apache-2.0
// A body of any family that reads rows of numbers in the place of word embeddings; what its family adds to words
// (positions, types, the norm of embeddings) still comes. B sequences, T rows in all, C channels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/packed_text.h"
#include "nn/train/fingerprint.h"

namespace thaw {

struct BodyInput : PackedRows {
  Variable rows;      // [T, C]
  StatesBelow below;  // what is there already of what the body makes of them: it goes on from there
};

struct BodyOptions {
  std::optional<double> dropout = {};  // in the place of each probability that config.json has
};

// As a trunk (prefix/frozen_prefix.h) it gives rows of sequences, never one of each.
class SequenceBody {
 public:
  virtual ~SequenceBody() = default;

  virtual int64_t width() const = 0;  // C
  // Rows that a sequence may have behind the prompt and the prefixes that are on it now.
  virtual int64_t positions() const { return INT32_MAX; }
  // Row t of a sequence gets row `first` + t of this table, by the parameter's name; none: it knows no positions.
  struct PositionTable {
    std::string name;
    int64_t first = 0;
  };
  virtual std::optional<PositionTable> position_table() const { return {}; }
  // Patterns of the names of its norms' parameters: "sequence_model.*LayerNorm.*".
  virtual std::vector<std::string> norms() const = 0;
  // Names of its parameters that no row can read: the table of words in whose place rows come. They get no gradient.
  virtual std::vector<std::string> unread() const { return {}; }

  // Is it frozen but for norms and positions where no rule says what is trained? Bodies that no texts have trained are
  // not: they are trained whole.
  virtual bool is_usually_frozen() const { return true; }

  // The last hidden states [T, C].
  virtual Variable operator()(const BodyInput& input) const = 0;
  // Those of some rows alone [R, C], numbered through all sequences: of each as many as `of_sequences` says.
  virtual Variable at_rows(const BodyInput& input, const Indices& rows, const Segments& /*of_sequences*/) const {
    return take_rows((*this)(input), rows);
  }

  virtual std::vector<std::string> stages() const = 0;
  virtual int64_t lookup_stages() const = 0;
  virtual Variable states(const BodyInput& input, int64_t stages) const = 0;

  virtual void set_checkpointing(bool on) = 0;
  // What of the configuration changes a training's numbers and is no weight.
  virtual Fingerprint switches() const = 0;
};

}  // namespace thaw
