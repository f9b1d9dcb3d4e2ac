// SPDX-License-Identifier: Apache-2.0
// Goldens of dual encoders.
#include <memory>
#include <variant>

#include "models/dual_encoder/dual_encoder.h"
#include "tests/models/golden_image_text.h"

namespace thaw {

namespace {

struct PatchOf {
  Shape operator()(const ViTConfig& config) const { return config.patch_size; }
  Shape operator()(const CLIPVisionConfig& config) const { return {config.patch_size, config.patch_size}; }
};

class GoldenDualEncoder final : public GoldenImageText<VisionTextDualEncoderModel> {
 public:
  using GoldenImageText::GoldenImageText;
  static std::unique_ptr<GoldenModel> open(const GoldenCase& golden, Device device, DType dtype) {
    return std::make_unique<GoldenDualEncoder>(golden, device, dtype);
  }

 private:
  Shape patch() const override { return std::visit(PatchOf(), config().vision); }
  bool pooled_is_projected() const override { return false; }
};

const GoldenEntry entry{VisionTextDualEncoderModel::architecture, GoldenDualEncoder::open};

}  // namespace

}  // namespace thaw
