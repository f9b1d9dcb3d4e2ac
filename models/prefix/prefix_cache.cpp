// SPDX-License-Identifier: Apache-2.0
// Looks texts up by their keys; computes the others.
#include "models/prefix/prefix_cache.h"

#include <algorithm>
#include <array>

#include "autograd/tape.h"
#include "nn/mode.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

int64_t rows_of(const Encoding& text, bool row_a_text) { return row_a_text ? 1 : std::ssize(text.ids); }

}  // namespace

Tensor compute_apart(std::span<const Encoding* const> texts, const FrozenPrefix& prefix, bool rows_are_independent,
                     const PrefixCache::Compute& compute) {
  if (!prefix.has_products() || (rows_are_independent && texts.size() > 1)) return compute(texts);
  if (rows_are_independent) {
    const Tensor twice = compute(std::array{texts[0], texts[0]});
    return twice.slice(0, 0, twice.size(0) / 2);
  }
  std::vector<Tensor> each;
  for (const Encoding* text : texts) each.push_back(compute(std::span(&text, 1)));
  return each.size() == 1 ? each[0] : concat(each, 0);
}

bool PrefixCache::is_of(const FrozenPrefix& prefix) const {
  return prefix.stages == prefix_.stages && prefix.version == prefix_.version &&
         prefix.first_position == prefix_.first_position;
}

void PrefixCache::be_of(const FrozenPrefix& prefix) {
  if (is_of(prefix)) return;
  prefix_ = prefix;
  rows_.clear();
  room_ = planned_;
  folder_.reset();
  if (open_) folder_ = open_(prefix);
}

KeptTexts PrefixCache::keep(std::span<const Encoding* const> texts, const FrozenPrefix& prefix, int64_t row_bytes,
                            int64_t most_bytes) {
  be_of(prefix);
  KeptTexts plan;
  std::unordered_set<Key128, HashOfKey> seen;
  for (const Encoding* text : texts) {
    const Key128 key = text_key(*text);
    if (wanted_.contains(key) || !seen.insert(key).second) continue;
    ++plan.texts;
    const int64_t bytes = rows_of(*text, prefix.row_a_text) * row_bytes;
    if (plan.bytes + bytes > most_bytes) continue;
    plan.bytes += bytes;
    ++plan.kept;
    plan.found += folder_ && folder_->contains(key);
    wanted_.insert(key);
  }
  planned_ += plan.bytes;
  room_ += plan.bytes;
  return plan;
}

std::vector<bool> PrefixCache::holds(std::span<const Encoding* const> texts, const FrozenPrefix& prefix) const {
  std::vector<bool> held(texts.size());
  if (wanted_.empty() || !is_of(prefix)) return held;
  for (size_t i = 0; i < texts.size(); ++i) {
    const Key128 key = text_key(*texts[i]);
    held[i] = wanted_.contains(key) && (rows_.contains(key) || (folder_ && folder_->contains(key)));
  }
  return held;
}

PrefixCache::Rows PrefixCache::rows_of_all(std::span<const Encoding* const> texts, std::span<const Key128> keys,
                                           const Compute& compute) {
  Rows all;
  std::vector<const Encoding*> absent;
  std::vector<Key128> absent_keys;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto [place, is_new] = all.try_emplace(keys[i]);
    if (!is_new) continue;
    if (folder_ && folder_->read(keys[i], place->second)) continue;
    if (const auto kept = rows_.find(keys[i]); kept != rows_.end()) {
      place->second = kept->second;
      continue;
    }
    absent.push_back(texts[i]);
    absent_keys.push_back(keys[i]);
  }
  if (absent.empty()) return all;
  const Tensor given = compute(absent);
  const std::vector<std::byte> bytes = given.to_bytes();
  auto from = bytes.begin();
  for (size_t i = 0; i < absent.size(); ++i) {
    const auto to = from + rows_of(*absent[i], prefix_.row_a_text) * (std::ssize(bytes) / given.size(0));
    std::vector<std::byte>& rows = all[absent_keys[i]];
    rows.assign(from, to);
    from = to;
    if (!wanted_.contains(absent_keys[i])) continue;
    if (folder_) {
      folder_->write(absent_keys[i], rows);
    } else if (std::ssize(rows) <= room_) {
      room_ -= std::ssize(rows);
      rows_[absent_keys[i]] = rows;
    }
  }
  return all;
}

Tensor PrefixCache::operator()(std::span<const Encoding* const> texts, const FrozenPrefix& prefix,
                               const Compute& compute) {
  be_of(prefix);
  const Compute rounded = [&](std::span<const Encoding* const> some) { return compute(some).to(kept_as_); };
  std::vector<Key128> keys;
  if (!wanted_.empty())
    for (const Encoding* text : texts) keys.push_back(text_key(*text));
  if (std::ranges::none_of(keys, [&](const Key128& key) { return wanted_.contains(key); }))
    return rounded(texts).to(dtype_);

  const Rows all = rows_of_all(texts, keys, rounded);
  std::vector<std::byte> bytes;
  int64_t count = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::vector<std::byte>& rows = all.at(keys[i]);
    bytes.insert(bytes.end(), rows.begin(), rows.end());
    count += rows_of(*texts[i], prefix.row_a_text);
  }
  const int64_t width = std::ssize(bytes) / count / static_cast<int64_t>(size_of(kept_as_));
  return Tensor::from_bytes(bytes, {count, width}, kept_as_, device_).to(dtype_);
}

StatesBelow states_below(
    std::span<const Encoding* const> texts, const FrozenPrefix& prefix, const ParameterStore& store, PrefixCache& cache,
    const std::function<Variable(std::span<const Encoding* const> texts, int64_t stages)>& compute) {
  if (!prefix.any()) return {};
  const NoGrad no_grad;
  const EvaluationMode evaluation(store.mode());
  const bool independent = store.device().backend().rows_are_independent();
  const PrefixCache::Compute together = [&](std::span<const Encoding* const> some) {
    return compute(some, prefix.stages).value();
  };
  const PrefixCache::Compute apart = [&](std::span<const Encoding* const> some) {
    return compute_apart(some, prefix, independent, together);
  };
  return {prefix.stages, Variable(cache(texts, prefix, apart))};
}

}  // namespace thaw
