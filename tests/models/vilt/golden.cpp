// SPDX-License-Identifier: Apache-2.0
// ViLT's goldens: answers to questions about pictures, of the size that positions are for and of others. The reference
// library shuffles patches, so nothing is said of their rows.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/hub/pretrained.h"
#include "models/vilt/question_answering.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

// How many of the places that lie `step` apart are not padded; padding is behind all others.
int64_t true_side(std::span<const int32_t> mask, int64_t places, int64_t step) {
  int64_t side = 0;
  while (side < places && mask[static_cast<size_t>(side * step)] != 0) ++side;
  return side;
}

class GoldenVilt final : public GoldenModel {
 public:
  GoldenVilt(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), vilt_(golden.directory(), device, dtype) {
    CHECK(vilt_.report().initialised.empty());
    CHECK(vilt_.report().unexpected.empty());
    CHECK(vilt_.report().notes.empty());
  }
  ParameterStore& store() override { return vilt_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const ViltInput pairs = input(batch);
    std::vector<Variable> all;
    vilt_.model().vilt(pairs, &all);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({take_rows(rows, pairs.text_rows), pairs.texts.cells});
    return {{"text_hidden", outputs}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    const ViltInput pairs = input(batch);
    return {{"pooled", {vilt_.model().vilt.pooled(pairs), {}}}, {"logits", {vilt_.model()(pairs), {}}}};
  }
  Variable loss(int64_t batch) const override {
    return vilt_.model().loss(vilt_.model()(input(batch)), {.values = golden_.numbers(golden_.input(batch, "labels"))});
  }
  void save(const std::string& directory) const override { vilt_.save(directory); }

 private:
  ViltInput input(int64_t batch) const {
    return {BertInput::from_padded(golden_.padded_text(batch), vilt_.device()), pictures(batch)};
  }
  PatchInput pictures(int64_t batch) const {
    const std::string name = golden_.input(batch, "pixel_values");
    const std::vector<double> given = golden_.numbers(name);
    const std::vector<float> pixels(given.begin(), given.end());
    const std::vector<int32_t> masks = golden_.integers(golden_.input(batch, "pixel_mask"));
    const Shape sizes(golden_.shape(name));  // [B, c, h, w]
    const Shape picture = sizes.without(0);
    const auto numbers = static_cast<size_t>(picture.numel()), places = numbers / static_cast<size_t>(picture[0]);
    std::vector<PatchedArray> arrays;
    for (size_t i = 0; i < static_cast<size_t>(sizes[0]); ++i)
      arrays.push_back(unpadded(std::span(pixels).subspan(i * numbers, numbers), picture,
                                std::span(masks).subspan(i * places, places)));
    return PatchInput(cut_patches(arrays, vilt_.device(), vilt_.store().dtype()));
  }
  // The part of a padded picture that its mask [h, w] tells of.
  PatchedArray unpadded(std::span<const float> pixels, const Shape& padded, std::span<const int32_t> mask) const {
    const int64_t side = vilt_.config().patch_size;
    PatchedArray picture = patches_of_picture(pixels, padded, {side, side});
    picture.axes[0].size = true_side(mask, padded[1], padded[2]);
    picture.axes[1].size = true_side(mask, padded[2], 1);
    for (const PatchAxis& axis : picture.axes) REQUIRE(axis.size % side == 0);  // as the library prepares them
    return picture;
  }

  GoldenCase golden_;
  Pretrained<ViltForQuestionAnswering> vilt_;
};

const GoldenEntry entry{ViltForQuestionAnswering::architecture,
                        [](const GoldenCase& golden, Device device, DType dtype) -> std::unique_ptr<GoldenModel> {
                          return std::make_unique<GoldenVilt>(golden, device, dtype);
                        }};

}  // namespace

}  // namespace thaw
