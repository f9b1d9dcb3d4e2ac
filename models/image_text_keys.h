// SPDX-License-Identifier: Apache-2.0
// The keys of config.json that models of pictures and texts have in common.
#pragma once

#include <cstdint>

#include "tensor/io/json.h"

namespace thaw {

struct ImageTextKeys {
  int64_t projection_dim = 512;
  double logit_scale_init_value = 2.6592;  // ln(1 / .07): cosines are divided by .07 at first

 protected:
  // std::runtime_error "FILE: KEY: what is wrong".
  void read_keys(const Json& json);
  void write_keys(Json& out) const;
};

}  // namespace thaw
