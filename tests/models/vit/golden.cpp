// SPDX-License-Identifier: Apache-2.0
// ViT's goldens: classes of pictures, of the size that positions are for and of others; scores told of by pairs.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/hub/pretrained.h"
#include "models/image/resized_table.h"
#include "models/ranking_loss.h"
#include "models/vit/classification.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_numbers.h"
#include "tests/models/golden_pictures.h"

namespace thaw {

namespace {

constexpr const char* resized = "resized_positions";

class GoldenViT final : public GoldenModel {
 public:
  GoldenViT(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), vit_(golden.directory(), device, dtype) {
    CHECK(vit_.report().initialised.empty());
    CHECK(vit_.report().unexpected.empty());
    CHECK(vit_.report().notes.empty());
  }
  ParameterStore& store() override { return vit_.store(); }
  const ViT& vit() const { return vit_.model().vit; }
  PatchInput input(int64_t batch) const {
    return golden_pictures(golden_, batch, vit_.config().patch_size, vit_.device(), vit_.store().dtype());
  }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    if (!golden_.has("out.0.hidden.0")) return {};
    const PatchInput pictures = input(batch);
    std::vector<Variable> all;
    vit()(pictures, &all);
    std::vector<int32_t> cells(static_cast<size_t>(pictures.rows.segments.total()));
    std::iota(cells.begin(), cells.end(), 0);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, cells});
    return {{"hidden", outputs}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    const PatchInput pictures = input(batch);
    std::map<std::string, GoldenOutput> all{{"logits", {vit_.model()(pictures), {}}}};
    if (golden_.has("out.0.resized_positions")) all[resized] = {vit().embeddings.table(pictures.grids[0]), {}};
    return all;
  }
  Variable loss(int64_t batch) const override {
    const Variable logits = vit_.model()(input(batch));
    const auto indices = [&](const char* name) { return golden_.integers(golden_.input(batch, name)); };
    if (golden_.has(golden_.input(batch, "better")))
      return pairwise_loss(logits, Indices(indices("better"), vit_.device()), Indices(indices("worse"), vit_.device()));
    ClassificationTargets targets;
    if (vit_.model().problem == ProblemType::single_label) {
      targets.classes = indices("labels");
    } else {
      targets.values = golden_.numbers(golden_.input(batch, "labels"));
    }
    return vit_.model().loss(logits, targets);
  }
  void save(const std::string& directory) const override { vit_.save(directory); }
  bool is_on_the_way(const std::string& name) const override { return name == resized; }

 private:
  GoldenCase golden_;
  Pretrained<ViTForImageClassification> vit_;
};

const GoldenEntry entry{ViTForImageClassification::architecture,
                        [](const GoldenCase& golden, Device device, DType dtype) -> std::unique_ptr<GoldenModel> {
                          return std::make_unique<GoldenViT>(golden, device, dtype);
                        }};

}  // namespace

TEST_CASE("golden ViT: the gradient of resized positions is that of the table by the reference's resizing") {
  int64_t found = 0;
  for (const GoldenCase& golden : model_goldens()) {
    if (!golden.has("grad.0.resized_positions")) continue;
    INFO(golden.name());
    ++found;
    GoldenViT model(golden, Device::open("reference"), DType::f64);
    const std::vector<int64_t> sizes = golden.shape("grad.0.resized_positions");
    const std::vector<double> dy = golden.numbers("grad.0.resized_positions");
    const Variable table = model.vit().embeddings.table(model.input(0).grids[0]);
    backward(std::vector{table}, std::vector{Tensor::from_host(dy, table.shape(), table.device())});
    const std::vector<double> got = model.vit().embeddings.positions.variable().grad().to_host<double>();
    std::vector<double> error = golden.numbers("grad.0.vit.embeddings.position_embeddings");
    const double norm = norm_of(error);
    REQUIRE(got.size() == error.size());
    for (size_t i = 0; i < got.size(); ++i) error[i] -= got[i];
    CHECK(norm_of(error) <= 1e-9 * norm);
  }
  if (found == 0) MESSAGE("skipped: no golden has positions that are resized");
}

}  // namespace thaw
