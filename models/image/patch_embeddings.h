// SPDX-License-Identifier: Apache-2.0
// What a vision transformer makes of patches: a product, tokens of its own in front of each array's, positions.
// A arrays (pictures, ...), N patches, T = N and the tokens in front, in all, K numbers of a patch, C channels.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/image/patches.h"
#include "models/image/resized_table.h"
#include "models/input/packed_rows.h"
#include "models/input/row_source.h"
#include "models/prefix/frozen_prefix.h"
#include "models/text/encoding.h"
#include "nn/dropout.h"
#include "nn/soft_prompt.h"

namespace thaw {

// A batch of patches as such a model takes it.
struct PatchInput {
  int64_t tokens;            // in front of each array's patches
  PromptedRows rows;         // those and the patches of each array: segments, and what stands where
  Indices first_rows;        // [A]: of each array's first token
  Segments one_each;         // of those rows by themselves
  std::vector<Shape> grids;  // the different ones of the batch
  Indices positions;         // [T]: of their tables of positions, one below the other, the row of each
  StatesBelow below;         // what is there already of what a model makes of the batch: it goes on from there

  explicit PatchInput(PatchBatch batch, int64_t tokens_in_front = 1);
  // Of examples whose rows are patches, which are read when a model looks at them: not where it has `below`.
  static PatchInput from_encodings(std::span<const Encoding* const> examples, Device device,
                                   int64_t tokens_in_front = 1);

  Tensor patches(DType dtype) const;  // [N, K]
  Segments patch_segments() const;    // [A]: of those alone

 private:
  PatchInput(const Segments& patches, const std::vector<Shape>& grids, int64_t tokens_in_front, Device device);

  BatchRows patches_;
};

// An example of an array's patches alone: an entry for each row.
Encoding encoding_of_patches(std::shared_ptr<const RowSource> patches, int64_t tokens_in_front = 1);

struct PatchEmbeddingOptions {
  int64_t channels = 0;                             // C
  Shape kernel;                                     // of an array: [c, py, px]; K numbers
  Shape grid;                                       // of patches that the table has positions for
  std::vector<std::string> tokens = {"cls_token"};  // in front of them
  double dropout = 0;
  std::optional<TableResizing> resizing = TableResizing::bicubic;  // for another grid; nothing: there is no other
};

// The parameters, as ViT names them; others may have other names, and no axes of size 1 in front.
struct PatchEmbeddingParts {
  std::vector<Parameter> tokens;  // "cls_token" [1, 1, C]
  // "patch_embeddings.projection", W [C, kernel] and b (CLIP has none): a convolution in files. It has too many axes
  // for a Linear, and so no rule finds a product there to put an adapter on.
  Parameter weight, bias;
  Parameter positions;  // "position_embeddings" [1, tokens + N of the grid, C]
};

// x = dropout(tokens | patches W^T + b, + positions)
struct PatchEmbeddings : PatchEmbeddingParts {
  Scope scope;
  Shape grid;
  std::optional<TableResizing> resizing;
  DropoutLayer dropout;

  PatchEmbeddings(const Scope& s, const PatchEmbeddingOptions& options, const Init& init);
  PatchEmbeddings(const Scope& s, const Shape& of_patches, PatchEmbeddingParts parts);  // of another family's names

  // [T, C]. std::invalid_argument: patches of another size or number of axes, behind another number of tokens.
  Variable operator()(const PatchInput& input) const;
  // [tokens + N, C]: positions for N patches on another grid than they were made for are resized (resized_table.h), and
  // those for this one are as they are, as in the reference library. It takes any grid for a square; here it is the
  // configuration's.
  Variable table(const Shape& of) const;
};

}  // namespace thaw
