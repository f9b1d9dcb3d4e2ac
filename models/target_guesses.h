// SPDX-License-Identifier: Apache-2.0
// What a model that writes texts makes of each token of targets, behind the true ones before it. T tokens, C channels.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/decoder_targets.h"
#include "models/text_writer.h"

namespace thaw {

// hidden [T, C]: of what the decoder read of the targets. head: rows [R, C] -> their logits [R, V]; they are made in
// chunks. Without gradients.
std::vector<TargetGuesses> target_guesses(const Variable& hidden, const DecoderTargets& targets, int64_t vocab_size,
                                          const std::function<Variable(const Variable&)>& head);

}  // namespace thaw
