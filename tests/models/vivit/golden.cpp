// SPDX-License-Identifier: Apache-2.0
// ViViT's goldens: classes of films.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/vivit/classification.h"
#include "tests/models/golden_model.h"

namespace thaw {

namespace {

class GoldenVivit final : public GoldenModel {
 public:
  GoldenVivit(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), vivit_(golden.directory(), device, dtype) {
    CHECK(vivit_.report().initialised.empty());
    CHECK(vivit_.report().unexpected.empty());
    CHECK(vivit_.report().notes.empty());
  }
  ParameterStore& store() override { return vivit_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const PatchInput films = input(batch);
    std::vector<Variable> all;
    vivit_.model().vivit(films, &all);
    std::vector<int32_t> cells(static_cast<size_t>(films.rows.segments.total()));
    std::iota(cells.begin(), cells.end(), 0);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, cells});
    return {{"hidden", outputs}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    return {{"logits", {vivit_.model()(input(batch)), {}}}};
  }
  Variable loss(int64_t batch) const override {
    return vivit_.model().loss(vivit_.model()(input(batch)),
                               {.classes = golden_.integers(golden_.input(batch, "labels"))});
  }
  void save(const std::string& directory) const override { vivit_.save(directory); }

 private:
  PatchInput input(int64_t batch) const {
    const std::string name = golden_.input(batch, "pixel_values");
    const std::vector<double> given = golden_.numbers(name);
    const std::vector<float> pixels(given.begin(), given.end());
    const Shape sizes(golden_.shape(name));  // [B, t, c, h, w]
    const Shape film = sizes.without(0);
    const auto numbers = static_cast<size_t>(film.numel());
    std::vector<PatchedArray> arrays;
    for (size_t i = 0; i < static_cast<size_t>(sizes[0]); ++i)
      arrays.push_back(
          patches_of_film(std::span(pixels).subspan(i * numbers, numbers), film, vivit_.config().tubelet_size));
    return PatchInput(cut_patches(arrays, vivit_.device(), vivit_.store().dtype()));
  }

  GoldenCase golden_;
  Pretrained<VivitForVideoClassification> vivit_;
};

const GoldenEntry entry{VivitForVideoClassification::architecture,
                        [](const GoldenCase& golden, Device device, DType dtype) -> std::unique_ptr<GoldenModel> {
                          return std::make_unique<GoldenVivit>(golden, device, dtype);
                        }};

}  // namespace

}  // namespace thaw
