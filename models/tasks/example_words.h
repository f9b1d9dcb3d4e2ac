// SPDX-License-Identifier: Apache-2.0
// What messages call examples.
#pragma once

#include <string>
#include <string_view>

namespace thaw {

struct ExampleWords {
  std::string_view one = "text";      // an example; several have an s
  std::string_view parts = "tokens";  // what it is made of, as the model counts them

  std::string several() const { return std::string(one) + "s"; }
};

}  // namespace thaw
