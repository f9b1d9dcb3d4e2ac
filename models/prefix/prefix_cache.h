// SPDX-License-Identifier: Apache-2.0
// What the frozen prefix of a model gives for texts: computed once for each text, and kept. C channels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "models/prefix/frozen_prefix.h"
#include "models/prefix/key.h"
#include "models/prefix/row_folder.h"
#include "models/text/encoding.h"
#include "tensor/tensor.h"

namespace thaw {

// What will be kept.
struct KeptTexts {
  int64_t texts = 0, kept = 0;  // different ones; those of them that fit
  int64_t bytes = 0;            // of what is kept
  int64_t found = 0;            // of those kept: what is there already, in a folder
  std::string part = {};        // "bert.embeddings to bert.encoder.layer.2": what gives it; empty: nothing is frozen
  std::string one = {};         // what one of them is called, "picture"; empty: as an example is
  std::string changing = {};    // why nothing is kept of texts that are gone through more than once: they change
};

class PrefixCache {
 public:
  // What the prefix gives for texts, side by side: [their rows, C].
  using Compute = std::function<Tensor(std::span<const Encoding* const> texts)>;
  // Where rows of a prefix are kept.
  using OpenRows = std::function<std::unique_ptr<RowFolder>(const FrozenPrefix& prefix)>;
  // For a model that computes with `dtype` there. kept_as: bf16 halves what is kept; what is given is then always
  // rounded to it. open: kept in files, not in memory. all_rows: of each token, see frozen_prefix().
  PrefixCache(Device device, DType dtype, DType kept_as, OpenRows open = {}, bool all_rows = false)
      : device_(device), dtype_(dtype), kept_as_(kept_as), open_(std::move(open)), all_rows_(all_rows) {}

  bool all_rows() const { return all_rows_; }

  // From now on keeps what these texts give: of those that are not kept yet the first ones that fit into `most_bytes`.
  KeptTexts keep(std::span<const Encoding* const> texts, const FrozenPrefix& prefix, int64_t row_bytes,
                 int64_t most_bytes);
  // Of each of these texts: would what that prefix gives for it be looked up now?
  std::vector<bool> holds(std::span<const Encoding* const> texts, const FrozenPrefix& prefix) const;
  // What these texts give, side by side: as it is kept, or computed. What it is for a text depends on nothing but that
  // text, whatever is kept, whichever texts it is asked for with: see compute_apart(). What was kept of another prefix
  // is forgotten; of one whose rows are more than those of the prefix that keep() was told of, no more bytes are kept.
  Tensor operator()(std::span<const Encoding* const> texts, const FrozenPrefix& prefix, const Compute& compute);

 private:
  using Rows = std::unordered_map<Key128, std::vector<std::byte>, HashOfKey>;
  // Those of each text: as they are kept, or computed, and then kept if they are to be.
  Rows rows_of_all(std::span<const Encoding* const> texts, std::span<const Key128> keys, const Compute& compute);
  bool is_of(const FrozenPrefix& prefix) const;
  void be_of(const FrozenPrefix& prefix);

  Device device_;
  DType dtype_, kept_as_;
  OpenRows open_;
  bool all_rows_;
  std::unordered_set<Key128, HashOfKey> wanted_;
  Rows rows_;                          // in memory ...
  std::unique_ptr<RowFolder> folder_;  // ... or there
  FrozenPrefix prefix_;                // that gave them
  int64_t room_ = 0;                   // bytes that may still be kept in memory ...
  int64_t planned_ = 0;                // ... of so many
};

// What a frozen prefix gives for texts, so that it does not depend on which they are computed with. On a device that
// tells rows apart (Backend::rows_are_independent) they are computed together, but no row by itself: products with one
// row have loops of their own. On others each text is computed by itself, embeddings apart: there are no products.
Tensor compute_apart(std::span<const Encoding* const> texts, const FrozenPrefix& prefix, bool rows_are_independent,
                     const PrefixCache::Compute& compute);

// A batch as a model takes it up behind its frozen prefix: without gradients and dropout. compute: what so many stages
// give for texts. Nothing where nothing is frozen.
StatesBelow states_below(
    std::span<const Encoding* const> texts, const FrozenPrefix& prefix, const ParameterStore& store, PrefixCache& cache,
    const std::function<Variable(std::span<const Encoding* const> texts, int64_t stages)>& compute);

}  // namespace thaw
