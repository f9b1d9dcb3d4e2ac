// SPDX-License-Identifier: Apache-2.0
// Encodes texts and pictures, and lays them side by side.
#include "models/tasks/question_encoder.h"

#include <fmt/format.h>

#include <utility>

#include "models/image/text_and_patches.h"
#include "models/tasks/in_row.h"
#include "tensor/check.h"

namespace thaw {

namespace {

InputRow question_of(const InputRow& row) { return {.cells = {row.cells.at(1)}, .where = row.where}; }

class QuestionNotes : public RowNotes {
 public:
  QuestionNotes(std::unique_ptr<RowNotes> texts, int64_t tokens_in_front)
      : texts_(std::move(texts)), tokens_in_front_(tokens_in_front) {}
  void add(const InputRow& row, const Encoding& encoding) override {
    texts_->add(question_of(row), text_of(encoding, tokens_in_front_));
  }
  std::vector<std::string> lines() const override { return texts_->lines(); }

 private:
  std::unique_ptr<RowNotes> texts_;
  int64_t tokens_in_front_;
};

}  // namespace

QuestionEncoder::QuestionEncoder(std::shared_ptr<const TextEncoder> texts, std::shared_ptr<const RowEncoder> pictures,
                                 const PatchLimits& limits)
    : texts_(std::move(texts)),
      pictures_(std::move(pictures)),
      limits_(limits),
      files_({&texts_->processor(), &pictures_->processor()}) {}

Encoding QuestionEncoder::encode(const InputRow& row) const {
  const Encoding picture = pictures_->encode(row);
  if (const Shape grid = picture.rows->grid(); limits_.readable(grid) != grid)
    fail("{}: {}: the model sees it as {} x {} patches, and reads at most {} (max_image_length)", row.where,
         path_of(row), grid[0], grid[1], limits_.most);
  return text_and_patches(texts_->encode(question_of(row)), picture.rows, limits_.tokens);
}

Encoding QuestionEncoder::encode_again(const InputRow& row, const Encoding& other) const {
  return text_and_patches(texts_->encode(question_of(row)), other.rows, limits_.tokens);
}

Encoding QuestionEncoder::longest() const {
  return text_and_patches(texts_->longest(), pictures_->longest().rows, limits_.tokens);
}

void QuestionEncoder::show(const Encoding& example, ShownExample& shown) const {
  ShownExample picture;
  pictures_->show(patches_of(example, limits_.tokens), picture);
  texts_->show(text_of(example, limits_.tokens), shown);
  shown.text += fmt::format(", about {}", picture.text);
}

std::unique_ptr<RowNotes> QuestionEncoder::notes() const {
  return std::make_unique<QuestionNotes>(texts_->notes(), limits_.tokens);
}

Fingerprint QuestionEncoder::identity() const {
  Fingerprint identity = texts_->identity();
  identity.merge(pictures_->identity());
  return identity;
}

}  // namespace thaw
