// SPDX-License-Identifier: Apache-2.0
// Texts that lie where another file should: what a server or a clone left there.
#pragma once

#include <string_view>

namespace thaw {

// A page of HTML or XML, by its beginning; a byte order mark and blanks may stand before it.
bool is_web_page(std::string_view beginning);

// What a clone without Git LFS has in the place of a large file (git-lfs/docs/spec.md).
bool is_git_lfs_pointer(std::string_view beginning);

}  // namespace thaw
