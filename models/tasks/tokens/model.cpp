// SPDX-License-Identifier: Apache-2.0
// Opens a model with the labels of its data, and tells of it.
#include "models/tasks/tokens/model.h"

#include <fmt/format.h>

#include <utility>

#include "models/tasks/checksum.h"
#include "models/tasks/class_loss_options.h"
#include "models/tasks/tokens/examples.h"
#include "models/tasks/tokens/predictor.h"
#include "models/tasks/tokens/tags.h"

namespace thaw {

TokensModel::TokensModel(const std::string& directory, const WordTaggerOptions& how, TokensOptions options,
                         const std::map<std::string, int64_t>& counts, FieldNames called)
    : TokensModel(std::make_shared<WordTagger>(directory, how), std::move(options), std::move(called)) {
  if (how.labels.empty()) return;
  labels_ = tagger_->labels_are_numbers() ? LabelSet::numbered(tagger_->labels()) : LabelSet(tagger_->labels());
  class_loss_ = options_.class_loss.class_loss(*labels_, counts);
}

TokensModel::TokensModel(const TokensModel& like, const Device& dry)
    : TokensModel(std::make_shared<WordTagger>(*like.tagger_, dry), like.options_, like.called_) {
  labels_ = like.labels_;
  class_loss_ = like.class_loss_;
}

TokensModel::TokensModel(std::shared_ptr<WordTagger> tagger, TokensOptions options, FieldNames called)
    : TextTaskModel(tagger), tagger_(std::move(tagger)), options_(std::move(options)), called_(std::move(called)) {}

std::string TokensModel::description() const { return fmt::format("labels of words ({})", tagger_->num_labels()); }

std::unique_ptr<Examples> TokensModel::read(const std::string& file) {
  const TakenTags tags = labels_ ? TakenTags{*labels_} : model_tags(file, options_, tagger_->labels(), called_);
  return std::make_unique<TokensExamples>(*tagger_, file, options_, tags, called_, class_loss_);
}

std::unique_ptr<Examples> TokensModel::longest(int64_t count) {
  return std::make_unique<TokensExamples>(*tagger_, count, class_loss_);
}

std::unique_ptr<Predictor> TokensModel::predictor(const PredictionRequest& request) {
  return std::make_unique<TokensPredictor>(*tagger_, options_, request, called_);
}

Fingerprint TokensModel::identity() const {
  Fingerprint identity = TextTaskModel::identity();
  identity["labels"] = label_list(tagger_->labels());
  add_to_identity(class_loss_, identity);
  return identity;
}

}  // namespace thaw
