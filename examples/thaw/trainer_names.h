// SPDX-License-Identifier: Apache-2.0
// Options of the Hugging Face Trainer and its example scripts that thaw spells otherwise, or has not. Names are without
// "--" and with dashes.
#pragma once

#include <string>
#include <string_view>

namespace thaw {

// "max-length" for "max-seq-length"; empty if there is none that means just the same.
std::string own_name_of(std::string_view trainer_name);
// What to do instead of an option that thaw has not; empty if the name is none of the Trainer's.
std::string trainer_advice(std::string_view trainer_name);

}  // namespace thaw
