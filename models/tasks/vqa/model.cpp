// SPDX-License-Identifier: Apache-2.0
// What a model of questions reads and predicts.
#include "models/tasks/vqa/model.h"

#include <fmt/format.h>

#include "models/tasks/checksum.h"
#include "models/tasks/vqa/examples.h"
#include "models/tasks/vqa/predictor.h"
#include "tensor/counted.h"

namespace thaw {

std::string VqaModel::description() const {
  return fmt::format("answers to questions about pictures, {}", counted(answerer_->num_answers(), "answer"));
}

std::unique_ptr<Examples> VqaModel::read(const std::string& file) {
  return std::make_unique<VqaExamples>(*answerer_, file, options_, called_);
}

std::unique_ptr<Examples> VqaModel::longest(int64_t count) { return std::make_unique<VqaExamples>(*answerer_, count); }

std::unique_ptr<Predictor> VqaModel::predictor(const PredictionRequest& request) {
  return std::make_unique<VqaPredictor>(*answerer_, options_, request, called_);
}

Fingerprint VqaModel::identity() const {
  Fingerprint identity = TextTaskModel::identity();
  identity["answers"] = label_list(answerer_->answers());
  return identity;
}

}  // namespace thaw
