// SPDX-License-Identifier: Apache-2.0
// Steps over the kept keys and values.
#include "models/memory_decoder.h"

#include <numeric>
#include <utility>

#include "autograd/tape.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {

MemoryDecoder::MemoryDecoder(Mode& mode, Device device, int64_t vocab_size,
                             std::span<const MultiHeadAttention* const> selfs)
    : mode_(mode), device_(device), vocab_size_(vocab_size), cache_(selfs.size(), device) {
  for (size_t layer = 0; layer < selfs.size(); ++layer) begin_with_prefix(cache_, layer, *selfs[layer]);
}

void MemoryDecoder::read_memory(std::vector<KeysAndValues> memory) {
  memory_ = std::move(memory);
  for (KeysAndValues& of_layer : memory_) of_layer.kept = true;
}

Tensor MemoryDecoder::start(std::span<const std::vector<int32_t>> prompts) {
  const auto sources = static_cast<size_t>(memory_.at(0).segments.count());
  check(prompts.size() == sources, "a decoder: {} prompts for {} sources", prompts.size(), sources);
  std::vector<int32_t> ids, positions, last;
  lengths_.clear();
  for (const std::vector<int32_t>& prompt : prompts) {
    ids.insert(ids.end(), prompt.begin(), prompt.end());
    lengths_.push_back(static_cast<int32_t>(prompt.size()));
    last.push_back(static_cast<int32_t>(ids.size()) - 1);
    for (int32_t at = 0; at < lengths_.back(); ++at) positions.push_back(at);
  }
  cache_.start(lengths_);
  sources_.resize(prompts.size());
  std::iota(sources_.begin(), sources_.end(), 0);
  return run(ids, positions, lengths_, &last);
}

Tensor MemoryDecoder::step(std::span<const int32_t> parents, std::span<const int32_t> ids) {
  cache_.step(parents);
  std::vector<int32_t> sources, positions, sharers(static_cast<size_t>(memory_.at(0).segments.count()));
  for (const int32_t parent : parents) {
    sources.push_back(sources_.at(static_cast<size_t>(parent)));
    check(sources.size() == 1 || sources.back() >= sources[sources.size() - 2],
          "a decoder: rows of one prompt are not side by side");
    ++sharers[static_cast<size_t>(sources.back())];
    positions.push_back(lengths_[static_cast<size_t>(parent)]);
  }
  sources_ = std::move(sources);
  lengths_ = positions;
  for (int32_t& length : lengths_) ++length;
  return run({ids.begin(), ids.end()}, positions, sharers, nullptr);
}

Tensor MemoryDecoder::run(const std::vector<int32_t>& ids, const std::vector<int32_t>& positions,
                          const std::vector<int32_t>& sharers, const std::vector<int32_t>* last) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(mode_);
  const DecoderStep tokens{Indices(ids, device_), Indices(positions, device_), cache_.fresh(),
                           Segments(sharers, device_)};
  Variable rows = states(tokens, seen_in(cache_), memory_);
  if (last) rows = take_rows(rows, Indices(*last, device_));
  return logits(rows).value();
}

}  // namespace thaw
