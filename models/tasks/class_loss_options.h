// SPDX-License-Identifier: Apache-2.0
// What a caller may say of how classes count in the loss of training: the same for labels of texts and of words.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/class_loss.h"
#include "models/data/field_names.h"
#include "models/data/labels.h"
#include "nn/option_field.h"
#include "nn/train/fingerprint.h"

namespace thaw {

struct ClassLossOptions {
  std::string class_weights = {};  // "balanced", or a file of them; empty: all weigh alike
  double label_smoothing = 0;      // see ClassLoss

  // As options of a task; their fields are this object's.
  std::vector<OptionField> fields();
  // std::invalid_argument if nothing is left of the labels.
  void check_smoothing(const FieldNames& called) const;
  // counts: how often the training data have each label; for "balanced". Errors are those of read_class_weights.
  ClassLoss class_loss(const LabelSet& labels, const std::map<std::string, int64_t>& counts) const;
};

// What a run knows a loss by that is not the plain one.
void add_to_identity(const ClassLoss& loss, Fingerprint& identity);

}  // namespace thaw
