// SPDX-License-Identifier: Apache-2.0
// Input layer, body, output layer.
#include "models/frozen_transformer/frozen_transformer.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/families.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr double input_gain = 1.41;

std::unique_ptr<SequenceBody> open_body(const Scope& scope, const Json& config, const BodyOptions& options) {
  const ModelFamily& family = family_of(config);
  if (!family.open_body)
    fail("{}: models of {} are no body for rows of numbers", config.where("model_type"), quote(family.model_type));
  return family.open_body(scope, config, options);
}

}  // namespace

FrozenTransformer::FrozenTransformer(const Scope& s, const FrozenTransformerShape& shape, const Json& config,
                                     const BodyOptions& options)
    : shape_(shape), input_path_(shape.ids ? "in_net" : "in_net.0"), body_(open_body(s / body_path, config, options)) {
  s.store().name_head("in_net");
  s.store().name_head("out_net");
  if (shape.ids)
    table_ = Embedding(s / input_path_, shape.inputs, body_->width());
  else
    in_ = Linear(s / input_path_, shape.inputs, body_->width(), Init::orthogonal(input_gain));
  out_ = Linear(s / "out_net.0", body_->width(), shape.outputs);
}

Variable FrozenTransformer::embed(const SequenceBatch& batch) const {
  return shape_.ids ? table_(batch.ids) : in_(Variable(batch.numbers));
}

BodyInput FrozenTransformer::body_input(const SequenceBatch& batch) const {
  BodyInput input{batch, {}, {}};
  if (batch.below.stages > 1)
    input.below = {batch.below.stages - 1, batch.below.states};
  else
    input.rows = batch.below.stages == 1 ? batch.below.states : embed(batch);
  return input;
}

Variable FrozenTransformer::read_rows(const SequenceBatch& batch) const {
  if (batch.below.stages > 0 && gives_a_row_a_text(batch.below.stages)) return batch.below.states;
  std::vector<int32_t> rows;
  for (int64_t b = 0; b < batch.count(); ++b) {
    check(batch.segments.length(b) >= shape_.read, "sequence {} of the batch: {} rows, of which the last {} are read",
          b, batch.segments.length(b), shape_.read);
    for (int64_t i = shape_.read; i > 0; --i) rows.push_back(batch.segments.end(b) - static_cast<int32_t>(i));
  }
  const Device device = batch.positions.device().device();
  const std::vector<int32_t> lengths(static_cast<size_t>(batch.count()), static_cast<int32_t>(shape_.read));
  return body_->at_rows(body_input(batch), Indices(std::move(rows), device), Segments(lengths, device));
}

Variable FrozenTransformer::operator()(const SequenceBatch& batch) const { return out_(read_rows(batch)); }

Variable FrozenTransformer::last_hidden(const SequenceBatch& batch) const { return (*body_)(body_input(batch)); }

std::string FrozenTransformer::usual_rules(int64_t longest) const {
  if (!body_->is_usually_frozen()) return "train *\n";
  std::string rules = fmt::format("freeze {}.*\n", body_path);
  for (const std::string& pattern : body_->norms()) rules += fmt::format("train {}\n", pattern);
  if (const auto table = body_->position_table())
    rules += fmt::format("train {} rows {}:{}\n", table->name, table->first,
                         table->first + std::min(longest, body_->positions()));
  return rules;
}

std::vector<std::string> FrozenTransformer::stages() const {
  std::vector<std::string> paths = body_->stages();
  if (!paths.empty()) paths.insert(paths.begin(), input_path_);
  return paths;
}

bool FrozenTransformer::gives_a_row_a_text(int64_t stages) const {
  return shape_.read == 1 && stages > 1 && stages == std::ssize(body_->stages()) + 1;
}

Variable FrozenTransformer::states(const SequenceBatch& batch, int64_t stages) const {
  if (stages == 1) return embed(batch);
  return gives_a_row_a_text(stages) ? read_rows(batch) : body_->states(body_input(batch), stages - 1);
}

}  // namespace thaw
