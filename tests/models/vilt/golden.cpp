// SPDX-License-Identifier: Apache-2.0
// ViLT's goldens: answers to questions about pictures, of the size that positions are for and of others. The reference
// library shuffles patches, so nothing is said of their rows.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/hub/pretrained.h"
#include "models/vilt/question_answering.h"
#include "tests/models/golden_model.h"
#include "tests/models/vilt/golden_pairs.h"

namespace thaw {

namespace {

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
    const GoldenPairPictures pictures(golden_, batch, vilt_.config().patch_size);
    return PatchInput(cut_patches(pictures.arrays, vilt_.device(), vilt_.store().dtype()));
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
