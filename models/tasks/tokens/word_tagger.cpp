// SPDX-License-Identifier: Apache-2.0
// Opens a model for labelling words, deciding whether the checkpoint's head fits the labels.
#include "models/tasks/tokens/word_tagger.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "models/metrics/probabilities.h"
#include "models/tasks/head_choice.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr std::string_view tagger_architecture = "ForTokenClassification";  // how its name ends
constexpr TextPurpose purpose{tagger_architecture, "words"};

}  // namespace

// The base is made before any member: what comes of fitting the head is kept beside it.
WordTagger::WordTagger(const std::string& directory, const WordTaggerOptions& options)
    : WordTagger(directory, options, Fitted{}) {}

WordTagger::WordTagger(const std::string& directory, const WordTaggerOptions& options, Fitted fitted)
    : TextPipeline(directory, purpose, options,
                   [&](TextCheckpoint& checkpoint) {
                     fitted.labels_are_numbers = fit_head(checkpoint, tagger_architecture, {.labels = options.labels});
                     PretrainedConfig& config = checkpoint.config();
                     config.problem_type.reset();  // it is said of whole texts
                     check(config.num_labels() > 1, "{}: labels of words need two labels or more", directory);
                   }),
      labels_are_numbers_(fitted.labels_are_numbers) {}

WordTagger::WordTagger(const WordTagger& like, Device dry)
    : TextPipeline(like, dry), labels_are_numbers_(like.labels_are_numbers_) {}

TokenChoice::TokenChoice(std::span<const float> logits)
    : label(static_cast<int32_t>(std::ranges::max_element(logits) - logits.begin())) {
  if (!std::ranges::all_of(logits, [](float x) { return std::isfinite(x); })) {
    shares.assign(logits.size(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  shares = softmax(logits);
}

bool TokenChoice::is_finite() const { return std::isfinite(shares[0]); }

}  // namespace thaw
