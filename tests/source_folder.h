// SPDX-License-Identifier: Apache-2.0
// Where this tree lies: tests read files of it. THAW_SOURCE says where, if it is not where it was built (portable.sh).
#pragma once

#include <filesystem>

namespace thaw {

std::filesystem::path source_folder();

}  // namespace thaw
