// SPDX-License-Identifier: Apache-2.0
// Lays patches behind their tokens, and embeds them.
#include "models/image/patch_embeddings.h"

#include <algorithm>
#include <utility>

#include "autograd/functions.h"
#include "nn/frozen_block.h"
#include "nn/naming.h"
#include "tensor/check.h"

namespace thaw {

namespace {

std::vector<int32_t> beginnings(const Segments& segments) {
  std::vector<int32_t> rows;
  for (int64_t b = 0; b < segments.count(); ++b) rows.push_back(segments.begin(b));
  return rows;
}

Variable side_by_side(const std::vector<Variable>& parts) { return parts.size() == 1 ? parts[0] : concat(parts, 0); }

}  // namespace

PatchInput::PatchInput(PatchBatch batch, int64_t tokens_in_front)
    : PatchInput(batch.segments, batch.grids, tokens_in_front, batch.rows.device()) {
  patches_ = BatchRows(std::move(batch.rows));
}

PatchInput PatchInput::from_encodings(std::span<const Encoding* const> examples, Device device,
                                      int64_t tokens_in_front) {
  std::vector<std::shared_ptr<const RowSource>> sources;
  std::vector<int32_t> lengths;
  std::vector<Shape> grids;
  for (const Encoding* example : examples) {
    check(example->rows && std::ssize(example->ids) == tokens_in_front + example->rows->rows(),
          "patches: example {} of the batch is none of patches behind {} tokens", sources.size(), tokens_in_front);
    sources.push_back(example->rows);
    lengths.push_back(static_cast<int32_t>(example->rows->rows()));
    grids.push_back(example->rows->grid());
  }
  PatchInput input(Segments(lengths, device), grids, tokens_in_front, device);
  input.patches_ = BatchRows(std::move(sources));
  return input;
}

Tensor PatchInput::patches(DType dtype) const { return patches_(first_rows.device().device(), dtype); }

Segments PatchInput::patch_segments() const {
  std::vector<int32_t> lengths;
  for (int64_t a = 0; a < rows.segments.count(); ++a)
    lengths.push_back(rows.segments.length(a) - static_cast<int32_t>(tokens));
  return {lengths, first_rows.device().device()};
}

PatchInput::PatchInput(const Segments& patches, const std::vector<Shape>& all_grids, int64_t tokens_in_front,
                       Device device)
    : tokens(tokens_in_front), rows(patches, tokens) {
  first_rows = Indices(beginnings(rows.segments), device);
  one_each = Segments(std::vector<int32_t>(all_grids.size(), 1), device);
  std::vector<int32_t> at, begins;  // rows of tables; where the tables of `grids` begin
  int32_t end = 0;
  for (const Shape& grid : all_grids) {
    const auto length = static_cast<int32_t>(tokens + grid.numel());
    const auto known = std::ranges::find(grids, grid) - grids.begin();
    if (known == std::ssize(grids)) {
      grids.push_back(grid);
      begins.push_back(end);
      end += length;
    }
    for (int32_t i = 0; i < length; ++i) at.push_back(begins[static_cast<size_t>(known)] + i);
  }
  positions = Indices(std::move(at), device);
}

PatchEmbeddings::PatchEmbeddings(const Scope& s, const PatchEmbeddingOptions& o, const Init& init)
    : scope(s), grid(o.grid), resizing(o.resizing), dropout(s, o.dropout) {
  for (const std::string& token : o.tokens) tokens.push_back(s.parameter(token, {1, 1, o.channels}, init));
  const Scope projection = s / "patch_embeddings.projection";
  weight = projection.parameter("weight", o.kernel.with(0, o.channels), init);
  bias = projection.parameter("bias", {o.channels}, Init::zeros());
  positions = s.parameter("position_embeddings", {1, std::ssize(tokens) + grid.numel(), o.channels}, init);
}

PatchEmbeddings::PatchEmbeddings(const Scope& s, const Shape& of_patches, PatchEmbeddingParts parts)
    : PatchEmbeddingParts(std::move(parts)),
      scope(s),
      grid(of_patches),
      resizing(TableResizing::bicubic),
      dropout(s, 0) {}

Variable PatchEmbeddings::table(const Shape& of) const {
  const Variable all = reshape(positions, {-1, weight.value().size(0)});
  if (of == grid) return all;
  check(resizing.has_value(), "there are positions for patches on a grid {}, and none for {}", grid, of);
  return resized_table(all, std::ssize(tokens), grid, of, *resizing);
}

Variable PatchEmbeddings::operator()(const PatchInput& input) const {
  check(input.tokens == std::ssize(tokens), "{}: patches behind {} tokens, and here {} are in front", scope.path(),
        input.tokens, tokens.size());
  const FrozenBlock evaluation(scope, {});
  std::vector<Variable> rows, tables;
  for (const Parameter& token : tokens) rows.push_back(reshape(token, {1, -1}));
  rows.push_back(naming(weight.name(), [&] {
    return linear(input.patches(weight.value().dtype()), reshape(weight, {weight.value().size(0), -1}), bias);
  }));
  for (const Shape& of : input.grids) tables.push_back(naming(positions.name(), [&] { return table(of); }));
  const Variable x = take_rows(concat(rows, 0), input.rows.order);
  return dropout(add(x, embedding(side_by_side(tables), input.positions)));
}

Encoding encoding_of_patches(std::shared_ptr<const RowSource> patches, int64_t tokens_in_front) {
  Encoding example;
  example.ids.resize(static_cast<size_t>(tokens_in_front + patches->rows()));
  example.rows = std::move(patches);
  return example;
}

}  // namespace thaw
