// SPDX-License-Identifier: Apache-2.0
// How near a model's numbers are to those of a golden folder.
#pragma once

#include <string>
#include <vector>

#include "tests/models/golden_model.h"

namespace thaw {

double norm_of(const std::vector<double>& values);

// Within `tolerance` of the expected number, relative to it.
bool close(double value, double expected, double tolerance);

// The rows of `output` are compared with theirs of the golden's tensor: [B, S, ...] where they have cells, else [R,
// ...]. CHECKs that they differ by at most `tolerance` of its largest number.
void check_rows(const GoldenOutput& output, const GoldenCase& golden, const std::string& name, double tolerance);

// The norm of all gradients that the folder has of batch 0.
double norm_of_gradients(const GoldenCase& golden);

// Parameters whose gradient is zero by theory (a shift of all scores under a softmax): an optimizer makes steps of its
// rounding, so nothing can be said of where they end. `name` as the golden has it.
bool is_rounding_alone(const GoldenCase& golden, const std::string& name);

}  // namespace thaw
