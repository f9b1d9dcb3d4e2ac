// SPDX-License-Identifier: Apache-2.0
// Models that put pictures and texts into one space: two towers, a projection of each, and a temperature (Radford et
// al. 2021). B pictures, N texts, P numbers of a vector.
#pragma once

#include <cmath>
#include <cstdint>

#include "models/contrastive_loss.h"
#include "models/image/patch_embeddings.h"
#include "nn/linear.h"

namespace thaw {

struct ImageTextSizes {
  int64_t image_channels = 0, text_channels = 0;  // of what the towers give
  int64_t vector = 0;                             // P
  double first_logit_scale = 0;
  double init_factor = 1;  // of the projections' first weights
};

// What is above the towers.
struct ImageTextHead {
  Linear visual_projection, text_projection;
  Parameter logit_scale;  // []: the logarithm of what cosines are multiplied by

  ImageTextHead(const Scope& s, const ImageTextSizes& sizes)
      : visual_projection(projection(s / "visual_projection", sizes.image_channels, sizes)),
        text_projection(projection(s / "text_projection", sizes.text_channels, sizes)),
        logit_scale(s.parameter("logit_scale", {}, Init::constant(sizes.first_logit_scale))) {}

  // The cosines of vectors of unit length [B, P] and [N, P] times e^logit_scale: [B, N]. The recipe keeps that below
  // 100 by holding logit_scale to at most ln 100 after each step; the model does not.
  Variable logits(const Variable& images, const Variable& texts) const {
    return mul(matmul(images, transpose(texts)), exp(logit_scale));
  }

 private:
  static Linear projection(const Scope& s, int64_t channels, const ImageTextSizes& sizes) {
    return {s, channels, sizes.vector, Init::normal(sizes.init_factor / std::sqrt(static_cast<double>(channels))),
            false};
  }
};

// A tower gives one row for each of its inputs, pooled() [B, channels], and is a trunk (models/prefix/frozen_prefix.h).
// One that is frozen records nothing, and computes as in evaluation.
template <typename VisionTower, typename TextTower, typename TextInput>
struct ImageTextModel {
  using Texts = TextInput;
  VisionTower vision_model;
  TextTower text_model;
  ImageTextHead head;

  // Of unit length, [B, P] and [N, P].
  Variable image_vectors(const PatchInput& pictures) const {
    return unit_vectors(head.visual_projection(vision_model.pooled(pictures)));
  }
  Variable text_vectors(const Texts& texts) const {
    return unit_vectors(head.text_projection(text_model.pooled(texts)));
  }
  Variable operator()(const PatchInput& pictures, const Texts& texts) const {  // [B, N]
    return head.logits(image_vectors(pictures), text_vectors(texts));
  }
  // Picture b and text b are partners; texts behind the pictures' are no picture's. Divided by `count` (0: by B).
  Variable loss(const PatchInput& pictures, const Texts& texts, double count = 0) const {
    return contrastive_loss((*this)(pictures, texts), count);
  }
};

}  // namespace thaw
