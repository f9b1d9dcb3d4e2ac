// SPDX-License-Identifier: Apache-2.0
// What is wrong with the most tokens that a target may have, told of the option that sets it.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "models/tasks/text_encoder.h"
#include "tensor/counted.h"

namespace thaw {

// Opens targets' encoder. std::invalid_argument: what length_limit() says of max_length is said of max_target_length.
template <class Open>
TextEncoder in_words_of_targets(const Open& open) try {
  return open();
} catch (const std::invalid_argument& error) {
  constexpr std::string_view field = "max_length ";
  const std::string message = error.what();
  if (!message.starts_with(field)) throw;
  throw std::invalid_argument("max_target_length " + message.substr(field.size()));
}

// Why a target has nothing to write, beside what the tokenizer adds to any; empty if it has. `option`: what
// max_target_length is called.
inline std::string target_fault(const Encoding& target, const TextEncoder& encoder, std::string_view option) {
  const size_t added = encoder.tokenizer().added_special_tokens(false);
  if (target.size() > added) return {};
  if (target.cut == 0) return "the target has no token: there is nothing to write";
  return fmt::format("{} {} leaves the target none of its tokens: the tokenizer adds {}", option, encoder.max_length(),
                     counted(static_cast<int64_t>(added), "token"));
}

}  // namespace thaw
