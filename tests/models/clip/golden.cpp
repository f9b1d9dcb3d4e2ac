// SPDX-License-Identifier: Apache-2.0
// CLIP's goldens.
#include <memory>

#include "models/clip/clip.h"
#include "tests/models/golden_image_text.h"

namespace thaw {

namespace {

class GoldenCLIP final : public GoldenImageText<CLIPModel> {
 public:
  using GoldenImageText::GoldenImageText;
  static std::unique_ptr<GoldenModel> open(const GoldenCase& golden, Device device, DType dtype) {
    return std::make_unique<GoldenCLIP>(golden, device, dtype);
  }

 private:
  Shape patch() const override { return {config().vision.patch_size, config().vision.patch_size}; }
  bool pooled_is_projected() const override { return true; }
};

const GoldenEntry entry{CLIPModel::architecture, GoldenCLIP::open};

}  // namespace

}  // namespace thaw
