// SPDX-License-Identifier: Apache-2.0
// An encoder whose vectors of texts are trained to be alike where texts are.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/embed/options.h"
#include "models/tasks/embed/text_embedder.h"
#include "models/tasks/text_task_model.h"

namespace thaw {

// "loss" among them, in order.
std::vector<std::string> metric_names(const EmbedOptions& options);

class EmbedModel : public TextTaskModel {
 public:
  EmbedModel(std::shared_ptr<TextEmbedder> embedder, EmbedOptions options, FieldNames called)
      : TextTaskModel(embedder),
        embedder_(std::move(embedder)),
        options_(std::move(options)),
        called_(std::move(called)) {}

  TextEmbedder& embedder() { return *embedder_; }

  std::string description() const override;
  std::vector<std::string> metric_names() const override { return thaw::metric_names(options_); }
  std::unique_ptr<Examples> read(const std::string& file) override;
  std::unique_ptr<Examples> longest(int64_t count) override;
  // The cosine of each pair.
  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override;
  std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const override {
    return std::make_unique<EmbedModel>(std::make_shared<TextEmbedder>(*embedder_, dry), options_, called_);
  }
  // The model's switches, a checksum of the tokenizer's files, pooling and loss.
  Fingerprint identity() const override;

 protected:
  void save_model(const std::string& directory, const SaveOptions& options) const override {
    embedder_->save(directory, options);
  }

 private:
  std::shared_ptr<TextEmbedder> embedder_;
  EmbedOptions options_;
  FieldNames called_;
};

}  // namespace thaw
