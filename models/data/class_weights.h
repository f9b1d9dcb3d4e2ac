// SPDX-License-Identifier: Apache-2.0
// A file that says how much each class counts in a loss.
#pragma once

#include <filesystem>
#include <vector>

#include "models/data/labels.h"

namespace thaw {

// Lines LABEL<TAB>WEIGHT, every label once; blank lines are passed over. The weights by label number.
// std::runtime_error, FILE:LINE: another line, a label that there is not or that came before, a weight that is no
// number above 0; FILE: labels without a weight.
std::vector<double> read_class_weights(const std::filesystem::path& file, const LabelSet& labels);

}  // namespace thaw
