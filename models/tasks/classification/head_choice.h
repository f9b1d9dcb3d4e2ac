// SPDX-License-Identifier: Apache-2.0
// Decides whether a checkpoint's head fits the labels that a caller has.
#pragma once

#include <string_view>

#include "models/tasks/classification/text_classifier.h"
#include "models/text_model.h"

namespace thaw {

inline constexpr std::string_view classifier_architecture = "ForSequenceClassification";  // how its name ends

// Gives the model the labels that the caller wants (options.labels, as TextClassifier says), with a new head where the
// checkpoint's is for others. True if the caller's are the numbers of the checkpoint's classes. std::runtime_error if
// config.json and the weights tell of other numbers of labels.
bool fit_head(TextCheckpoint& checkpoint, const TextClassifierOptions& options);

}  // namespace thaw
