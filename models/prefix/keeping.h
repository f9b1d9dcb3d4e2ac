// SPDX-License-Identifier: Apache-2.0
// Has what the frozen prefix of a model gives kept for texts that are used more than once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/prefix/prefix_cache.h"
#include "models/prefix/prefix_key.h"
#include "tensor/dtype.h"

namespace thaw {

// How much of what does not change may be kept, and where.
struct Keeping {
  int64_t bytes = 0;         // of all that is kept
  double passes = 0;         // how often the examples are gone through; kept in a folder is what is used once, too
  bool evaluated = false;    // they are judged by, not learnt
  std::string folder = {};   // of files that runs share; empty: in memory
  int64_t folder_bytes = 0;  // of all files there; 0: half of what is free
  bool all_rows = false;     // what is above reads each token's row, and not one of each text alone
  std::optional<DType> kept_as = {};                                              // bf16; absent: as the model computes
  std::function<void(const std::string& line)> tell = [](const std::string&) {};  // gets warnings
};

// `model`: of texts, or one that writes them. Its cache is made, and handed to it, where a part of it is frozen.
template <typename Model>
KeptTexts keep_frozen(Model& model, std::unique_ptr<PrefixCache>& cache, std::span<const Encoding* const> texts,
                      const Keeping& how) {
  if (!model.frozen_prefix().has_products()) return {};
  const ParameterStore& store = model.store();
  const DType kept_as = how.kept_as.value_or(store.dtype());
  if (!cache) {
    PrefixCache::OpenRows open;
    if (!how.folder.empty())
      open = [&model, how, kept_as](const FrozenPrefix& now) {
        return std::make_unique<RowFolder>(RowFolderOptions{how.folder, how.folder_bytes, how.tell},
                                           prefix_key(now, model.store(), model.switches(), kept_as));
      };
    cache = std::make_unique<PrefixCache>(store.device(), store.dtype(), kept_as, std::move(open), how.all_rows);
  }
  model.set_prefix_cache(cache.get());
  const FrozenPrefix prefix = model.frozen_prefix();  // of the rows that the cache is of
  if (!prefix.has_products()) return {};
  const std::string part = prefix.stages == 1 ? prefix.names[0] : prefix.names.front() + " to " + prefix.names.back();
  KeptTexts kept;
  if (how.passes > 1 || !how.folder.empty())
    kept = cache->keep(texts, prefix, model.width() * static_cast<int64_t>(size_of(kept_as)), how.bytes);
  kept.part = part;
  return kept;
}

// Of each of some texts: is what the frozen part of a model gives for it at hand, so that nothing of it is read?
using AreKept = std::function<std::vector<bool>(std::span<const Encoding* const> texts)>;

// As the model is frozen when that is asked.
template <typename Model>
AreKept are_kept(const Model& model, const PrefixCache* cache) {
  return [&model, cache](std::span<const Encoding* const> texts) {
    return cache ? cache->holds(texts, model.frozen_prefix()) : std::vector<bool>(texts.size());
  };
}

}  // namespace thaw
