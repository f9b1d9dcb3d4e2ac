// SPDX-License-Identifier: Apache-2.0
// Weights of classes from a file or from counts.
#include "models/tasks/class_loss_options.h"

#include <fmt/ranges.h>

#include <cstddef>

#include "models/data/class_weights.h"
#include "tensor/check.h"
#include "tensor/io/crc32c.h"

namespace thaw {

std::vector<OptionField> ClassLossOptions::fields() {
  return {{.name = "class_weights",
           .field = &class_weights,
           .help = "how much each label counts in the loss: balanced (rare labels more, so that all count alike "
                   "together), or a file of lines LABEL<TAB>WEIGHT",
           .words = {"balanced"},
           .is_file = true},
          {.name = "label_smoothing",
           .field = &label_smoothing,
           .help = "spread this share of the truth over all labels: less sure of itself; labels that are wrong harm "
                   "less",
           .range = {0, 1, false, true}}};
}

void ClassLossOptions::check_smoothing(const FieldNames& called) const {
  check(label_smoothing < 1, "{} {} leaves nothing of the labels: a number below 1 was expected",
        called("label_smoothing"), label_smoothing);
}

ClassLoss ClassLossOptions::class_loss(const LabelSet& labels, const std::map<std::string, int64_t>& counts) const {
  ClassLoss loss{.smoothing = label_smoothing};
  if (class_weights.empty()) return loss;
  if (class_weights != "balanced") {
    loss.weights = read_class_weights(class_weights, labels);
    return loss;
  }
  std::vector<int64_t> of_class(static_cast<size_t>(labels.size()));
  for (const auto& [label, count] : counts) of_class[static_cast<size_t>(labels.id(label, class_weights))] = count;
  loss.weights = balanced_weights(of_class);
  return loss;
}

void add_to_identity(const ClassLoss& loss, Fingerprint& identity) {
  if (!loss.weights.empty())
    identity["class_weights"] = fmt::format("{:08x}", crc32c(fmt::format("{}", fmt::join(loss.weights, " "))));
  if (loss.smoothing > 0) identity["label_smoothing"] = fmt::format("{}", loss.smoothing);
}

}  // namespace thaw
