// SPDX-License-Identifier: Apache-2.0
// What a user may set of sequences, and what of them is found in the data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/sequences/bit_problems.h"
#include "models/data/sequences/list_ops.h"
#include "models/data/sequences/sequence.h"
#include "models/frozen_transformer/opened.h"

namespace thaw {

struct FrozenOptions {
  std::string problem = "none";                                // that is generated; none: files
  int64_t train_size = 0, validation_size = 0, test_size = 0;  // 0: as the problem has them
  int64_t problem_seed = 1;
  BitMemory memory;
  BitXor exclusive;
  ListOps lists;
  int64_t picture_patch = 4;  // of files of pictures: side of a patch

  std::string body = "pretrained";
  std::optional<int64_t> body_seed;  // absent: that of the training
  std::optional<double> body_dropout;

  SequenceFormat format;  // found in the training data, and kept

  bool is_drawn() const { return problem != "none"; }
  FrozenTransformerOptions transformer() const;
};

// The words of --problem and of --body.
extern const std::vector<std::string> problem_names, body_names;

// An option that has another value than the usual one, and what it is of: a problem, "generated" ones, "pictures".
struct ProblemOption {
  const char* name;
  const char* of;
  std::string value;
};
// Those that change nothing, because the problem is another.
std::vector<ProblemOption> options_of_other_problems(const FrozenOptions& options);

// The format of a problem that is generated. std::invalid_argument, as fields are called, of sizes that cannot be.
SequenceFormat format_of_problem(const FrozenOptions& options, const FieldNames& called);
// The splits of such a problem: the same at any time.
SequenceSplits draw_problem(const FrozenOptions& options, const FieldNames& called);

}  // namespace thaw
