// SPDX-License-Identifier: Apache-2.0
// Reads and writes what models of pictures and texts have in common.
#include "models/image_text_keys.h"

#include "models/hub/config.h"

namespace thaw {

namespace {

constexpr double largest_logit_scale = 80;  // e^88 is the last f32

}  // namespace

void ImageTextKeys::read_keys(const Json& json) {
  projection_dim = read_size(json, "projection_dim", projection_dim);
  logit_scale_init_value =
      json.get_number_or("logit_scale_init_value", logit_scale_init_value, -largest_logit_scale, largest_logit_scale);
}

void ImageTextKeys::write_keys(Json& out) const {
  out.set("projection_dim", projection_dim);
  out.set("logit_scale_init_value", logit_scale_init_value);
}

}  // namespace thaw
