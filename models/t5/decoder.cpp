// SPDX-License-Identifier: Apache-2.0
// Steps over the kept keys and values.
#include "models/t5/decoder.h"

#include <numeric>

#include "autograd/tape.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {

namespace {

T5Memory encoded(const T5Model& model, const PackedText& sources) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model.encoder.scope.mode());
  return model.encode(sources);
}

}  // namespace

T5Decoder::T5Decoder(const T5ForConditionalGeneration& model, const PackedText& sources)
    : T5Decoder(model, encoded(model.model, sources)) {}

T5Decoder::T5Decoder(const T5ForConditionalGeneration& model, const T5Memory& memory)
    : model_(model),
      vocab_size_(model.lm_head.matrix.weight.value().size(0)),
      device_(model.model.decoder.scope.store().device()),
      cache_(model.model.decoder.blocks.size(), device_) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model.model.decoder.scope.mode());
  memory_ = model.model.decoder.memory_keys(memory);
  for (size_t layer = 0; layer < model.model.decoder.blocks.size(); ++layer)
    begin_with_prefix(cache_, layer, model.model.decoder.blocks[layer].self.heads);
}

Tensor T5Decoder::start(std::span<const std::vector<int32_t>> prompts) {
  const auto sources = static_cast<size_t>(memory_.at(0).segments.count());
  check(prompts.size() == sources, "T5Decoder: {} prompts for {} sources", prompts.size(), sources);
  std::vector<int32_t> ids, lengths, last;
  for (const std::vector<int32_t>& prompt : prompts) {
    ids.insert(ids.end(), prompt.begin(), prompt.end());
    lengths.push_back(static_cast<int32_t>(prompt.size()));
    last.push_back(static_cast<int32_t>(ids.size()) - 1);
  }
  cache_.start(lengths);
  sources_.resize(prompts.size());
  std::iota(sources_.begin(), sources_.end(), 0);
  return run(ids, lengths, &last);
}

Tensor T5Decoder::step(std::span<const int32_t> parents, std::span<const int32_t> ids) {
  cache_.step(parents);
  std::vector<int32_t> sources, sharers(static_cast<size_t>(memory_.at(0).segments.count()));
  for (const int32_t parent : parents) {
    sources.push_back(sources_.at(static_cast<size_t>(parent)));
    check(sources.size() == 1 || sources.back() >= sources[sources.size() - 2],
          "T5Decoder: rows of one prompt are not side by side");
    ++sharers[static_cast<size_t>(sources.back())];
  }
  sources_ = std::move(sources);
  return run({ids.begin(), ids.end()}, sharers, nullptr);
}

Tensor T5Decoder::run(const std::vector<int32_t>& ids, const std::vector<int32_t>& sharers,
                      const std::vector<int32_t>* last) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_.model.decoder.scope.mode());
  const T5Step tokens{Indices(ids, device_), cache_.fresh(), Segments(sharers, device_)};
  Variable states = model_.model.decoder.step(tokens, seen_in(cache_), memory_);
  if (last) states = take_rows(states, Indices(*last, device_));
  return model_.lm_head(states).value();
}

}  // namespace thaw
