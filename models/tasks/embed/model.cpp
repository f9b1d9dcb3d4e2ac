// SPDX-License-Identifier: Apache-2.0
// What embeddings are trained for.
#include "models/tasks/embed/model.h"

#include <fmt/format.h>

#include "models/tasks/embed/examples.h"
#include "models/tasks/embed/predictor.h"

namespace thaw {
namespace {

Contrast contrast_of(const EmbedOptions& options) { return {options.similarity_scale, options.symmetric}; }

}  // namespace

std::vector<std::string> metric_names(const EmbedOptions& options) {
  if (!options.score_column.empty()) return {"loss", "pearson", "spearman"};
  return {"loss", "mrr", "recall_at_1", "recall_at_10"};
}

std::string EmbedModel::description() const {
  const SentenceSettings& s = embedder_->settings();
  return fmt::format(
      "embeddings of {} numbers ({}{}), {}", embedder_->width(),
      s.pooling == Pooling::mean ? "mean of a text's tokens" : "its first token", s.normalize ? ", unit length" : "",
      options_.score_column.empty() ? "partners found among the texts of a micro-batch" : "cosines by their scores");
}

std::unique_ptr<Examples> EmbedModel::read(const std::string& file) {
  return std::make_unique<EmbedExamples>(*embedder_, contrast_of(options_),
                                         read_pairs(embedder_->encoder(), file, options_));
}

std::unique_ptr<Examples> EmbedModel::longest(int64_t count) {
  return std::make_unique<EmbedExamples>(*embedder_, contrast_of(options_),
                                         made_up_pairs(embedder_->encoder(), options_, count));
}

std::unique_ptr<Predictor> EmbedModel::predictor(const PredictionRequest& request) {
  return std::make_unique<EmbedPredictor>(*embedder_, options_, request, called_);
}

Fingerprint EmbedModel::identity() const {
  Fingerprint identity = TextTaskModel::identity();
  identity["what is learnt"] = fmt::format("{}, scale {}, {}", description(), options_.similarity_scale,
                                           options_.symmetric ? "both directions" : "one direction");
  return identity;
}

}  // namespace thaw
