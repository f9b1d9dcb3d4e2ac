// SPDX-License-Identifier: Apache-2.0
// Why a change that one task trained is not on the model of another.
#pragma once

#include <string>
#include <string_view>

#include "models/hub/change_misfit.h"

namespace thaw {

// A change names modules as the model does that it was trained in: heads, and a body below the name that it has there.
// Throws the misfit of opening the directory for a task again; as a std::runtime_error that says what to do where the
// directory is another task's.
[[noreturn]] void fail_for_task(const ChangeMisfit& misfit, const std::string& directory, std::string_view task);

}  // namespace thaw
