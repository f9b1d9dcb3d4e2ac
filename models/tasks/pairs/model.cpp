// SPDX-License-Identifier: Apache-2.0
// What pairs are trained for.
#include "models/tasks/pairs/model.h"

#include <fmt/format.h>

#include "models/tasks/pairs/examples.h"
#include "models/tasks/pairs/predictor.h"
#include "tensor/counted.h"

namespace thaw {

std::string PairTaskModel::description() const {
  return fmt::format("{} and texts in one space (vectors of {}), partners found among those of a micro-batch",
                     name_of(options_.files), counted(pairs_->width(), "number"));
}

std::unique_ptr<Examples> PairTaskModel::read(const std::string& file) {
  return std::make_unique<PairExamples>(*pairs_, read_pairs(*pairs_, file, options_));
}

std::unique_ptr<Examples> PairTaskModel::longest(int64_t count) {
  return std::make_unique<PairExamples>(*pairs_, made_up_pairs(*pairs_, count));
}

std::unique_ptr<Predictor> PairTaskModel::predictor(const PredictionRequest& request) {
  if (options_.candidates.empty() && options_.file_candidates.empty())
    return std::make_unique<PairCosines>(*pairs_, options_, request, called_);
  return std::make_unique<CandidatePredictor>(*pairs_, options_, request, called_);
}

std::vector<std::vector<std::string>> PairTaskModel::parallel_parts() const {
  // The temperature reads neither side.
  return {
      pairs_->model().tower(PairSide::files).parts(), pairs_->model().tower(PairSide::texts).parts(), {"logit_scale"}};
}

}  // namespace thaw
