// SPDX-License-Identifier: Apache-2.0
// Counts by hashes of contexts: two that share one of 64 bits are not met in texts of megabytes.
#include "examples/data/byte_mixture.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace thaw {
namespace {

constexpr unsigned char end_of_text = 0;  // no byte of a text

unsigned char byte_at(std::string_view text, size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : end_of_text;
}

uint64_t mixed(uint64_t hash, uint64_t value) {
  hash = (hash ^ (value + 1)) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29);
}

// Calls f(context, with_byte) for contexts of 0, 1, ... bytes before a place, no further than the end before the text.
template <typename F>
void for_contexts(std::string_view text, size_t at, int order, const F& f) {
  uint64_t context = 0x243F6A8885A308D3ULL;
  const auto most = std::min(static_cast<size_t>(order), at + 1);
  for (size_t length = 0; length <= most; ++length) {
    if (length > 0) context = mixed(context, length <= at ? byte_at(text, at - length) : end_of_text);
    f(context, mixed(~context, byte_at(text, at)));
  }
}

}  // namespace

void ByteMixture::learn(std::string_view text) {
  std::vector<std::pair<uint64_t, uint64_t>> contexts;
  for (size_t at = 0; at <= text.size(); ++at) {
    contexts.clear();
    for_contexts(text, at, order_,
                 [&](uint64_t context, uint64_t with_byte) { contexts.emplace_back(context, with_byte); });
    for (size_t length = contexts.size(); length-- > 0;) {
      const auto [context, with_byte] = contexts[length];
      Context& seen = contexts_[context];
      const bool is_new = ++counts_[with_byte] == 1;
      ++seen.total;
      seen.distinct += is_new;
      if (!is_new) break;
    }
  }
}

double ByteMixture::probability(std::string_view text, size_t at) const {
  double p = 1.0 / 256;
  for_contexts(text, at, order_, [&](uint64_t context, uint64_t with_byte) {
    const auto seen = contexts_.find(context);
    if (seen == contexts_.end()) return;
    const auto count = counts_.find(with_byte);
    const double distinct = seen->second.distinct;
    p = ((count == counts_.end() ? 0 : count->second) + distinct * p) / (seen->second.total + distinct);
  });
  return p;
}

double ByteMixture::bits(std::string_view text) const {
  double sum = 0;
  for (size_t at = 0; at <= text.size(); ++at) sum -= std::log2(probability(text, at));
  return sum;
}

}  // namespace thaw
