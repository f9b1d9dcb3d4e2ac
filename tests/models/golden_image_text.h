// SPDX-License-Identifier: Apache-2.0
// The model of a golden folder that has pictures and texts.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_pictures.h"

namespace thaw {

// Model: an ImageTextModel.
template <typename Model>
class GoldenImageText : public GoldenModel {
 public:
  GoldenImageText(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), pretrained_(golden.directory(), device, dtype) {
    CHECK(pretrained_.report().initialised.empty());
    CHECK(pretrained_.report().unexpected.empty());
    CHECK(pretrained_.report().notes.empty());
  }
  ParameterStore& store() override { return pretrained_.store(); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t /*batch*/) const override { return {}; }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    const PatchInput images = pictures(batch);
    const typename Model::Texts words = texts(batch);
    std::map<std::string, GoldenOutput> all{{"image_embeds", {model().image_vectors(images), {}}},
                                            {"text_embeds", {model().text_vectors(words), {}}},
                                            {"logits_per_image", {model()(images, words), {}}}};
    if (!golden_.has("out.0.image_pooled")) return all;
    const Variable image = model().vision_model.pooled(images), text = model().text_model.pooled(words);
    const ImageTextHead& head = model().head;
    all["image_pooled"] = {pooled_is_projected() ? head.visual_projection(image) : image, {}};
    all["text_pooled"] = {pooled_is_projected() ? head.text_projection(text) : text, {}};
    return all;
  }
  Variable loss(int64_t batch) const override { return model().loss(pictures(batch), texts(batch)); }
  void save(const std::string& directory) const override { pretrained_.save(directory); }
  // Version 5.23 of the library made softmaxes of attention in f32, whatever the model's type; the goldens of 5.24 were
  // made without that.
  bool reference_is_rounded() const override {
    return pretrained_.config().json.get_string_or("transformers_version", "") == "5.23.0";
  }

 protected:
  const typename Model::Config& config() const { return pretrained_.config(); }
  virtual Shape patch() const = 0;  // [height, width]
  // Is what the folder calls "pooled" behind the projections?
  virtual bool pooled_is_projected() const = 0;

 private:
  const Model& model() const { return pretrained_.model(); }
  PatchInput pictures(int64_t batch) const {
    return golden_pictures(golden_, batch, patch(), pretrained_.device(), pretrained_.store().dtype());
  }
  typename Model::Texts texts(int64_t batch) const {
    return Model::Texts::from_padded(golden_.padded_text(batch), pretrained_.device());
  }

  GoldenCase golden_;
  Pretrained<Model> pretrained_;
};

}  // namespace thaw
