// SPDX-License-Identifier: Apache-2.0
// The names in Whisper's checkpoints: those of classifiers have an encoder alone, those of models that write texts have
// "model." in front, and a decoder.
#include <fmt/format.h>

#include <algorithm>

#include "models/whisper/config.h"
#include "nn/name_pattern.h"

namespace thaw {

namespace {

constexpr const char* of_decoder[] = {"decoder.*", "model.decoder.*", "proj_out.weight"};

bool is_of_decoder(const SafetensorsEntry* tensor) {
  return std::ranges::any_of(of_decoder, [&](const char* pattern) { return matches(pattern, tensor->name); });
}

}  // namespace

CheckpointNames WhisperConfig::checkpoint_names() const {
  CheckpointNames names;
  names.prefix = "model.";  // no parameter has it
  names.ignored.assign(std::begin(of_decoder), std::end(of_decoder));
  names.required = {"encoder.*"};
  return names;
}

void WhisperConfig::settle(CheckpointSource& source) {
  if (source.first_weights() == FirstWeights::random) return check_spread(json, "init_std");
  const auto unread = std::ranges::count_if(source.weights().entries(), is_of_decoder);
  if (unread > 0)
    source.note(fmt::format("{}: {} tensors of the decoder are not read: of Whisper the encoder alone is used",
                            source.directory(), unread));
}

}  // namespace thaw
